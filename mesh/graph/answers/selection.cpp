#include "mesh/graph/answers/selection.hpp"

#include "mesh/base/suggest.hpp"
#include "mesh/graph/pattern_index.hpp"

#include <algorithm>

namespace mesh {

namespace {

using Index = InnerGraph::Index;
using Kind = Selection::Kind;

constexpr std::string_view handler_prefix = "handler:";
constexpr std::string_view service_prefix = "service:";

void sort_unique(std::vector<Digraph::Vertex>& vertices) {
    std::ranges::sort(vertices);
    vertices.erase(std::unique(vertices.begin(), vertices.end()), vertices.end());
}

/// What a person may have meant, in the forms that may be typed.
std::vector<std::string> known_names(const CausalGraph& graph) {
    std::vector<std::string> names;
    for (const auto& event : graph.events())
        names.push_back(event.text());
    for (const auto& pattern : graph.inner().subscribed())
        if (!pattern.is_topic())
            names.push_back(pattern.text());
    for (const auto& handler : graph.inner().handlers())
        names.push_back(std::string(handler_prefix) + handler.label());
    std::string last;
    for (const auto& handler : graph.inner().handlers())
        if (handler.service != std::exchange(last, handler.service))
            names.push_back(std::string(service_prefix) + handler.service);
    return names;
}

tl::unexpected<Error> unknown(const CausalGraph& graph, std::string_view what,
                              std::string_view name, std::string_view typed) {
    const auto known = known_names(graph);
    auto hint = did_you_mean(typed, known);
    // Somebody who types the bare name of a handler or service is told its form.
    for (const auto prefix : {handler_prefix, service_prefix})
        if (hint.empty() &&
            std::ranges::find(known, std::string(prefix) + std::string(typed)) != known.end())
            hint = "; did you mean \"" + std::string(prefix) + std::string(typed) + "\"?";
    return fail(ErrorCode::invalid,
                "no " + std::string(what) + " \"" + std::string(name) + "\" in the graph" + hint);
}

Result<Selection> select_handlers(const CausalGraph& graph, Kind kind, std::string_view name,
                                  std::string_view typed) {
    const auto& inner = graph.inner();
    Selection selection{kind, std::string(name), {}, {}};
    for (Index h = 0; h < inner.handlers().size(); ++h) {
        const auto& handler = inner.handlers()[h];
        if ((kind == Kind::service ? handler.service : handler.label()) == name)
            selection.ends.push_back(h);
    }
    selection.beginnings = selection.ends;
    bool is_publisher = false;
    if (kind == Kind::service)
        for (const auto& source : inner.sources()) {
            if (source.service != name)
                continue;
            is_publisher = true;
            for (const auto subscribed : inner.met_by(source.pattern))
                selection.beginnings.push_back(inner.subscribed_vertex(subscribed));
        }
    if (selection.ends.empty() && !is_publisher)
        return unknown(graph, kind == Kind::service ? "service" : "handler", name, typed);
    sort_unique(selection.beginnings);
    return selection;
}

/// Whether the graph says something of the event itself.
bool is_known(const CausalGraph& graph, const Pattern& event, const Selection& selection) {
    if (!selection.ends.empty() || (!event.is_topic() && !selection.beginnings.empty()))
        return true;
    const auto meets = [&](const Pattern& one) { return intersects(one, event); };
    return std::ranges::any_of(graph.events(), meets) ||
           std::ranges::any_of(graph.declared(), meets, &DeclaredEvent::name);
}

} // namespace

Result<Selection> select(const CausalGraph& graph, std::string_view name) {
    if (name.starts_with(handler_prefix))
        return select_handlers(graph, Kind::handler, name.substr(handler_prefix.size()), name);
    if (name.starts_with(service_prefix))
        return select_handlers(graph, Kind::service, name.substr(service_prefix.size()), name);
    const auto event = Pattern::parse(name);
    if (!event)
        return tl::unexpected(event.error());
    const auto& inner = graph.inner();
    Selection selection{Kind::event, event->text(), {}, {}};
    for (Index s = 0; s < inner.subscribed().size(); ++s)
        if (intersects(inner.subscribed()[s], *event))
            selection.beginnings.push_back(inner.subscribed_vertex(s));
    for (Index e = 0; e < inner.emitted().size(); ++e)
        if (intersects(inner.emitted()[e], *event))
            selection.ends.push_back(inner.emitted_vertex(e));
    if (!is_known(graph, *event, selection))
        return unknown(graph, "event", event->text(), name);
    return selection;
}

} // namespace mesh
