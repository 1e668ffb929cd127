#include "nodes/draw/view_graph.hpp"

#include "nodes/draw/view_notes.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

namespace nodes {

namespace {

using Index = ViewGraph::Index;
using mesh::InnerGraph;

/// An emission of the graph, be it allowed as part of a loop or not; a publication of a service
/// has no handler.
struct Emitted {
    std::optional<Index> handler;
    std::string service;
    Index pattern;
    mesh::Place place;
    bool is_cut = false;
    std::optional<std::uint32_t> rounds_max;
};

mesh::Place place_at(const std::vector<mesh::Place>& places, std::size_t index) {
    return index < places.size() ? places[index] : mesh::Place{};
}

std::optional<Index> find_pattern(const std::vector<mesh::Pattern>& sorted,
                                  const mesh::Pattern& pattern) {
    const auto found = std::ranges::lower_bound(sorted, pattern);
    if (found == sorted.end() || *found != pattern)
        return std::nullopt;
    return static_cast<Index>(found - sorted.begin());
}

class Builder {
public:
    Builder(const mesh::GraphInput& input, View view, const std::vector<EmissionName>& cut)
        : input_(input), inner_(input), cut_(cut.begin(), cut.end()) {
        graph_.view = view;
    }

    ViewGraph build() {
        collect_emissions();
        if (graph_.view == View::events)
            build_events();
        else
            build_callers();
        return std::move(graph_);
    }

private:
    void collect_emissions() {
        std::map<std::pair<std::string, std::string>, Index> handler_by_name;
        for (Index h = 0; h < inner_.handlers().size(); ++h)
            handler_by_name.try_emplace({inner_.handlers()[h].service, inner_.handlers()[h].name},
                                        h);
        for (const auto& one : inner_.emissions()) {
            const auto& handler = inner_.handlers()[one.handler];
            const bool is_cut =
                cut_.contains({handler.label(), inner_.emitted()[one.pattern].text()});
            emitted_.push_back(
                {one.handler, handler.service, one.pattern, one.place, is_cut, std::nullopt});
        }
        for (const auto& declared : input_.contracts)
            for (const auto& loop : declared.contract.loops)
                collect_loop(declared, loop, handler_by_name);
        std::ranges::stable_sort(emitted_, [](const Emitted& a, const Emitted& b) {
            return std::tie(a.pattern, a.handler, a.place) <
                   std::tie(b.pattern, b.handler, b.place);
        });
    }

    /// The inner graph leaves allowed emissions out: they close no cycle. A picture shows them.
    void collect_loop(const mesh::DeclaredContract& declared, const mesh::LoopContract& loop,
                      const std::map<std::pair<std::string, std::string>, Index>& by_name) {
        const auto& contract = declared.contract;
        const auto handler =
            std::ranges::find(contract.handlers, loop.handler, &mesh::HandlerContract::name);
        const auto pattern = find_pattern(inner_.emitted(), loop.emits);
        if (handler == contract.handlers.end() || !pattern)
            return;
        const auto emits = mesh::emitted_patterns(contract, *handler);
        const auto entry = std::ranges::find(emits, loop.emits);
        const auto number = by_name.find({contract.service, loop.handler});
        if (entry == emits.end() || number == by_name.end())
            return;
        const auto at = static_cast<std::size_t>(handler - contract.handlers.begin());
        const auto& places = declared.places;
        const auto& list = handler->emits && at < places.handlers.size() ? places.handlers[at].emits
                                                                         : places.publishes;
        emitted_.push_back({number->second, contract.service, *pattern,
                            place_at(list, static_cast<std::size_t>(entry - emits.begin())), false,
                            loop.rounds_max});
    }

    void build_events() {
        graph_.nodes = event_nodes(input_, inner_);
        std::vector<std::vector<const Emitted*>> by_handler(inner_.handlers().size());
        for (const auto& one : emitted_)
            by_handler[*one.handler].push_back(&one);
        for (Index h = 0; h < inner_.handlers().size(); ++h) {
            ViewGraph::Via via{inner_.handlers()[h].label(), {}, {}};
            for (const auto* one : by_handler[h])
                via.emissions.push_back({*graph_.find(inner_.emitted()[one->pattern].text()),
                                         one->place, one->is_cut, one->rounds_max});
            if (!via.emissions.empty())
                via.receivers = received_by(h);
            if (!via.receivers.empty())
                graph_.vias.push_back(std::move(via));
        }
    }

