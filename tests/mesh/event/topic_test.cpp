#include "mesh/event/topic.hpp"
#include "tests/support/catch.hpp"

#include <string>

using namespace mesh;

TEST_CASE("a topic is tokens joined by dots, in any script") {
    for (const auto* topic :
         {"a", "order.created", "A.b.C-1_2", "größe.東京.🙂", "{}", "a,b;c=d"}) {
        CAPTURE(topic);
        CHECK(check_topic(topic));
    }
    CHECK(check_topic(std::string(topic_size_bytes_max, 'a')));
}

TEST_CASE("what is no topic is refused with the reason") {
    const std::string zero("a\0b", 3);
    const std::string too_long(topic_size_bytes_max + 1, 'a');
    for (const auto& topic : {std::string(),
                              too_long,
                              std::string("."),
                              std::string(".a"),
                              std::string("a."),
                              std::string("a..b"),
                              std::string("a b"),
                              std::string("a\tb"),
                              std::string("a\nb"),
                              zero,
                              std::string("a\x7f"),
                              std::string("*"),
                              std::string("a.*"),
                              std::string(">"),
                              std::string("a.>"),
                              std::string("a*"),
                              std::string("a.b>"),
                              std::string("a\xff"),
                              std::string("a\xc2\x85"),
                              std::string("\xc2\x9b[2J")}) {
        CAPTURE(topic);
        const auto checked = check_topic(topic);
        REQUIRE_FALSE(checked);
        CHECK(checked.error().code == ErrorCode::invalid);
        CHECK_FALSE(checked.error().detail.empty());
        CHECK(checked.error().detail.find('\n') == std::string::npos);
        CHECK(checked.error().detail.find('\x1b') == std::string::npos);
    }
}

TEST_CASE("UTF-8 is judged at its edges") {
    for (const auto* good :
         {"", "\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
          "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"})
        CHECK(is_utf8(good));
    for (const auto* bad : {
             "\x80", "\xbf",                     // continuation without a lead
             "\xc0\x80", "\xc1\xbf",             // overlong in two
             "\xe0\x9f\xbf", "\xf0\x8f\xbf\xbf", // overlong in three and four
             "\xed\xa0\x80", "\xed\xbf\xbf",     // surrogates
             "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xf8\x88\x80\x80\x80", "\xff", // too high
             "\xc2", "\xe1\x80", "\xf1\x80\x80",
             "\xc2"
             "a",
             "\xe1\x80"
             "a", // cut off
         })
        CHECK_FALSE(is_utf8(bad));
}

TEST_CASE("UTF-8 of every code point is well-formed, and cut off it is not") {
    for (unsigned code = 0; code <= 0x10ffff; code += code < 0x3000 ? 1 : 61) {
        if (code >= 0xd800 && code <= 0xdfff)
            continue;
        std::string text;
        const auto put = [&](unsigned byte) { text += static_cast<char>(byte); };
        if (code < 0x80) {
            put(code);
        } else if (code < 0x800) {
            put(0xc0 | code >> 6U);
            put(0x80 | (code & 63U));
        } else if (code < 0x10000) {
            put(0xe0 | code >> 12U);
            put(0x80 | (code >> 6U & 63U));
            put(0x80 | (code & 63U));
        } else {
            put(0xf0 | code >> 18U);
            put(0x80 | (code >> 12U & 63U));
            put(0x80 | (code >> 6U & 63U));
            put(0x80 | (code & 63U));
        }
        REQUIRE(is_utf8(text));
        for (std::size_t size = 1; size < text.size(); ++size)
            REQUIRE_FALSE(is_utf8(text.substr(0, size)));
    }
}
