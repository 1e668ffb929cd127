#include "nodes/gateway/target.hpp"
#include "tests/support/catch.hpp"

#include <string>
#include <vector>

using nodes::parse_target;

TEST_CASE("the parts of a path are decoded one by one, so that a slash can be said") {
    const auto target = parse_target("/last/a%2Fb.c/k%20%C3%BC%25");
    REQUIRE(target.has_value());
    CHECK(target->path == std::vector<std::string>{"last", "a/b.c", "k \u00fc%"});
    CHECK(parse_target("/")->path.empty());
    CHECK(parse_target("/a/")->path == std::vector<std::string>{"a", ""});
}

TEST_CASE("a query has names and values, and a plus in it is a blank") {
    const auto target = parse_target("/events?pattern=a+b.%3E&x&&y=1=2");
    REQUIRE(target.has_value());
    CHECK(target->queried("pattern") == "a b.>");
    CHECK(target->queried("x") == "");
    CHECK(target->queried("y") == "1=2");
    CHECK_FALSE(target->queried("z"));
    CHECK(target->query.size() == 3);
    CHECK(parse_target("/a+b")->path == std::vector<std::string>{"a+b"});
}

TEST_CASE("escapes that are none, and what is no UTF-8, are refused") {
    for (const std::string text :
         {"/%", "/%4", "/%zz", "/%-1", "/a?b=%f", "/%ff", "/a?%ff=1", "/%C3", "", "a", "*"}) {
        INFO(text);
        const auto target = parse_target(text);
        REQUIRE_FALSE(target.has_value());
        CHECK(target.error().status == 400);
    }
}
