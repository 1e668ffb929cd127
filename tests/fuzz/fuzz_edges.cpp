// Any bytes as an edge list: it reads as the slow and plain way reads it, and the verdict, the
// witnesses and the cuts are right.

#include "mesh/graph/edges/check_edges.hpp"
#include "mesh/graph/edges/edge_reader.hpp"
#include "tests/mesh/graph/edges/naive_edges.hpp"

#include <cstdint>
#include <cstdlib>
#include <set>
#include <string_view>
#include <utility>

namespace {

/// More names than these are only read: the plain way takes the cube of them.
constexpr std::size_t names_checked_max = 60;

void require(bool condition) {
    if (!condition)
        std::abort();
}

void check_findings(const mesh::GraphReport& report, const naive::Edges& plain) {
    std::set<std::pair<std::string, std::string>> removed;
    const auto number = [&](const std::string& name) { return plain.numbers.at(name); };
    const auto has = [&](const std::string& tail, const std::string& head) {
        return std::ranges::find(plain.edges, mesh::Digraph::Edge(number(tail), number(head))) !=
               plain.edges.end();
    };
    for (const auto& finding : report.findings) {
        require(!finding.cycle.empty() && !finding.cut.empty());
        for (std::size_t i = 0; i < finding.cycle.size(); ++i) {
            const auto& step = finding.cycle[i];
            require(step.emits == finding.cycle[(i + 1) % finding.cycle.size()].event);
            require(has(step.event, step.emits));
        }
        for (const auto& edge : finding.cut) {
            require(has(edge.handler, edge.emits));
            removed.emplace(edge.handler, edge.emits);
        }
    }
    naive::Edges rest{plain.numbers, {}};
    std::set<mesh::Digraph::Edge> gone;
    for (const auto& [tail, head] : removed)
        gone.emplace(number(tail), number(head));
    for (const auto& edge : plain.edges)
        if (!gone.contains(edge))
            rest.edges.push_back(edge);
    require(rest.closure().is_acyclic());
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto list = mesh::read_edges(text);
    const auto plain = naive::edges_in(text);
    require(list.has_value() == plain.has_value() || size > mesh::EdgeReader::name_size_bytes_max);
    if (!list)
        return 0;
    require(list->names.count() == plain->numbers.size());
    require(std::ranges::equal(list->edges(), plain->edges));
    const auto report = mesh::check_edges(*list, "fuzz");
    if (plain->numbers.size() > names_checked_max)
        return 0;
    require(report.is_acyclic == plain->closure().is_acyclic());
    require(report.is_acyclic == report.findings.empty());
    check_findings(report, *plain);
    return 0;
}
