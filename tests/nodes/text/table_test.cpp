#include "nodes/text/table.hpp"
#include "tests/support/catch.hpp"

TEST_CASE("a table is aligned by what is seen, not by bytes") {
    CHECK(nodes::table({{"name", "count"}, {"müller", "1"}, {"日本", "22"}}) == "name    count\n"
                                                                                "müller  1\n"
                                                                                "日本    22\n");
}

TEST_CASE("what a terminal would obey is escaped before it is measured") {
    CHECK(nodes::table({{"a\nb", "x"}, {"abcdef", "y"}}) == "a\\x0Ab  x\n"
                                                            "abcdef  y\n");
}
