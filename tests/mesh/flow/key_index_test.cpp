#include "mesh/flow/streams/key_index.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <vector>

TEST_CASE("of each key the newest event is known, also when keys share a hash and old ones go") {
    for (const std::uint64_t seed : {1U, 2U, 3U}) {
        std::mt19937_64 random(seed);
        mesh::KeyIndex index;
        std::vector<std::string> keys{""}; // by sequence
        std::map<std::string, std::uint64_t> newest;
        std::uint64_t first = 1;
        for (std::uint64_t sequence = 1; sequence <= 20'000; ++sequence) {
            auto key = std::to_string(random() % 500);
            // A poor hash, so that many different keys meet.
            const auto hash = std::hash<std::string>{}(key) % 64;
            const auto older = index.exchange(hash, sequence, first, [&](std::uint64_t other) {
                REQUIRE(other >= first);
                return keys.at(other) == key;
            });
            const auto known = newest.find(key);
            const auto expected =
                known == newest.end() || known->second < first ? 0 : known->second;
            REQUIRE(older == expected);
            newest[key] = sequence;
            keys.push_back(std::move(key));
            if (random() % 10 == 0)
                first = std::min(sequence + 1, first + random() % 30);
        }
        CHECK(index.size_bytes() < 64 * 1024); // what is gone makes room
    }
}
