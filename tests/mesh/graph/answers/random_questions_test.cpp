#include "mesh/graph/answers/reach.hpp"
#include "mesh/graph/answers/walk.hpp"
#include "mesh/graph/answers/worst_case.hpp"
#include "tests/mesh/graph/naive_graph.hpp"
#include "tests/support/catch.hpp"

#include <cstdint>
#include <map>
#include <random>

using namespace graph_test;

namespace {

mesh::Selection selected(const mesh::CausalGraph& graph, const mesh::Pattern& event) {
    return mesh::select(graph, event.text()).value();
}

/// Least numbers of handlers that run until each one does, by brute force; handlers that do not run
/// are missing.
std::map<std::string, std::uint32_t> naive_downstream(const std::vector<NaiveHandler>& handlers,
                                                      const mesh::Pattern& event) {
    std::map<std::string, std::uint32_t> steps;
    for (const auto& one : handlers)
        if (meets_any(event, one.on))
            steps[one.label] = 1;
    for (std::size_t round = 0; round < handlers.size(); ++round)
        for (const auto& from : handlers)
            for (const auto& to : handlers)
                if (steps.contains(from.label) && causes(from, to)) {
                    const auto there = steps[from.label] + 1;
                    const auto [known, is_new] = steps.emplace(to.label, there);
                    known->second = std::min(known->second, there);
                }
    return steps;
}

std::map<std::string, std::uint32_t> naive_upstream(const std::vector<NaiveHandler>& handlers,
                                                    const mesh::Pattern& event) {
    std::map<std::string, std::uint32_t> steps;
    for (const auto& one : handlers)
        if (meets_any(event, one.emits))
            steps[one.label] = 1;
    for (std::size_t round = 0; round < handlers.size(); ++round)
        for (const auto& from : handlers)
            for (const auto& to : handlers)
                if (steps.contains(to.label) && causes(from, to)) {
                    const auto there = steps[to.label] + 1;
                    const auto [known, is_new] = steps.emplace(from.label, there);
                    known->second = std::min(known->second, there);
                }
    return steps;
}

std::map<std::string, std::uint32_t> steps_of(const mesh::Reach& reach) {
    std::map<std::string, std::uint32_t> steps;
    for (const auto& one : reach.handlers)
        steps.emplace(one.label, one.steps);
    return steps;
}

/// Runs that an event causes, counted one by one; only for graphs without a cycle downstream.
std::uint64_t naive_runs(const std::vector<NaiveHandler>& handlers, const mesh::Pattern& event,
                         std::size_t depth) {
    REQUIRE(depth <= handlers.size());
    std::uint64_t runs = 0;
    for (const auto& one : handlers) {
        if (!meets_any(event, one.on))
            continue;
        ++runs;
        for (const auto& emitted : one.emits)
            runs += naive_runs(handlers, emitted, depth + 1);
    }
    return runs;
}

bool is_cyclic_below(const std::vector<NaiveHandler>& handlers, const mesh::Pattern& event) {
    auto below = naive_downstream(handlers, event);
    for (const auto& one : handlers) {
        if (!below.contains(one.label))
            continue;
        for (const auto& emitted : one.emits)
            if (naive_downstream(handlers, emitted).contains(one.label))
                return true;
    }
    return false;
}

} // namespace

TEST_CASE("random graphs get the answers of a naive search") {
    const auto seed = 20'261'120U;
    INFO("seed " << seed);
    std::mt19937 random(seed);
    std::size_t counted = 0;
    std::size_t endless = 0;
    for (int round = 0; round < 1'500; ++round) {
        CAPTURE(round);
        const auto given = random_graph(random, round % 3 == 0);
        const auto handlers = naive_handlers(given);
        const mesh::CausalGraph graph(given);
        for (const auto& event : graph.events()) {
            CAPTURE(event.text());
            const auto selection = selected(graph, event);
            const auto below = naive_downstream(handlers, event);
            REQUIRE(steps_of(mesh::reach_downstream(graph, selection)) == below);
            REQUIRE(steps_of(mesh::reach_upstream(graph, selection).reach) ==
                    naive_upstream(handlers, event));
            for (const auto& effect : graph.events()) {
                std::uint32_t shortest = 0;
                for (const auto& one : handlers)
                    if (below.contains(one.label) && meets_any(effect, one.emits))
                        shortest =
                            std::min(shortest == 0 ? UINT32_MAX : shortest, below.at(one.label));
                const auto path = mesh::find_path(graph, selection, selected(graph, effect));
                REQUIRE((path ? path->size() : 0) == shortest);
            }
            if (round % 3 == 0)
                continue; // allowed loops are left out of the worst case
            const auto worst = mesh::find_worst_case(graph, selection);
            const bool is_cyclic = is_cyclic_below(handlers, event);
            REQUIRE(worst.runs.has_value() == !is_cyclic);
            ++(is_cyclic ? endless : counted);
            if (!is_cyclic)
                REQUIRE(*worst.runs == naive_runs(handlers, event, 0));
        }
    }
    CHECK(counted > 500);
    CHECK(endless > 500);
}

TEST_CASE("narrow points are those without which an event does not happen") {
    const auto seed = 5U;
    INFO("seed " << seed);
    std::mt19937 random(seed);
    std::size_t found = 0;
    for (int round = 0; round < 400; ++round) {
        const auto given = random_graph(random, false);
        const auto handlers = naive_handlers(given);
        const mesh::CausalGraph graph(given);
        for (const auto& event : graph.events()) {
            CAPTURE(round, event.text());
            std::map<std::string, std::size_t> expected;
            const auto emitted_of = [&](const std::vector<NaiveHandler>& some) {
                std::set<mesh::Pattern> emitted;
                const auto below = naive_downstream(some, event);
                for (const auto& one : some)
                    if (below.contains(one.label))
                        emitted.insert(one.emits.begin(), one.emits.end());
                return emitted.size();
            };
            const auto all = emitted_of(handlers);
            for (const auto& gone : handlers) {
                auto rest = handlers;
                std::erase_if(rest, [&](const auto& one) { return one.label == gone.label; });
                if (const auto lost = all - emitted_of(rest); lost > 1)
                    expected[gone.label] = lost;
            }
            std::map<std::string, std::size_t> points;
            for (const auto& one : mesh::find_narrow_points(graph, selected(graph, event)))
                points[one.handler] = one.event_count;
            REQUIRE(points == expected);
            found += points.size();
        }
    }
    CHECK(found > 200);
}
