#include "mesh/graph/pattern_index.hpp"
#include "tests/mesh/graph/contracts.hpp"
#include "tests/support/catch.hpp"

#include <random>
#include <string>

TEST_CASE("the index finds exactly the patterns that intersect") {
    const auto seed = 5U;
    INFO("seed " << seed);
    std::mt19937 random(seed);
    const auto pick = [&](std::size_t count) {
        return std::uniform_int_distribution<std::size_t>(0, count - 1)(random);
    };
    const auto random_pattern = [&] {
        std::string text;
        for (auto tokens = 1 + pick(4); tokens > 0; --tokens) {
            const auto token = pick(6);
            text += text.empty() ? "" : ".";
            if (token == 5) {
                text += ">";
                break;
            }
            text += token == 4 ? "*" : std::string(1, static_cast<char>('a' + pick(3)));
        }
        return graph_test::pattern(text);
    };
    std::size_t found_count = 0;
    for (int round = 0; round < 300; ++round) {
        std::vector<mesh::Pattern> patterns;
        for (auto count = pick(30); count > 0; --count)
            patterns.push_back(random_pattern());
        const mesh::PatternIndex index(patterns);
        for (int query = 0; query < 20; ++query) {
            const auto wanted = random_pattern();
            CAPTURE(wanted.text());
            std::vector<std::uint32_t> expected;
            for (std::uint32_t i = 0; i < patterns.size(); ++i)
                if (mesh::intersects(patterns[i], wanted))
                    expected.push_back(i);
            CHECK(index.intersecting(wanted) == expected);
            found_count += expected.size();
        }
    }
    CHECK(found_count > 1'000);
}
