#include "mesh/graph/checks/warnings.hpp"

#include "mesh/graph/checks/declared_events.hpp"
#include "mesh/graph/checks/near_misses.hpp"
#include "mesh/graph/checks/owners.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <string>
#include <utility>

namespace mesh {

namespace {

using Index = InnerGraph::Index;

void find_assumed(const InnerGraph& graph, std::vector<Finding>& findings) {
    for (const auto& handler : graph.handlers())
        if (handler.is_assumed)
            findings.push_back(make_finding(assumed_emits,
                                            "handler " + handler.label() +
                                                " does not say what it emits; assumed is "
                                                "everything that its service publishes",
                                            handler.place));
}

void find_unhandled(const InnerGraph& graph, const DeclaredEvents& declared,
                    std::vector<Finding>& findings) {
    // Who says it first: the place of the finding.
    std::map<Index, std::pair<Place, std::string>> first;
    const auto note = [&](Index pattern, const Place& place, const std::string& who) {
        const auto [known, is_new] = first.try_emplace(pattern, place, who);
        if (!is_new && std::pair(place, who) < known->second)
            known->second = {place, who};
    };
    for (const auto& emission : graph.emissions())
        note(emission.pattern, emission.place,
             "which " + graph.handlers()[emission.handler].label() + " emits");
    for (const auto& source : graph.sources())
        note(source.pattern, source.place,
             source.service.empty() ? "which enters the mesh"
                                    : "which " + source.service + " publishes");
    for (const auto& [pattern, origin] : first) {
        const auto& name = graph.emitted()[pattern];
        if (!graph.met_by(pattern).empty() || declared.is_terminal(name))
            continue;
        findings.push_back(make_finding(
            unhandled_event, "nobody handles " + name.text() + ", " + origin.second, origin.first));
    }
}

void find_unfed(const InnerGraph& graph, const DeclaredEvents& declared,
                std::vector<Finding>& findings) {
    for (const auto& subscription : graph.subscriptions()) {
        const auto& name = graph.subscribed()[subscription.pattern];
        if (!graph.feeding(subscription.pattern).empty() || declared.is_entry(name))
            continue;
        findings.push_back(make_finding(unfed_subscription,
                                        "nobody emits " + name.text() + ", which handler " +
                                            graph.handlers()[subscription.handler].label() +
                                            " waits for",
                                        subscription.place));
    }
}

} // namespace

std::vector<Finding> find_warnings(const InnerGraph& graph, const GraphInput& input) {
    const DeclaredEvents declared(input.events);
    std::vector<Finding> findings;
    find_assumed(graph, findings);
    find_unhandled(graph, declared, findings);
    find_unfed(graph, declared, findings);
    std::ranges::move(find_near_misses(graph, input, declared), std::back_inserter(findings));
    std::ranges::move(find_several_owners(graph, declared), std::back_inserter(findings));
    return findings;
}

} // namespace mesh
