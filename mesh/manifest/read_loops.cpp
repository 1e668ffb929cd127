#include "mesh/base/date.hpp"
#include "mesh/base/suggest.hpp"
#include "mesh/manifest/document.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace mesh {

namespace {

using Reading = DocumentReading;

constexpr std::uint32_t rounds_max = 1'000'000;

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

/// Intended loops are allowed one exact edge at a time, so the edge has to be written in a handler
/// just like this.
void check_edge(Reading& reading, const Edge& edge, const Contract& contract) {
    if (!edge.handler || !edge.emits)
        return;
    std::vector<std::string> names;
    const HandlerContract* handler = nullptr;
    for (const auto& one : contract.handlers) {
        names.push_back(one.name);
        if (one.name == *edge.handler)
            handler = &one;
    }
    if (handler == nullptr) {
        reading.error_in("handler", *edge.handler_node,
                         in_quotes(contract.service) + " has no handler " +
                             in_quotes(*edge.handler) + did_you_mean(*edge.handler, names));
        return;
    }
    if (!edge.emits->is_topic()) {
        reading.error_in("emits", *edge.emits_node,
                         "expected one topic, got the pattern " + in_quotes(edge.emits->text()) +
                             "; a loop is allowed edge by edge");
        return;
    }
    std::vector<std::string> topics;
    for (const auto& one : emitted_patterns(contract, *handler))
        topics.push_back(one.text());
    if (std::ranges::find(topics, edge.emits->text()) == topics.end())
        reading.error_in("emits", *edge.emits_node,
                         "handler " + in_quotes(*edge.handler) + " does not emit " +
                             in_quotes(edge.emits->text()) +
                             did_you_mean(edge.emits->text(), topics));
}

void read_loop(Reading& reading, const YamlNode& node, ServiceManifest& service) {
    std::optional<Edge> edge;
    std::optional<std::uint32_t> rounds;
    std::set<std::string> written;
    LoopManifest loop{.reason = {}, .until = {}, .place = reading.place(node)};
    const auto use = [&](const YamlNode& key, const YamlNode& value) {
        written.insert(key.text);
        if (key.text == "edge")
            edge = read_edge(reading, value);
        else if (key.text == "max_rounds")
            rounds = reading.number("max_rounds", value, 1, rounds_max);
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
    check_edge(reading, *edge, service.contract);
    const auto is_same = [&](const LoopContract& other) {
        return other.handler == *edge->handler && other.emits == *edge->emits;
    };
    if (std::ranges::any_of(service.contract.loops, is_same)) {
        reading.error(node, "this edge is already allowed above");
        return;
    }
    service.contract.loops.push_back(
        {std::move(*edge->handler), std::move(*edge->emits), rounds.value_or(1)});
    service.loops.push_back(std::move(loop));
}

} // namespace

void read_loops(Reading& reading, const YamlNode& node, ServiceManifest& into) {
    if (node.kind != YamlNode::Kind::list) {
        reading.error_in("loops", node, "expected a list");
        return;
    }
    for (const auto* item : reading.one_or_more("loops", node))
        read_loop(reading, *item, into);
}

} // namespace mesh
