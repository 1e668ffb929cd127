#include "mesh/base/date.hpp"
#include "mesh/base/suggest.hpp"
#include "mesh/manifest/document.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace mesh {

namespace {

using Reading = DocumentReading;

struct Edge {
    std::optional<std::string> handler;
    const YamlNode* handler_node = nullptr;
    std::optional<Pattern> emits;
    const YamlNode* emits_node = nullptr;
};

Edge read_edge(Reading& reading, const YamlNode& node) {
    Edge edge;
    const bool is_mapping = reading.fields(node, "\"edge\"",
                                           {{"handler",
                                             [&](const YamlNode&, const YamlNode& value) {
                                                 edge.handler_node = &value;
                                                 edge.handler = reading.name("handler", value);
                                             }},
                                            {"emits", [&](const YamlNode&, const YamlNode& value) {
                                                 edge.emits_node = &value;
                                                 edge.emits = reading.pattern("emits", value);
                                             }}});
    if (is_mapping && edge.handler_node == nullptr)
        reading.error(node, "expected a \"handler\" in \"edge\"");
    if (is_mapping && edge.emits_node == nullptr)
        reading.error(node, "expected an \"emits\" in \"edge\"");
    return edge;
}

/// With more names than this, looking for the nearest one takes too long.
constexpr std::size_t suggestions_max = 1'000;

std::string suggestion(const std::string& typed, const std::vector<std::string>& known) {
    return known.size() <= suggestions_max ? did_you_mean(typed, known) : "";
}

/// What is there to allow, and what was allowed: by name, because either may be very many.
struct Service {
    ServiceManifest& manifest;
    std::map<std::string, const HandlerContract*> handlers;
    std::set<std::pair<std::string, std::string>> allowed;
    std::map<const HandlerContract*, std::set<std::string>> emitted; ///< of those asked for
};

/// What a handler may emit. Those that do not say share what the service publishes.
const std::set<std::string>& emitted_by(Service& service, const HandlerContract& handler) {
    const auto [known, is_new] = service.emitted.try_emplace(handler.emits ? &handler : nullptr);
    if (is_new)
        for (const auto& one : emitted_patterns(service.manifest.contract, handler))
            known->second.insert(one.text());
    return known->second;
}

/// Intended loops are allowed one exact edge at a time, so the edge has to be written in a handler
/// just like this.
void check_edge(Reading& reading, const Edge& edge, Service& service) {
    if (!edge.handler || !edge.emits)
        return;
    const auto& contract = service.manifest.contract;
    const auto handler = service.handlers.find(*edge.handler);
    if (handler == service.handlers.end()) {
        std::vector<std::string> names;
        for (const auto& one : contract.handlers)
            names.push_back(one.name);
        reading.error_in("handler", *edge.handler_node,
                         in_quotes(contract.service) + " has no handler " +
                             in_quotes(*edge.handler) + suggestion(*edge.handler, names));
        return;
    }
    if (!edge.emits->is_topic()) {
        reading.error_in("emits", *edge.emits_node,
                         "expected one topic, got the pattern " + in_quotes(edge.emits->text()) +
                             "; a loop is allowed edge by edge");
        return;
    }
    const auto& topics = emitted_by(service, *handler->second);
    if (!topics.contains(edge.emits->text()))
        reading.error_in("emits", *edge.emits_node,
                         "handler " + in_quotes(*edge.handler) + " does not emit " +
                             in_quotes(edge.emits->text()) +
                             suggestion(edge.emits->text(), {topics.begin(), topics.end()}));
}

void read_loop(Reading& reading, const YamlNode& node, Service& service) {
    std::optional<Edge> edge;
    std::optional<std::uint32_t> rounds;
    std::set<std::string> written;
    LoopManifest loop{.reason = {}, .until = {}, .place = reading.place(node)};
    const auto use = [&](const YamlNode& key, const YamlNode& value) {
        written.insert(key.text);
        if (key.text == "edge")
            edge = read_edge(reading, value);
        else if (key.text == "max_rounds")
            rounds = reading.number("max_rounds", value, 1, loop_rounds_max);
        else if (key.text == "reason")
            loop.reason = reading.text("reason", value).value_or("");
        else if (const auto until = reading.text("until", value); until && parse_date(*until))
            loop.until = *until;
        else if (until)
            reading.error_in("until", value,
                             "expected a date such as 2027-06-30, got " + in_quotes(*until));
    };
    if (!reading.fields(node, "a loop",
                        {{"edge", use}, {"max_rounds", use}, {"reason", use}, {"until", use}}))
        return;
    for (const auto* key : {"edge", "max_rounds", "reason", "until"}) {
        const auto is_key = [&](const YamlEntry& entry) { return entry.key->text == key; };
        if (std::ranges::none_of(node.entries, is_key))
            reading.error(node, "expected " + in_quotes(key) + " in a loop");
    }
    if (!edge || !edge->handler || !edge->emits)
        return;
    check_edge(reading, *edge, service);
    if (!service.allowed.emplace(*edge->handler, edge->emits->text()).second) {
        reading.error(node, "this edge is already allowed above");
        return;
    }
    service.manifest.contract.loops.push_back(
        {std::move(*edge->handler), std::move(*edge->emits), rounds.value_or(1)});
    service.manifest.loops.push_back(std::move(loop));
}

} // namespace

void read_loops(Reading& reading, const YamlNode& node, ServiceManifest& into) {
    if (node.kind != YamlNode::Kind::list) {
        reading.error_in("loops", node, "expected a list");
        return;
    }
    Service service{into, {}, {}, {}};
    for (const auto& handler : into.contract.handlers)
        service.handlers.emplace(handler.name, &handler);
    for (const auto* item : reading.one_or_more("loops", node))
        read_loop(reading, *item, service);
}

} // namespace mesh