    /// Each event once: by its own name if the handler asks for that, else by a wildcard.
    std::vector<ViewGraph::Cause> received_by(Index handler) const {
        std::map<Index, ViewGraph::Cause> received;
        for (const auto number : inner_.subscriptions_of(handler)) {
            const auto& subscription = inner_.subscriptions()[number];
            const auto& on = inner_.subscribed()[subscription.pattern];
            if (const auto exact = graph_.find(on.text()))
                received.insert_or_assign(*exact,
                                          ViewGraph::Cause{*exact, subscription.place, false});
            for (const auto e : inner_.feeding(subscription.pattern)) {
                const auto node = *graph_.find(inner_.emitted()[e].text());
                received.try_emplace(node, ViewGraph::Cause{node, subscription.place, true});
            }
        }
        std::vector<ViewGraph::Cause> list;
        list.reserve(received.size());
        for (auto& [node, cause] : received)
            list.push_back(std::move(cause));
        return list;
    }

    /// Handlers or services, joined by the events between them.
    void build_callers() {
        if (graph_.view == View::services)
            add_publications();
        graph_.nodes =
            graph_.view == View::handlers ? handler_nodes(inner_) : service_nodes(input_, inner_);
        std::vector<std::vector<const Emitted*>> by_pattern(inner_.emitted().size());
        for (const auto& one : emitted_)
            by_pattern[one.pattern].push_back(&one);
        for (Index e = 0; e < inner_.emitted().size(); ++e) {
            ViewGraph::Via via{inner_.emitted()[e].text(), {}, {}};
            for (const auto* one : by_pattern[e])
                via.emissions.push_back({*graph_.find(caller(one->handler, one->service)),
                                         one->place, one->is_cut, one->rounds_max});
            if (!via.emissions.empty())
                via.receivers = receivers_of(e);
            if (!via.receivers.empty())
                graph_.vias.push_back(std::move(via));
        }
    }

    /// What a service publishes by itself is caused by none of its handlers, and yet by it. What a
    /// handler emits anyway needs no second edge.
    void add_publications() {
        std::set<std::pair<std::string, Index>> known;
        for (const auto& one : emitted_)
            known.emplace(one.service, one.pattern);
        for (const auto& source : inner_.sources())
            if (!source.service.empty() && known.emplace(source.service, source.pattern).second)
                emitted_.push_back({std::nullopt, source.service, source.pattern, source.place,
                                    false, std::nullopt});
    }

    std::vector<ViewGraph::Cause> receivers_of(Index emitted) const {
        std::map<Index, ViewGraph::Cause> receivers;
        for (const auto s : inner_.met_by(emitted)) {
            const bool is_wild = inner_.subscribed()[s] != inner_.emitted()[emitted];
            for (const auto number : inner_.subscriptions_to(s)) {
                const auto& subscription = inner_.subscriptions()[number];
                const auto& handler = inner_.handlers()[subscription.handler];
                const auto node = *graph_.find(caller(subscription.handler, handler.service));
                const ViewGraph::Cause cause{node, subscription.place, is_wild};
                if (is_wild)
                    receivers.try_emplace(node, cause);
                else
                    receivers.insert_or_assign(node, cause);
            }
        }
        std::vector<ViewGraph::Cause> list;
        list.reserve(receivers.size());
        for (auto& [node, cause] : receivers)
            list.push_back(std::move(cause));
        return list;
    }

    std::string caller(std::optional<Index> handler, const std::string& service) const {
        return graph_.view == View::handlers && handler ? inner_.handlers()[*handler].label()
                                                        : service;
    }

    const mesh::GraphInput& input_;
    InnerGraph inner_;
    std::set<EmissionName> cut_;
    std::vector<Emitted> emitted_;
    ViewGraph graph_;
};

} // namespace

std::optional<Index> ViewGraph::find(const std::string& name) const {
    const auto found = std::ranges::lower_bound(nodes, name, {}, &Node::name);
    if (found == nodes.end() || found->name != name)
        return std::nullopt;
    return static_cast<Index>(found - nodes.begin());
}

ViewGraph make_view(const mesh::GraphInput& input, View view,
                    const std::vector<EmissionName>& cut) {
    return Builder(input, view, cut).build();
}

} // namespace nodes
