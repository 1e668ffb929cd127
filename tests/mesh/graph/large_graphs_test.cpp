#include "mesh/graph/check_graph.hpp"
#include "tests/mesh/graph/contracts.hpp"
#include "tests/support/catch.hpp"

#include <chrono>

using namespace graph_test;

namespace {

std::string event(std::size_t i) {
    return "e" + std::to_string(i);
}

/// Checks a service of `count` handlers, the i-th by `make`. Fails when it takes longer than
/// anything linear could: quadratic time would be hours.
template <class Make>
mesh::GraphReport check(std::size_t count, Make make) {
    std::vector<mesh::HandlerContract> handlers;
    handlers.reserve(count);
    for (std::size_t i = 0; i < count; ++i)
        handlers.push_back(make(i));
    const auto graph = input({contract("s", std::move(handlers))});
    const auto start = std::chrono::steady_clock::now();
    auto report = mesh::check_graph(graph);
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::minutes(2));
    return report;
}

} // namespace

TEST_CASE("a chain of a million handlers overflows no stack and takes no quadratic time") {
    constexpr std::size_t count = 1'000'000;
    const auto report = check(count, [](std::size_t i) {
        return handler("h" + std::to_string(i), {event(i)}, Names{event(i + 1)});
    });
    CHECK(report.is_acyclic);
    CHECK(report.longest_chain == count + 1);
}

TEST_CASE("a ring of many handlers is one cycle, told whole") {
    constexpr std::size_t count = 100'000;
    const auto report = check(count, [](std::size_t i) {
        return handler("h" + std::to_string(i), {event(i)}, Names{event((i + 1) % count)});
    });
    REQUIRE_FALSE(report.is_acyclic);
    CHECK(report.findings.front().cycle.size() == count);
    CHECK(report.findings.front().cut.size() == 1);
}

TEST_CASE("a star of many handlers takes no quadratic time") {
    const auto report = check(100'000, [](std::size_t i) {
        return i % 2 == 0 ? handler("h" + std::to_string(i), {event(i)}, Names{"hub"})
                          : handler("h" + std::to_string(i), {"hub"}, Names{event(i)});
    });
    CHECK(report.is_acyclic);
    CHECK(report.longest_chain == 3);
}

TEST_CASE("a graph in which everything leads to everything takes no more than its edges") {
    constexpr std::size_t count = 500;
    const auto report = check(count, [](std::size_t i) {
        Names others;
        for (std::size_t other = 0; other < count; ++other)
            if (other != i)
                others.push_back(event(other));
        return handler("h" + std::to_string(i), {event(i)}, others);
    });
    REQUIRE_FALSE(report.is_acyclic);
    CHECK(report.findings.front().cycle.size() == 2);
}
