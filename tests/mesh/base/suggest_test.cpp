#include "mesh/base/suggest.hpp"
#include "tests/support/catch.hpp"

#include <vector>

using namespace mesh;

TEST_CASE("the distance counts insertions, deletions, replacements and swaps of neighbours") {
    CHECK(edit_distance("", "") == 0);
    CHECK(edit_distance("", "abc") == 3);
    CHECK(edit_distance("abc", "") == 3);
    CHECK(edit_distance("abc", "abc") == 0);
    CHECK(edit_distance("abc", "abd") == 1);
    CHECK(edit_distance("abc", "acb") == 1);
    CHECK(edit_distance("abc", "ab") == 1);
    CHECK(edit_distance("kitten", "sitting") == 3);
    CHECK(edit_distance("ca", "abc") == 3); // of optimal string alignment
}

TEST_CASE("the nearest name is at most two edits away, and the first of equals") {
    const std::vector<std::string> known{"check", "node", "nodes", "pub", "up"};
    CHECK(nearest("chekc", known) == "check");
    CHECK(nearest("nods", known) == "node");
    CHECK(nearest("nodess", known) == "nodes");
    CHECK(nearest("puB", known) == "pub");
    CHECK_FALSE(nearest("graph", known));
    CHECK_FALSE(nearest("", known)); // everything typed would be wrong
    CHECK_FALSE(nearest("xy", known));
    CHECK(did_you_mean("chck", known) == "; did you mean \"check\"?");
    CHECK(did_you_mean("graph", known).empty());
}
