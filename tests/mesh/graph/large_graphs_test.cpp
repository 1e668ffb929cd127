#include "mesh/graph/check_graph.hpp"
#include "tests/mesh/graph/contracts.hpp"
#include "tests/support/catch.hpp"

#include <chrono>
#include <string>
#include <utility>
#include <vector>

using namespace graph_test;

namespace {

std::string name(const char* prefix, int number) {
    return prefix + std::to_string(number);
}

mesh::GraphInput of_handlers(std::vector<mesh::HandlerContract> handlers) {
    mesh::GraphInput made;
    made.contracts.push_back({contract("s", {}), {}});
    made.contracts[0].contract.handlers = std::move(handlers);
    return made;
}

/// Generous, for the sanitizers and a busy machine: anything quadratic takes hours.
constexpr auto patience = std::chrono::seconds(300);

mesh::GraphReport checked_in_time(const mesh::GraphInput& graph) {
    const auto start = std::chrono::steady_clock::now();
    auto report = mesh::check_graph(graph);
    const auto took = std::chrono::steady_clock::now() - start;
    INFO("checked in " << std::chrono::duration_cast<std::chrono::milliseconds>(took).count()
                       << " ms");
    CHECK(took < patience);
    return report;
}

} // namespace

TEST_CASE("a chain of a million handlers is checked, and so is the ring that it closes") {
    constexpr int count = 1'000'000;
    std::vector<mesh::HandlerContract> handlers;
    for (int i = 0; i < count; ++i)
        handlers.push_back(handler(name("h", i), {name("e", i)}, Names{name("e", i + 1)}));
    auto graph = of_handlers(std::move(handlers));
    CHECK(checked_in_time(graph).longest_chain == count + 1);
    graph.contracts[0].contract.handlers.back().emits = patterns({"e0"});
    const auto ring = checked_in_time(graph);
    REQUIRE(ring.findings.size() == 1);
    CHECK(ring.findings[0].cycle.size() == count);
}

TEST_CASE("a star of a million handlers is checked") {
    constexpr int count = 1'000'000;
    std::vector<mesh::HandlerContract> handlers;
    for (int i = 0; i < count; ++i)
        handlers.push_back(handler(name("h", i), {"centre"}, Names{name("e", i)}));
    auto graph = of_handlers(std::move(handlers));
    graph.fan_out_rules = {{pattern("centre"), count, {}}};
    const auto report = checked_in_time(graph);
    CHECK(report.is_acyclic);
    CHECK(report.longest_chain == 2);
}

TEST_CASE("a complete graph of two thousand handlers is checked") {
    constexpr int count = 2'000;
    Names all;
    for (int i = 0; i < count; ++i)
        all.push_back(name("e", i));
    const auto everything = patterns(all);
    std::vector<mesh::HandlerContract> handlers;
    for (int i = 0; i < count; ++i) {
        auto one = handler(name("h", i), {name("e", i)}, Names{});
        one.emits = everything;
        handlers.push_back(std::move(one));
    }
    const auto report = checked_in_time(of_handlers(std::move(handlers)));
    CHECK_FALSE(report.is_acyclic);
    std::size_t loops = 0;
    for (const auto& finding : report.findings)
        if (finding.code == "E002")
            ++loops;
        else if (finding.code == "E001")
            CHECK(finding.cycle.size() == 2);
    CHECK(loops == count);
}
