#include "mesh/graph/answers/graph_diff.hpp"

#include "mesh/graph/answers/elementary_cycles.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

namespace mesh {

namespace {

using Index = InnerGraph::Index;
using Part = GraphDiff::Part;
using Kind = Part::Kind;
using Walk = std::vector<WalkStep>;
using Parts = std::map<std::tuple<Kind, std::string, std::string>, Place>;

Parts parts_of(const CausalGraph& graph) {
    const auto& inner = graph.inner();
    Parts parts;
    for (const auto& [name, place] : graph.services())
        parts.emplace(std::tuple(Kind::service, name, ""), place);
    for (const auto& event : graph.events())
        parts.emplace(std::tuple(Kind::event, event.text(), ""), Place{});
    for (const auto& event : graph.declared())
        if (const auto part = parts.find({Kind::event, event.name.text(), ""}); part != parts.end())
            part->second = event.place;
    for (const auto& handler : inner.handlers())
        parts.emplace(std::tuple(Kind::handler, handler.label(), ""), handler.place);
    for (const auto& one : inner.subscriptions())
        parts.emplace(std::tuple(Kind::subscription, inner.handlers()[one.handler].label(),
                                 inner.subscribed()[one.pattern].text()),
                      one.place);
    for (Index i = 0; i < inner.emissions().size(); ++i) {
        const auto& one = inner.emissions()[i];
        const auto label = inner.handlers()[one.handler].label();
        const auto& pattern = inner.emitted()[one.pattern].text();
        parts.emplace(std::tuple(Kind::emission, label, pattern), one.place);
        if (graph.is_loop()[i])
            parts.emplace(std::tuple(Kind::loop, label, pattern), one.place);
    }
    return parts;
}

std::vector<Part> missing(const Parts& from, const Parts& other) {
    std::vector<Part> parts;
    for (const auto& [key, place] : from)
        if (!other.contains(key))
            parts.push_back({std::get<0>(key), std::get<1>(key), std::get<2>(key), place});
    return parts;
}

/// Answers whether a walk of one version can be walked in this one.
class Steps {
public:
    explicit Steps(const InnerGraph& graph) : graph_(graph) {
        for (Index h = 0; h < graph.handlers().size(); ++h)
            numbers_.emplace(graph.handlers()[h].label(), h);
    }

    bool has(const Walk& walk) const {
        return std::ranges::all_of(walk, [&](const WalkStep& step) { return has(step); });
    }

private:
    bool has(const WalkStep& step) const {
        const auto known = numbers_.find(step.handler);
        if (known == numbers_.end())
            return false;
        const auto event = number_of(step.event);
        const auto emitted = number_of(step.emits);
        if (!event || !emitted)
            return false;
        const auto emits = [&](Index number) {
            return graph_.emissions()[number].pattern == *emitted;
        };
        const auto receives = [&](Index number) {
            return std::ranges::binary_search(graph_.met_by(*event),
                                              graph_.subscriptions()[number].pattern);
        };
        return std::ranges::any_of(graph_.emissions_of(known->second), emits) &&
               std::ranges::any_of(graph_.subscriptions_of(known->second), receives);
    }

    std::optional<Index> number_of(const std::string& emitted) const {
        const auto& all = graph_.emitted();
        const auto found = std::ranges::lower_bound(all, emitted, {}, &Pattern::text);
        if (found == all.end() || found->text() != emitted)
            return std::nullopt;
        return static_cast<Index>(found - all.begin());
    }

    const InnerGraph& graph_;
    std::map<std::string, Index> numbers_;
};

void diff_cycles(const GraphInput& before, const GraphInput& after, GraphDiff& diff) {
    const InnerGraph old_graph(before);
    const InnerGraph new_graph(after);
    auto old_cycles = find_elementary_cycles(old_graph, diff_cycles_max);
    auto new_cycles = find_elementary_cycles(new_graph, diff_cycles_max);
    diff.are_cycles_complete = old_cycles.is_complete && new_cycles.is_complete;
    const Steps old_steps(old_graph);
    const Steps new_steps(new_graph);
    std::erase_if(old_cycles.cycles, [&](const Walk& walk) { return new_steps.has(walk); });
    std::erase_if(new_cycles.cycles, [&](const Walk& walk) { return old_steps.has(walk); });
    diff.removed_cycles = std::move(old_cycles.cycles);
    diff.added_cycles = std::move(new_cycles.cycles);
}

} // namespace

bool GraphDiff::is_empty() const {
    return added.empty() && removed.empty() && added_cycles.empty() && removed_cycles.empty() &&
           reach.added_count == 0 && reach.removed_count == 0 && breaks.count == 0;
}

GraphDiff diff_graphs(const GraphInput& before, const GraphInput& after) {
    const CausalGraph old_graph(before);
    const CausalGraph new_graph(after);
    const auto old_parts = parts_of(old_graph);
    const auto new_parts = parts_of(new_graph);
    GraphDiff diff;
    diff.added = missing(new_parts, old_parts);
    diff.removed = missing(old_parts, new_parts);
    diff_cycles(before, after, diff);
    diff.reach = diff_reach(old_graph, new_graph);
    diff.breaks = find_breaks(old_graph, new_graph);
    return diff;
}

} // namespace mesh
