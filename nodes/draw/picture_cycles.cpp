#include "nodes/draw/picture_cycles.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace nodes {

namespace {

using Index = Picture::Index;

std::optional<Index> drawn(const ViewGraph& view, const Selection& selection,
                           const std::string& name) {
    const auto node = view.find(name);
    return node ? selection.by_node[*node] : std::nullopt;
}

/// Whether the walk of a finding is one of this view. A cycle of services that no event takes
/// closes in the view of services only, one of compensations in none.
bool is_of_view(const mesh::Finding& finding, View view) {
    if (finding.cycle.empty())
        return false;
    return finding.code == mesh::event_cycle.code || finding.code == mesh::self_loop.code ||
           (finding.code == mesh::service_cycle.code && view == View::services);
}

/// Edges by their ends, to find those of steps.
using EdgesByEnds = std::multimap<std::pair<Index, Index>, Index>;

/// The edge with this via, or else the first between the two nodes.
std::optional<Index> find_edge(const Picture& picture, const EdgesByEnds& edges, Index from,
                               Index to, const std::string& via) {
    std::optional<Index> first;
    const auto [begin, end] = edges.equal_range({from, to});
    for (auto at = begin; at != end; ++at) {
        const auto& vias = picture.edges[at->second].vias;
        if (std::ranges::find(vias, via, &Picture::Via::name) != vias.end())
            return at->second;
        if (!first)
            first = at->second;
    }
    return first;
}

} // namespace

std::string StepNames::from(const mesh::Finding& finding, std::size_t i) const {
    const auto& step = finding.cycle[i % finding.cycle.size()];
    if (view_ == View::events)
        return step.event;
    if (view_ == View::handlers)
        return step.handler;
    // A service that publishes by itself stands alone.
    const auto service = services_.find(step.handler);
    return service == services_.end() ? step.handler : service->second;
}

std::string StepNames::via(const mesh::Finding& finding, std::size_t i) const {
    const auto& step = finding.cycle[i];
    return view_ == View::events ? step.handler : step.emits;
}

std::vector<Index> witness_nodes(const ViewGraph& view, const StepNames& names,
                                 const std::vector<mesh::Finding>& findings) {
    std::vector<Index> nodes;
    std::set<Index> known;
    for (const auto& finding : findings)
        for (std::size_t i = 0; is_of_view(finding, view.view) && i < finding.cycle.size(); ++i)
            if (const auto node = view.find(names.from(finding, i)))
                if (known.insert(*node).second)
                    nodes.push_back(*node);
    return nodes;
}

void add_cycles(const ViewGraph& view, const Selection& selection, const StepNames& names,
                const std::vector<mesh::Finding>& findings, Picture& picture) {
    EdgesByEnds edges;
    for (Index i = 0; i < picture.edges.size(); ++i)
        edges.emplace(std::pair(picture.edges[i].from, picture.edges[i].to), i);
    for (const auto& finding : findings) {
        if (!is_of_view(finding, view.view))
            continue;
        Picture::Cycle cycle{finding.code, finding.message, {}};
        for (std::size_t i = 0; i < finding.cycle.size(); ++i) {
            const auto& step = finding.cycle[i];
            const auto from = drawn(view, selection, names.from(finding, i));
            const auto to = drawn(view, selection, names.from(finding, i + 1));
            const auto edge = from && to
                                  ? find_edge(picture, edges, *from, *to, names.via(finding, i))
                                  : std::nullopt;
            if (from)
                picture.nodes[*from].is_on_cycle = true;
            if (edge)
                picture.edges[*edge].marks.push_back({picture.cycles.size(), i + 1});
            cycle.steps.push_back(
                {step.event, step.handler, step.emits, step.emits_place, from, to, edge});
        }
        picture.cycles.push_back(std::move(cycle));
    }
}

} // namespace nodes
