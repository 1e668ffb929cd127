#include "mesh/graph/finding_identity.hpp"

#include "mesh/base/hash.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace mesh {

namespace {

using Index = InnerGraph::Index;

std::string step_text(const WalkStep& step) {
    auto text = step.event + " -> " + step.handler + " -> " + step.emits;
    if (!step.receiver.empty())
        text += " -> " + step.receiver;
    return text;
}

/// The edges between handlers of a group, as text, and how many there are.
std::string edges_text(const InnerGraph& graph, const Group& group) {
    std::string all;
    std::size_t count = 0;
    for (const auto handler : group)
        for (const auto emission : graph.emissions_of(handler)) {
            const auto pattern = graph.emissions()[emission].pattern;
            std::set<Index> receivers;
            for (const auto met : graph.met_by(pattern))
                for (const auto number : graph.subscriptions_to(met))
                    if (const auto next = graph.subscriptions()[number].handler;
                        std::ranges::binary_search(group, next))
                        receivers.insert(next);
            for (const auto receiver : receivers)
                all += graph.handlers()[handler].label() + " " + graph.emitted()[pattern].text() +
                       " " + graph.handlers()[receiver].label() + "\n";
            count += receivers.size();
        }
    return fmt::format("in a group of {} handlers and {} edges, {:016x}", group.size(), count,
                       hash64(all));
}

} // namespace

std::vector<std::string> FindingIdentity::of(const Finding& finding) {
    std::vector<std::string> what;
    if (finding.cycle.empty())
        what.push_back(finding.message);
    for (const auto* walk : {&finding.cycle, &finding.path})
        for (const auto& step : *walk)
            what.push_back(step_text(step));
    for (const auto& noted : finding.places)
        what.push_back(noted.note);
    if (finding.code == event_cycle.code && !finding.cycle.empty())
        what.push_back(group_of(finding.cycle.front().handler));
    return what;
}

std::string FindingIdentity::group_of(const std::string& handler) {
    if (!graph_) {
        graph_ = std::make_unique<InnerGraph>(input_);
        for (Index h = 0; h < graph_->handlers().size(); ++h)
            numbers_.emplace(graph_->handlers()[h].label(), h);
        groups_ = cyclic_groups(*graph_);
    }
    const auto known = numbers_.find(handler);
    for (const auto& group : groups_)
        if (known != numbers_.end() && std::ranges::binary_search(group, known->second))
            return edges_text(*graph_, group);
    return "in no group";
}

} // namespace mesh
