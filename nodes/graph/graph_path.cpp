#include "nodes/graph/graph_path.hpp"

#include "mesh/graph/answers/walk.hpp"
#include "nodes/graph/answer_json.hpp"
#include "nodes/graph/answer_text.hpp"
#include "nodes/graph/asked_realm.hpp"

#include <ostream>
#include <utility>

namespace nodes {

int graph_path(const mesh::ManifestSet& set, const std::string& from, const std::string& to,
               bool is_json, std::ostream& out, std::ostream& err) {
    const auto asked = ask_realms(set, {from, to});
    if (!asked) {
        err << "dagmesh: " << asked.error().detail << '\n';
        return 2;
    }
    bool is_found = false;
    std::vector<Json> answers;
    for (const auto& one : *asked) {
        const auto path = mesh::find_path(one.graph, one.selections[0], one.selections[1]);
        is_found = is_found || path;
        if (is_json) {
            Json answer{{"realm", one.realm}, {"from", from}, {"to", to}};
            answer["found"] = path.has_value();
            answer["steps"] = steps_json(path.value_or(std::vector<mesh::WalkStep>{}));
            answers.push_back(std::move(answer));
            continue;
        }
        if (asked->size() > 1)
            out << realm_title(one.realm) << ": ";
        if (!path) {
            out << "no path from " << from << " to " << to << '\n';
            continue;
        }
        out << "path from " << from << " to " << to << ": " << counted(path->size(), "handler")
            << "\n\n";
        print_walk(*path, out);
    }
    if (is_json)
        print_answers("path", std::move(answers), out);
    return is_found ? 0 : 1;
}

} // namespace nodes
