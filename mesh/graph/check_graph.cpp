#include "mesh/graph/check_graph.hpp"

#include "mesh/graph/cut.hpp"
#include "mesh/graph/cycle_search.hpp"
#include "mesh/graph/groups.hpp"
#include "mesh/graph/inner_graph.hpp"
#include "mesh/graph/levels.hpp"
#include "mesh/graph/warnings.hpp"

#include <algorithm>
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

/// The steps as people read them: a step begins with the event that the one before emitted. The
/// smallest event comes first; among equal ones, the order that reads smallest.
std::vector<WalkStep> walk_of(const InnerGraph& graph, const std::vector<Step>& steps) {
    std::vector<WalkStep> walk;
    for (std::size_t i = 0; i < steps.size(); ++i) {
        const auto& before = steps[(i + steps.size() - 1) % steps.size()];
        const auto& arrival = graph.subscriptions()[before.subscription];
        const auto& emission = graph.emissions()[steps[i].emission];
        walk.push_back({graph.emitted()[graph.emissions()[before.emission].pattern].text(),
                        graph.handlers()[emission.handler].label(),
                        graph.subscribed()[arrival.pattern].text(), arrival.place,
                        graph.emitted()[emission.pattern].text(), emission.place});
    }
    const auto key = [](const WalkStep& step) { return std::tie(step.event, step.handler); };
    const auto first = std::ranges::min_element(walk, {}, key);
    std::rotate(walk.begin(), first, walk.end());
    return walk;
}

std::string wildcard_note(const std::vector<WalkStep>& walk) {
    const auto is_wild = [](const WalkStep& step) { return step.event != step.on; };
    return std::ranges::any_of(walk, is_wild) ? ", through a wildcard" : "";
}

Finding loop_finding(const InnerGraph& graph, const SelfLoop& loop) {
    auto walk = walk_of(graph, {{loop.emission, loop.subscription}});
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
    auto walk = walk_of(graph, found->steps);
    const auto length = std::to_string(walk.size());
    auto finding =
        make_finding(event_cycle,
                     "event cycle of " + length + " handlers" + wildcard_note(walk) +
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

} // namespace

GraphReport check_graph(const GraphInput& input) {
    const InnerGraph graph(input);
    GraphReport report;
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
    report.is_acyclic = report.findings.empty();
    std::ranges::move(find_warnings(graph, input), std::back_inserter(report.findings));
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
