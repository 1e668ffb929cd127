#include "nodes/graph/graph_cycles.hpp"

#include "mesh/graph/answers/elementary_cycles.hpp"
#include "nodes/check/graph_input.hpp"
#include "nodes/graph/answer_json.hpp"
#include "nodes/graph/answer_text.hpp"

#include <ostream>
#include <utility>

namespace nodes {

namespace {

Json cycles_json(const std::string& realm, const mesh::ElementaryCycles& found,
                 std::size_t allowed_count) {
    Json cycles = Json::array();
    for (const auto& walk : found.cycles)
        cycles.push_back(cycle_json(walk));
    return {{"realm", realm},
            {"complete", found.is_complete},
            {"allowed_edges", allowed_count},
            {"cycles", std::move(cycles)}};
}

void print_cycles(const mesh::ElementaryCycles& found, std::size_t allowed_count,
                  std::size_t count_max, std::ostream& out) {
    std::size_t number = 0;
    for (const auto& walk : found.cycles) {
        out << "cycle " << ++number << ": " << counted(walk.size(), "handler") << "\n\n";
        print_walk(walk, out);
        out << '\n';
    }
    if (found.is_complete)
        out << (number == 0 ? "no cycle" : counted(number, "cycle"));
    else
        out << "at least " << counted(number, "cycle")
            << (number == count_max ? ", the shortest are shown; --all N shows up to N"
                                    : "; there are too many ways to try all of them");
    if (allowed_count > 0)
        out << "; " << counted(allowed_count, "allowed loop edge") << " left out";
    out << '\n';
}

} // namespace

int graph_cycles(const mesh::ManifestSet& set, std::size_t count_max, bool is_json,
                 std::ostream& out) {
    bool has_cycle = false;
    std::vector<Json> answers;
    for (const auto& realm : set.realms) {
        const mesh::InnerGraph graph(graph_input(realm));
        const auto found = mesh::find_elementary_cycles(graph, count_max);
        has_cycle = has_cycle || !found.cycles.empty();
        if (is_json) {
            answers.push_back(cycles_json(realm.realm, found, graph.allowed_count()));
            continue;
        }
        if (set.realms.size() > 1)
            out << realm_title(realm.realm) << ":\n";
        print_cycles(found, graph.allowed_count(), count_max, out);
    }
    if (is_json)
        print_answers("cycles", std::move(answers), out);
    return has_cycle ? 1 : 0;
}

} // namespace nodes
