#include "nodes/draw/view_notes.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace nodes {

namespace {

using Index = ViewGraph::Index;

/// Notes of one kind about one node.
constexpr std::size_t notes_max = 6;

/// A node while its parts are found. Notes are kept in order, so that the input's order is lost.
class Draft {
public:
    void set_place(const mesh::Place& place) {
        if (node_.place.file.empty())
            node_.place = place;
    }

    void set_entry() { node_.is_entry = true; }

    void note(const std::string& kind, const std::string& who, const mesh::Place& place) {
        const auto where = mesh::to_string(place);
        auto& notes = notes_[kind];
        notes.first.insert(where.empty() ? who : who + "  " + where);
        if (notes.first.size() > notes_max) {
            notes.first.erase(std::prev(notes.first.end()));
            ++notes.left_out;
        }
    }

    ViewGraph::Node finish(const std::string& name) {
        node_.name = name;
        for (const auto& [kind, notes] : notes_) {
            for (const auto& one : notes.first)
                node_.notes.push_back(fmt::format("{} {}", kind, one));
            if (notes.left_out > 0)
                node_.notes.push_back(kind + " " + std::to_string(notes.left_out) + " more");
        }
        return std::move(node_);
    }

private:
    struct Notes {
        std::set<std::string> first;
        std::size_t left_out = 0;
    };

    ViewGraph::Node node_;
    std::map<std::string, Notes> notes_;
};

using Drafts = std::map<std::string, Draft>;

std::vector<ViewGraph::Node> finished(Drafts& drafts) {
    std::vector<ViewGraph::Node> nodes;
    for (auto& [name, draft] : drafts)
        nodes.push_back(draft.finish(name));
    return nodes;
}

void note_subscription(const mesh::InnerGraph& inner, const mesh::InnerGraph::Subscription& one,
                       Draft& draft, bool is_wild) {
    const auto label = inner.handlers()[one.handler].label();
    const auto& on = inner.subscribed()[one.pattern].text();
    draft.note("handled by", is_wild ? label + " on " + on : label, one.place);
}

} // namespace

std::vector<ViewGraph::Node> event_nodes(const mesh::GraphInput& input,
                                         const mesh::InnerGraph& inner) {
    Drafts drafts;
    std::set<std::pair<mesh::Place, std::string>> declared;
    for (const auto& event : input.events)
        if (event.name.is_topic())
            declared.emplace(event.place, event.name.text());
    for (const auto& [place, name] : declared)
        drafts[name].set_place(place);
    for (const auto& one : inner.emissions()) {
        auto& draft = drafts[inner.emitted()[one.pattern].text()];
        draft.set_place(one.place);
        draft.note("emitted by", inner.handlers()[one.handler].label(), one.place);
    }
    for (const auto& one : inner.sources()) {
        auto& draft = drafts[inner.emitted()[one.pattern].text()];
        draft.set_place(one.place);
        if (one.service.empty())
            draft.set_entry();
        else if (!one.is_loop)
            draft.note("published by", one.service, one.place);
    }
    for (Index s = 0; s < inner.subscribed().size(); ++s) {
        const auto& pattern = inner.subscribed()[s];
        const auto feeding = inner.feeding(s);
        // A wildcard is an event of its own only when nothing that is known matches it.
        const bool is_node = pattern.is_topic() || feeding.empty();
        for (const auto number : inner.subscriptions_to(s)) {
            const auto& one = inner.subscriptions()[number];
            if (is_node) {
                drafts[pattern.text()].set_place(one.place);
                note_subscription(inner, one, drafts[pattern.text()], false);
            }
            for (const auto e : feeding)
                if (inner.emitted()[e] != pattern || !is_node)
                    note_subscription(inner, one, drafts[inner.emitted()[e].text()],
                                      inner.emitted()[e] != pattern);
        }
    }
    return finished(drafts);
}

std::vector<ViewGraph::Node> handler_nodes(const mesh::InnerGraph& inner) {
    Drafts drafts;
    for (const auto& handler : inner.handlers())
        drafts[handler.label()].set_place(handler.place);
    for (const auto& one : inner.subscriptions())
        drafts[inner.handlers()[one.handler].label()].note(
            "on", inner.subscribed()[one.pattern].text(), one.place);
    for (const auto& one : inner.emissions())
        drafts[inner.handlers()[one.handler].label()].note(
            "emits", inner.emitted()[one.pattern].text(), one.place);
    return finished(drafts);
}

std::vector<ViewGraph::Node> service_nodes(const mesh::GraphInput& input,
                                           const mesh::InnerGraph& inner) {
    Drafts drafts;
    std::set<std::pair<mesh::Place, std::string>> places;
    for (const auto& declared : input.contracts)
        places.emplace(declared.places.service, declared.contract.service);
    for (const auto& [place, service] : places)
        drafts[service].set_place(place);
    for (const auto& handler : inner.handlers())
        drafts[handler.service].note("handler", handler.name, handler.place);
    for (const auto& one : inner.sources())
        if (!one.service.empty() && !one.is_loop)
            drafts[one.service].note("publishes", inner.emitted()[one.pattern].text(), one.place);
    return finished(drafts);
}

} // namespace nodes
