#include "nodes/graph/graph_reach.hpp"

#include "nodes/graph/answer_json.hpp"
#include "nodes/graph/answer_text.hpp"
#include "nodes/graph/asked_realm.hpp"
#include "nodes/graph/reach_text.hpp"

#include <array>
#include <ostream>
#include <string_view>
#include <utility>

namespace nodes {

namespace {

Json reach_json(const std::string& realm, const std::string& name, const mesh::Reach& reach,
                const std::string& edge) {
    Json json{{"realm", realm}, {"of", name}};
    Json events = Json::array();
    for (const auto& one : reach.events)
        events.push_back({{"event", one.name}, {"steps", one.steps}});
    Json handlers = Json::array();
    for (const auto& one : reach.handlers) {
        Json handler{{"handler", one.label}, {"steps", one.steps}};
        if (!one.edge.empty()) {
            handler[edge] = one.edge;
            add_place(handler, one.edge_place);
        }
        if (one.is_loop)
            handler["loop"] = true;
        handlers.push_back(std::move(handler));
    }
    Json services = Json::array();
    for (const auto& one : reach.services)
        services.push_back({{"service", one.name}, {"steps", one.steps}});
    json["events"] = std::move(events);
    json["handlers"] = std::move(handlers);
    json["services"] = std::move(services);
    return json;
}

Json impact_json(const std::string& realm, const Impact& impact) {
    auto json = reach_json(realm, impact.name, impact.reach, "on");
    const auto& worst = impact.worst_case;
    json["bounded"] = worst.longest_chain.has_value();
    if (worst.longest_chain)
        json["longest_chain"] = steps_json(*worst.longest_chain);
    if (worst.runs)
        json["handler_runs_max"] = *worst.runs;
    Json points = Json::array();
    for (const auto& one : impact.narrow_points) {
        Json point{{"handler", one.handler}, {"events", one.event_count}};
        add_place(point, one.place);
        points.push_back(std::move(point));
    }
    json["narrow_points"] = std::move(points);
    return json;
}

Json cause_json(const std::string& realm, const std::string& name, const mesh::Upstream& upstream) {
    constexpr std::array<std::string_view, 4> kinds{"outside", "publisher", "clock", "nobody"};
    auto json = reach_json(realm, name, upstream.reach, "emits");
    Json origins = Json::array();
    for (const auto& one : upstream.origins) {
        Json origin{{"kind", kinds.at(static_cast<std::size_t>(one.kind))}};
        if (!one.event.empty())
            origin["event"] = one.event;
        if (!one.who.empty())
            origin[one.kind == mesh::Origin::Kind::publisher ? "service" : "handler"] = one.who;
        add_place(origin, one.place);
        origins.push_back(std::move(origin));
    }
    json["origins"] = std::move(origins);
    return json;
}

/// Answers for each realm that knows the name.
template <class Answer, class ToJson, class Print>
int answer(std::string_view question, const mesh::ManifestSet& set, const std::string& name,
           bool is_json, Answer answer_of, ToJson to_json, Print print, std::ostream& out,
           std::ostream& err) {
    const auto asked = ask_realms(set, {name});
    if (!asked) {
        err << "dagmesh: " << asked.error().detail << '\n';
        return 2;
    }
    std::vector<Json> answers;
    for (const auto& one : *asked) {
        const auto found = answer_of(one);
        if (is_json) {
            answers.push_back(to_json(one.realm, found));
            continue;
        }
        if (asked->size() > 1)
            out << realm_title(one.realm) << ": ";
        print(found);
    }
    if (is_json)
        print_answers(question, std::move(answers), out);
    return 0;
}

} // namespace

int graph_impact(const mesh::ManifestSet& set, const std::string& name, bool is_json,
                 std::ostream& out, std::ostream& err) {
    return answer(
        "impact", set, name, is_json,
        [&](const AskedRealm& asked) {
            const auto& selection = asked.selections.front();
            return Impact{name, selection.kind == mesh::Selection::Kind::event,
                          mesh::reach_downstream(asked.graph, selection),
                          mesh::find_worst_case(asked.graph, selection),
                          mesh::find_narrow_points(asked.graph, selection)};
        },
        impact_json, [&](const Impact& impact) { print_impact(impact, out); }, out, err);
}

int graph_cause(const mesh::ManifestSet& set, const std::string& name, bool is_json,
                std::ostream& out, std::ostream& err) {
    return answer(
        "cause", set, name, is_json,
        [](const AskedRealm& asked) {
            return mesh::reach_upstream(asked.graph, asked.selections.front());
        },
        [&](const std::string& realm, const mesh::Upstream& upstream) {
            return cause_json(realm, name, upstream);
        },
        [&](const mesh::Upstream& upstream) { print_cause(name, upstream, out); }, out, err);
}

} // namespace nodes
