#include "tests/mesh/graph/edges/edge_texts.hpp"

#include <cstddef>

using namespace edge_test;

// Quadratic time would be hours: the time limit of the test notices.
TEST_CASE("deep and wide edge lists overflow no stack and take no quadratic time") {
    constexpr std::size_t million = 1'000'000;
    const auto ring = check(text_of(million, [](std::size_t i) {
        return Pair{i, (i + 1) % million};
    }));
    REQUIRE(ring.findings.size() == 1);
    CHECK(ring.findings[0].cycle.size() == million);
    CHECK(ring.findings[0].cut.size() == 1);
    CHECK(ring.longest_chain == 0);

    const auto star = check(text_of(million, [](std::size_t i) {
        return i % 2 == 0 ? Pair{0, i + 1} : Pair{i + 1, 0};
    }));
    CHECK(star.longest_chain == 3);
    const auto chain = check(text_of(million, [](std::size_t i) { return Pair{i, i + 1}; }));
    CHECK(chain.longest_chain == million + 1);

    const auto pairs = check(text_of(million / 4, [](std::size_t i) {
        return i % 2 == 0 ? Pair{i, i + 1} : Pair{i, i - 1};
    }));
    CHECK(pairs.findings.size() == million / 8);

    constexpr std::size_t side = 2000;
    const auto complete = check(text_of(side * side, [](std::size_t i) {
        const auto tail = i / side;
        const auto head = i % side;
        return tail == head ? Pair{tail, (tail + 1) % side} : Pair{tail, head};
    }));
    REQUIRE(complete.findings.size() == 1);
    CHECK(complete.findings[0].cycle.size() == 2);
    // Half of the directed pairs, and of those that are there twice both lines.
    CHECK(complete.findings[0].cut.size() >= side * (side - 1) / 2);
}
