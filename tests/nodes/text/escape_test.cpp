#include "nodes/text/escape.hpp"
#include "nodes/text/utf8.hpp"
#include "tests/support/catch.hpp"

#include <string>

using namespace std::string_literals;

TEST_CASE("bytes that are no UTF-8 become the replacement character, one each") {
    CHECK(nodes::valid_utf8("plain, \xC3\xA9, \xE6\x97\xA5, \xF0\x9F\x98\x80") ==
          "plain, \xC3\xA9, \xE6\x97\xA5, \xF0\x9F\x98\x80");
    const std::string broken = "\xEF\xBF\xBD";
    CHECK(nodes::valid_utf8("a\xFFz") == "a" + broken + "z");
    CHECK(nodes::valid_utf8("\xC0\xAF") == broken + broken);              // overlong
    CHECK(nodes::valid_utf8("\xED\xA0\x80") == broken + broken + broken); // a surrogate
    CHECK(nodes::valid_utf8("\xE6\x97") == broken + broken);              // cut
    CHECK(nodes::valid_utf8("\xF4\x90\x80\x80") == broken + broken + broken + broken);
}

TEST_CASE("XML holds no control character, no markup and no U+FFFE") {
    CHECK(nodes::escape_xml("<a href=\"x\" b='y'>&") ==
          "&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;");
    CHECK(nodes::escape_xml("\x01\x1F\x7F") == "\xE2\x90\x81\xE2\x90\x9F\xE2\x90\xA1");
    CHECK(nodes::escape_xml("\0"s) == "\xE2\x90\x80");
    CHECK(nodes::escape_xml("\t\n") == "&#9;&#10;");
    CHECK(nodes::escape_xml("a\xEF\xBF\xBE\xEF\xBF\xBF") == "a\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST_CASE("a DOT string ends where it should") {
    CHECK(nodes::escape_dot("a\"b\\") == "a\\\"b\\\\");
    CHECK(nodes::escape_dot("\\N &lt;") == "\\\\N &amp;lt;");
    CHECK(nodes::escape_dot("two\nlines") == "two\\nlines");
}

TEST_CASE("Mermaid reads signs as numbers") {
    CHECK(nodes::escape_mermaid("order.created-2 \xC3\xA9") == "order.created-2 \xC3\xA9");
    CHECK(nodes::escape_mermaid("\"<b>#;`|]") == "#34;#60;b#62;#35;#59;#96;#124;#93;");
}

TEST_CASE("workflow commands keep their own signs apart") {
    CHECK(nodes::escape_github_message("50%\r\nx: y, z") == "50%25%0D%0Ax: y, z");
    CHECK(nodes::escape_github_property("a:b,c%\n") == "a%3Ab%2Cc%25%0A");
}

TEST_CASE("a path becomes a relative reference") {
    CHECK(nodes::escape_uri_path("a/b c/\xC3\xA9#1?.yaml") == "a/b%20c/%C3%A9%231%3F.yaml");
    CHECK(nodes::escape_uri_path("c:x/d:y") == "c%3Ax/d:y"); // else c would be a scheme
    CHECK(nodes::escape_uri_path("100%") == "100%25");
}

TEST_CASE("no name moves the cursor of a terminal") {
    CHECK(nodes::escape_terminal("a\x1B[31mb\r") == "a\\x1B[31mb\\x0D");
    CHECK(nodes::escape_terminal("\xC2\x9B"
                                 "31m\xC2\xA9") == "\\x9B31m\xC2\xA9");
}

TEST_CASE("widths count what a terminal shows") {
    CHECK(nodes::width_columns("abc") == 3);
    CHECK(nodes::width_columns("\xC3\xA9") == 1);
    CHECK(nodes::width_columns("e\xCC\x81") == 1);                // with a combining accent
    CHECK(nodes::width_columns("\xE6\x97\xA5\xE6\x9C\xAC") == 4); // two wide ones
    CHECK(nodes::padded("ab", 4) == "ab  ");
    CHECK(nodes::padded("abcde", 4) == "abcde");
}

TEST_CASE("a long name keeps its beginning and its end, and no character is cut") {
    CHECK(nodes::shortened("order.created", 20) == "order.created");
    CHECK(nodes::shortened("abcdefghijklmnopqrstuvwxyz", 11) == "abcd...wxyz");
    std::string wide;
    for (int i = 0; i < 20; ++i)
        wide += "\xE6\x97\xA5";
    const auto shorter = nodes::shortened(wide, 11);
    CHECK(nodes::valid_utf8(shorter) == shorter);
    CHECK(nodes::width_columns(shorter) == 11);
}
