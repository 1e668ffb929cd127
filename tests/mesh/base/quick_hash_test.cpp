#include "mesh/base/quick_hash.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/random_bytes.hpp"

#include <set>
#include <string>

using namespace mesh;

TEST_CASE("texts that differ in a character or two lie apart in a table") {
    for (const auto* const begin : {"a.", "load.0.", "order.created.in.the.shop.", "x"}) {
        CAPTURE(begin);
        std::set<std::uint64_t> places;
        for (int i = 0; i < 256; ++i)
            places.insert(quick_hash(begin + std::to_string(i)) % 1024);
        CHECK(places.size() > 200); // 226 of random ones
    }
}

TEST_CASE("two texts are the same exactly when they are equal") {
    const std::uint64_t seed = 4'714;
    CAPTURE(seed);
    tests::Random random(seed);
    for (int turn = 0; turn < 20'000; ++turn) {
        const auto text = tests::random_bytes(random, random() % 50);
        auto other = text;
        if (!other.empty() && turn % 2 == 0)
            other[random() % other.size()] ^= static_cast<char>(1 + random() % 255);
        REQUIRE(is_same_text(text, other) == (text == other));
        REQUIRE_FALSE(is_same_text(text, text + "x"));
        REQUIRE((quick_hash(text) == quick_hash(std::string(text))));
    }
}
