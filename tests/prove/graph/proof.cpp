#include "tests/prove/graph/proof.hpp"

#include "tests/prove/graph/judge.hpp"
#include "tests/prove/graph/random_graph.hpp"

#include <array>

namespace prove_graph {

namespace {

constexpr std::array judges{judge_cycles,   judge_cuts,          judge_loops,
                            judge_rules,    judge_compensations, judge_services,
                            judge_warnings, judge_levels,        judge_undo_order};

mesh::GraphReport asked(mesh::GraphInput input, bool judges_services, const Plant* plant) {
    if (plant != nullptr && plant->change_input != nullptr)
        plant->change_input(input);
    auto report = mesh::check_graph(input, {judged_day, judges_services});
    if (plant != nullptr && plant->change_report != nullptr)
        plant->change_report(report);
    return report;
}

} // namespace

Outcome prove_one(std::uint64_t seed, const Plant* plant) {
    const auto graph = random_graph(seed);
    const PlainGraph plain(graph.input);
    const auto report = asked(graph.input, false, plant);
    Outcome outcome{!report.is_acyclic, graph.has_patterns, {}};
    for (const auto judge : judges)
        if (outcome.fault.empty())
            outcome.fault = judge({graph.input, plain, report});
    if (outcome.fault.empty())
        outcome.fault = judge_service_view({graph.input, plain, asked(graph.input, true, plant)});
    if (outcome.fault.empty() &&
        text_of(asked(shuffled(graph.input, seed), false, plant)) != text_of(report))
        outcome.fault = "another order of the input gives another report";
    return outcome;
}

} // namespace prove_graph
