#include "mesh/graph/check_graph.hpp"

#include "mesh/graph/checks/allowed_loops.hpp"
#include "mesh/graph/checks/compensations.hpp"
#include "mesh/graph/checks/fan_out_rules.hpp"
#include "mesh/graph/checks/reach_rules.hpp"
#include "mesh/graph/checks/service_cycles.hpp"
#include "mesh/graph/checks/shared_once.hpp"
#include "mesh/graph/checks/undo_order.hpp"
#include "mesh/graph/checks/warnings.hpp"
#include "mesh/graph/checks/weaker_emits.hpp"
#include "mesh/graph/cut.hpp"
#include "mesh/graph/cycle_search.hpp"
#include "mesh/graph/groups.hpp"
#include "mesh/graph/inner_graph.hpp"
#include "mesh/graph/levels.hpp"
#include "mesh/graph/witness.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <set>
#include <tuple>
#include <utility>

namespace mesh {

namespace {

using Index = InnerGraph::Index;

CutEdge cut_edge(const InnerGraph& graph, Index number) {
    const auto& emission = graph.emissions()[number];
    return {graph.handlers()[emission.handler].label(), graph.emitted()[emission.pattern].text(),
            emission.place};
}

Finding loop_finding(const InnerGraph& graph, const SelfLoop& loop) {
    auto walk = cycle_steps(graph, std::array{Step{loop.emission, loop.subscription}});
    const auto& step = walk.front();
    auto finding = make_finding(self_loop,
                                "handler " + step.handler + " emits " + step.emits +
                                    ", which it listens to" + wildcard_note(walk),
                                step.emits_place);
    finding.cycle = std::move(walk);
    finding.cut = {cut_edge(graph, loop.emission)};
    finding.is_cut_smallest = true;
    return finding;
}

Finding cycle_finding(const InnerGraph& graph, const Group& group, CycleSearch& search,
                      const Cut& cut) {
    const auto found = search.shortest(group, {});
    auto walk = cycle_steps(graph, found->steps);
    auto finding =
        make_finding(event_cycle,
                     "event cycle of " + counted(walk.size(), "handler") + wildcard_note(walk) +
                         (found->is_shortest ? "; the shortest" : "; the shortest found") +
                         " in a group of " + std::to_string(group.size()),
                     walk.front().emits_place);
    finding.cycle = std::move(walk);
    for (const auto number : cut.emissions)
        finding.cut.push_back(cut_edge(graph, number));
    finding.is_cut_smallest = cut.is_smallest;
    return finding;
}

std::size_t service_count(const GraphInput& input) {
    std::set<std::string> names;
    for (const auto& declared : input.contracts)
        names.insert(declared.contract.service);
    return names.size();
}

/// Topics that `events` names; its patterns are no events.
std::vector<std::string> named_topics(const GraphInput& input) {
    std::vector<std::string> names;
    for (const auto& event : input.events)
        if (event.name.is_topic())
            names.push_back(event.name.text());
    return names;
}

auto order(const Finding& finding) {
    return std::tie(finding.severity, finding.code, finding.place, finding.message);
}

bool needs_whole(const GraphInput& input) {
    const auto has_loops = [](const DeclaredContract& one) { return !one.contract.loops.empty(); };
    return std::ranges::any_of(input.contracts, has_loops);
}

/// What is judged on the graph with the allowed loops in it; `graph` is the one without them.
std::vector<Finding> find_faults(const InnerGraph& graph, const InnerGraph& whole,
                                 const GraphInput& input, const CheckRequest& request) {
    auto findings = find_loop_faults(whole, input, request.today);
    std::ranges::move(find_compensation_faults(whole, input), std::back_inserter(findings));
    std::ranges::move(find_unwanted_reach(whole, input), std::back_inserter(findings));
    std::ranges::move(find_undo_disorder(graph, whole, input), std::back_inserter(findings));
    std::ranges::move(find_weaker_emits(whole, input), std::back_inserter(findings));
    return findings;
}

} // namespace

GraphReport check_graph(const GraphInput& input, const CheckRequest& request) {
    const InnerGraph graph(input);
    GraphReport report;
    const auto add = [&](std::vector<Finding> findings) {
        std::ranges::move(findings, std::back_inserter(report.findings));
    };
    std::vector<bool> is_cut(graph.emissions().size());
    for (const auto& loop : self_loops(graph)) {
        report.findings.push_back(loop_finding(graph, loop));
        is_cut[loop.emission] = true;
    }
    CycleSearch search(graph);
    for (const auto& group : cyclic_groups(graph)) {
        const auto cut = find_cut(graph, group, search);
        report.findings.push_back(cycle_finding(graph, group, search, cut));
        for (const auto number : cut.emissions)
            is_cut[number] = true;
    }
    auto over_services = find_service_cycles(graph, input, request.judges_services);
    if (request.judges_services)
        for (auto& finding : over_services)
            finding.severity = Severity::error;
    report.is_acyclic =
        report.findings.empty() && (over_services.empty() || !request.judges_services);
    add(std::move(over_services));
    add(needs_whole(input)
            ? find_faults(graph, InnerGraph(input, InnerGraph::AllowedLoops::kept), input, request)
            : find_faults(graph, graph, input, request));
    add(find_wide_fan_out(graph, input));
    add(find_shared_once(input));
    add(find_warnings(graph, input));
    std::ranges::sort(report.findings, {}, order);

    auto levels = find_levels(graph, is_cut, named_topics(input));
    report.levels = std::move(levels.events);
    report.longest_chain = levels.longest_chain;
    report.counts.services = service_count(input);
    report.counts.handlers = graph.handlers().size();
    report.counts.edges =
        graph.subscriptions().size() + graph.emissions().size() + graph.allowed_count();
    for (const auto& row : report.levels)
        report.counts.events += row.size();
    return report;
}

} // namespace mesh
