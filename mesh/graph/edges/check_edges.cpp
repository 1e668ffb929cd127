#include "mesh/graph/edges/check_edges.hpp"

#include "mesh/graph/edges/cyclic_parts.hpp"
#include "mesh/graph/edges/edge_levels.hpp"
#include "mesh/graph/edges/edge_lines.hpp"

#include <algorithm>
#include <cassert>
#include <map>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace mesh {

namespace {

using Edges = std::vector<Digraph::Edge>;

/// Names and places of what the findings mention, looked up once for all of them.
class Words {
public:
    Words(const EdgeList& list, const Edges& mentioned, const std::string& file)
        : lines_(edge_lines(list, mentioned)), file_(file) {
        std::vector<NameTable::Number> numbers;
        for (const auto& [tail, head] : mentioned)
            numbers.insert(numbers.end(), {tail, head});
        std::ranges::sort(numbers);
        numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
        auto names = list.names.names(numbers);
        for (std::size_t i = 0; i < numbers.size(); ++i)
            names_.emplace_hint(names_.end(), numbers[i], std::move(names[i]));
    }

    const std::string& name(NameTable::Number number) const { return names_.at(number); }

    Place first_place(const Digraph::Edge& edge) const { return place(lines_.at(edge).front()); }

    /// From the smallest name on.
    std::vector<WalkStep> walk(Edges cycle) const {
        const auto by_name = [&](const Digraph::Edge& a, const Digraph::Edge& b) {
            return name(a.first) < name(b.first);
        };
        std::rotate(cycle.begin(), std::ranges::min_element(cycle, by_name), cycle.end());
        std::vector<WalkStep> steps;
        for (const auto& edge : cycle) {
            const auto& event = name(edge.first);
            const auto at = first_place(edge);
            steps.push_back({event, event, event, at, name(edge.second), at});
        }
        return steps;
    }

    std::vector<CutEdge> cut(const Edges& edges) const {
        std::vector<CutEdge> all;
        for (const auto& edge : edges)
            for (const auto& position : lines_.at(edge))
                all.push_back({name(edge.first), name(edge.second), place(position)});
        std::ranges::sort(all);
        return all;
    }

private:
    Place place(const TextPosition& at) const { return {file_, at.line, at.column}; }

    std::map<Digraph::Edge, std::vector<TextPosition>> lines_;
    std::map<NameTable::Number, std::string> names_;
    const std::string& file_;
};

Finding cycle_finding(const CyclicPart& found, const Words& words) {
    auto steps = words.walk(found.cycle);
    auto finding =
        make_finding(event_cycle,
                     "event cycle of " + std::to_string(steps.size()) +
                         (found.is_shortest ? "; the shortest" : "; the shortest found") +
                         " in a group of " + std::to_string(found.size),
                     steps.front().emits_place);
    finding.cycle = std::move(steps);
    finding.cut = words.cut(found.cut);
    finding.is_cut_smallest = found.is_cut_smallest;
    return finding;
}

Finding loop_finding(const Digraph::Edge& edge, const Words& words) {
    auto finding = make_finding(self_loop, words.name(edge.first) + " leads to itself",
                                words.first_place(edge));
    finding.cycle = words.walk({edge});
    finding.cut = words.cut({edge});
    finding.is_cut_smallest = true;
    return finding;
}

/// Each name that leads to itself, once.
Edges loops_of(const EdgeList& list) {
    Edges loops;
    for (const auto i : list.self_loops())
        loops.push_back(list.edges()[i]);
    std::ranges::sort(loops);
    loops.erase(std::unique(loops.begin(), loops.end()), loops.end());
    return loops;
}

Digraph graph_without_loops(const EdgeList& list) {
    if (list.self_loops().empty())
        return {list.names.count(), list.edges()};
    Edges edges;
    edges.reserve(list.edges().size() - list.self_loops().size());
    std::ranges::copy_if(list.edges(), std::back_inserter(edges),
                         [](const Digraph::Edge& edge) { return edge.first != edge.second; });
    return {list.names.count(), edges};
}

void add_levels(GraphReport& report, const EdgeList& list, const Digraph& graph,
                const Peeling& peeling, const std::vector<Digraph::Vertex>& order,
                const Edges& removed) {
    report.longest_chain = peeling.level_count;
    if (list.names.count() > edge_levels_names_max)
        return;
    const auto level = edge_levels(graph, peeling, order, removed);
    for (const auto one : level)
        report.longest_chain = std::max<std::size_t>(report.longest_chain, one + 1);
    std::vector<NameTable::Number> all(list.names.count());
    for (NameTable::Number i = 0; i < all.size(); ++i)
        all[i] = i;
    auto names = list.names.names(all);
    report.levels.resize(report.longest_chain);
    for (std::size_t i = 0; i < names.size(); ++i)
        report.levels[level[i]].push_back(std::move(names[i]));
    for (auto& row : report.levels)
        std::ranges::sort(row);
}

} // namespace

GraphReport check_edges(const EdgeList& list, const std::string& file) {
    const auto graph = graph_without_loops(list);
    const auto peeling = peel(graph);
    const auto loops = loops_of(list);
    const auto cyclic = cyclic_parts(graph, peeling);
    assert(peeling.count + cyclic.order.size() == graph.vertex_count()); // the cuts are cuts
    Edges removed;
    Edges mentioned = loops;
    for (const auto& part : cyclic.parts) {
        removed.insert(removed.end(), part.cut.begin(), part.cut.end());
        mentioned.insert(mentioned.end(), part.cycle.begin(), part.cycle.end());
    }
    mentioned.insert(mentioned.end(), removed.begin(), removed.end());

    GraphReport report;
    report.counts.events = list.names.count();
    report.counts.edges = list.edges().size();
    report.is_acyclic = mentioned.empty();
    add_levels(report, list, graph, peeling, cyclic.order, removed);
    if (report.is_acyclic)
        return report;
    const Words words(list, mentioned, file);
    for (const auto& part : cyclic.parts)
        report.findings.push_back(cycle_finding(part, words));
    for (const auto& loop : loops)
        report.findings.push_back(loop_finding(loop, words));
    std::ranges::sort(report.findings, {}, [](const Finding& finding) {
        return std::tie(finding.severity, finding.code, finding.place, finding.message);
    });
    return report;
}

} // namespace mesh
