#include "mesh/event/name.hpp"
#include "tests/support/catch.hpp"

#include <string>

using mesh::check_name;

TEST_CASE("a name is text that can be a part of a path") {
    for (const auto* name : {"a", "order-2", "bestellung-für-東京", "a.b", "..."})
        CHECK(check_name(name));
    CHECK(check_name(std::string(200, 'a')));
    for (const auto* name : {"", ".", "..", "a b", "a/b", "a*", ">", "a\tb", "a\nb", "\x7f",
                             "a\xc2\x9b", "\xff", "a\xc3"}) {
        CAPTURE(name);
        CHECK_FALSE(check_name(name));
    }
    CHECK_FALSE(check_name(std::string(201, 'a')));
}

TEST_CASE("the file that is called like a name has a name that file systems take") {
    std::string name;
    for (int i = 0; i < 27; ++i)
        name += "東"; // nine bytes of a path
    CHECK(check_name(name));
    name += "東";
    const auto refused = check_name(name);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().detail.find("the name of its file") != std::string::npos);
}

TEST_CASE("what is refused is shown without what a terminal would obey, and not at length") {
    CHECK(check_name("a\x1b[2J").error().detail.find("got \"a?[2J\":") != std::string::npos);
    CHECK(check_name("a\xc2\x9b").error().detail.find("got \"a?\":") != std::string::npos);
    CHECK(check_name("a\xff").error().detail.find("got \"a?\":") != std::string::npos);
    CHECK(check_name(std::string(5000, 'x')).error().detail.size() < 150);
}
