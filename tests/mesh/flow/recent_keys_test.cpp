#include "mesh/flow/receiving/recent_keys.hpp"
#include "tests/support/catch.hpp"

using mesh::RecentKeys;

TEST_CASE("the newest keys are remembered, and the oldest forgotten beyond the bound") {
    RecentKeys keys(3);
    for (const auto* key : {"a", "b", "a", "c"})
        keys.add(key);
    CHECK(keys.has("a"));
    keys.add("a key that is too long to be kept without memory of its own");
    CHECK_FALSE(keys.has("a"));
    CHECK(keys.has("b"));
    CHECK(keys.has("c"));
    CHECK(keys.has("a key that is too long to be kept without memory of its own"));
    CHECK_FALSE(keys.has(""));
}
