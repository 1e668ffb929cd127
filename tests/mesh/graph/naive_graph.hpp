#pragma once

#include "mesh/graph/graph_input.hpp"
#include "tests/mesh/graph/contracts.hpp"

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <vector>

/// Graphs to ask the same question twice: of the product, and as naively as possible.
namespace graph_test {

/// A handler of the graph with everything that it may emit, allowed loop edges or not.
struct NaiveHandler {
    std::string label;
    std::vector<mesh::Pattern> on;
    std::vector<mesh::Pattern> emits;
};

inline std::vector<NaiveHandler> naive_handlers(const mesh::GraphInput& graph) {
    std::vector<NaiveHandler> all;
    for (const auto& declared : graph.contracts)
        for (const auto& one : declared.contract.handlers)
            all.push_back({declared.contract.service + "." + one.name, one.on,
                           mesh::emitted_patterns(declared.contract, one)});
    return all;
}

inline bool meets_any(const mesh::Pattern& event, const std::vector<mesh::Pattern>& patterns) {
    return std::ranges::any_of(patterns,
                               [&](const auto& one) { return mesh::intersects(event, one); });
}

inline bool causes(const NaiveHandler& from, const NaiveHandler& to) {
    return std::ranges::any_of(from.emits,
                               [&](const auto& event) { return meets_any(event, to.on); });
}

inline mesh::GraphInput random_graph(std::mt19937& random, bool has_loops) {
    const auto pick = [&](std::size_t count) {
        return std::uniform_int_distribution<std::size_t>(0, count - 1)(random);
    };
    const bool has_patterns = pick(2) == 0;
    const auto name_count = 2 + pick(7);
    const auto names = [&](std::size_t count) {
        std::set<std::string> all;
        while (all.size() < count) {
            const Names ends{"", ".a", ".b", ".*", ".>"};
            auto name = "t" + std::to_string(pick(name_count));
            if (has_patterns)
                name += ends[pick(ends.size())];
            all.insert(has_patterns && pick(16) == 0 ? ">" : name);
        }
        return Names(all.begin(), all.end());
    };
    std::vector<mesh::Contract> contracts;
    const auto service_count = 1 + pick(4);
    for (std::size_t s = 0; s < service_count; ++s) {
        auto one = contract("s" + std::to_string(s), {});
        const auto handler_count = pick(4);
        for (std::size_t h = 0; h < handler_count; ++h) {
            const auto emits = names(pick(3));
            one.handlers.push_back(handler("h" + std::to_string(h), names(1 + pick(2)), emits));
            if (has_loops && !emits.empty() && pick(6) == 0)
                one.loops.push_back({one.handlers.back().name, pattern(emits.front()), 1});
        }
        contracts.push_back(std::move(one));
    }
    return input(contracts);
}

} // namespace graph_test
