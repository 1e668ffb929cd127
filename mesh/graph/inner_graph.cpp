#include "mesh/graph/inner_graph.hpp"

#include "mesh/graph/pattern_index.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace mesh {

namespace {

using Index = InnerGraph::Index;

/// A contract's entry with its place, before patterns and handlers have numbers.
struct Entry {
    Pattern pattern;
    Place place;

    auto operator<=>(const Entry&) const = default;
};

Place place_at(const std::vector<Place>& places, std::size_t index) {
    return index < places.size() ? places[index] : Place{};
}

void add_entries(const std::vector<Pattern>& patterns, const std::vector<Place>& places,
                 std::vector<Entry>& into) {
    for (std::size_t i = 0; i < patterns.size(); ++i)
        into.push_back({patterns[i], place_at(places, i)});
}

/// In order of pattern, each once, with its first place.
void sort_unique(std::vector<Entry>& entries) {
    std::ranges::sort(entries);
    const auto is_same = [](const Entry& a, const Entry& b) { return a.pattern == b.pattern; };
    entries.erase(std::unique(entries.begin(), entries.end(), is_same), entries.end());
}

struct HandlerDraft {
    InnerGraph::Handler handler;
    std::vector<Entry> on;
    std::vector<Entry> emits;

    auto key() const { return std::tie(handler.service, handler.name, on, emits, handler.place); }
};

struct SourceDraft {
    std::string service;
    Entry entry;
    bool is_loop;

    auto operator<=>(const SourceDraft&) const = default;
};

bool is_allowed(const Contract& contract, const HandlerContract& handler, const Pattern& emits) {
    return std::ranges::any_of(contract.loops, [&](const LoopContract& loop) {
        return loop.handler == handler.name && loop.emits == emits;
    });
}

/// Moves the emissions that a loop allows to `allowed`.
void take_allowed(const Contract& contract, const HandlerContract& handler, HandlerDraft& draft,
                  std::vector<Entry>& allowed) {
    std::erase_if(draft.emits, [&](const Entry& entry) {
        const bool is_loop = is_allowed(contract, handler, entry.pattern);
        if (is_loop)
            allowed.push_back(entry);
        return is_loop;
    });
}

HandlerDraft draft_handler(const DeclaredContract& declared, std::size_t index) {
    const auto& contract = declared.contract;
    const auto& handler = contract.handlers[index];
    const auto places =
        index < declared.places.handlers.size() ? declared.places.handlers[index] : HandlerPlaces{};
    HandlerDraft draft;
    draft.handler = {contract.service, handler.name, places.name,
                     !handler.emits && contract.publishes && !contract.publishes->empty()};
    add_entries(handler.on, places.on, draft.on);
    add_entries(handler.after, places.after, draft.on);
    add_entries(emitted_patterns(contract, handler),
                handler.emits ? places.emits : declared.places.publishes, draft.emits);
    sort_unique(draft.on);
    sort_unique(draft.emits);
    return draft;
}

std::vector<Pattern> distinct(std::vector<Pattern> patterns) {
    std::ranges::sort(patterns);
    patterns.erase(std::unique(patterns.begin(), patterns.end()), patterns.end());
    return patterns;
}

Index number_of(const std::vector<Pattern>& patterns, const Pattern& pattern) {
    return static_cast<Index>(std::ranges::lower_bound(patterns, pattern) - patterns.begin());
}

/// A graph from each item's `from` to the item's number.
template <class Item, class From>
Digraph by(std::size_t from_count, const std::vector<Item>& items, From from) {
    std::vector<Digraph::Edge> edges;
    edges.reserve(items.size());
    for (Index i = 0; i < items.size(); ++i)
        edges.emplace_back(items[i].*from, i);
    return {from_count, edges};
}

std::vector<Digraph::Edge> meetings(const std::vector<Pattern>& emitted,
                                    const std::vector<Pattern>& subscribed) {
    const PatternIndex index(subscribed);
    std::vector<Digraph::Edge> edges;
    for (Index e = 0; e < emitted.size(); ++e)
        for (const auto s : index.intersecting(emitted[e]))
            edges.emplace_back(e, s);
    return edges;
}

std::vector<Digraph::Edge> reversed(std::vector<Digraph::Edge> edges) {
    for (auto& [tail, head] : edges)
        std::swap(tail, head);
    return edges;
}

} // namespace

struct InnerGraph::Draft {
    std::vector<HandlerDraft> handlers;
    std::vector<SourceDraft> sources;
    std::size_t allowed_count = 0;
    std::vector<Pattern> emitted;
    std::vector<Pattern> subscribed;
    std::vector<Subscription> subscriptions;
    std::vector<Emission> emissions;
    std::vector<Digraph::Edge> meetings;

    Draft(const GraphInput& input, AllowedLoops loops) {
        for (const auto& declared : input.contracts)
            add(declared, loops);
        for (const auto& event : input.events)
            if (event.is_entry)
                sources.push_back({"", {event.name, event.place}, false});
        std::ranges::sort(handlers, {}, &HandlerDraft::key);
        std::ranges::sort(sources);
        number();
    }

    void add(const DeclaredContract& declared, AllowedLoops loops) {
        const auto& contract = declared.contract;
        std::vector<Entry> allowed;
        for (std::size_t h = 0; h < contract.handlers.size(); ++h) {
            handlers.push_back(draft_handler(declared, h));
            if (loops == AllowedLoops::left_out)
                take_allowed(contract, contract.handlers[h], handlers.back(), allowed);
        }
        allowed_count += allowed.size();
        for (const auto& entry : allowed)
            sources.push_back({contract.service, entry, true});
        std::vector<Entry> published;
        if (contract.publishes)
            add_entries(*contract.publishes, declared.places.publishes, published);
        for (auto& entry : published) {
            const bool is_loop =
                std::ranges::find(allowed, entry.pattern, &Entry::pattern) != allowed.end();
            sources.push_back({contract.service, std::move(entry), is_loop});
        }
    }

    void number() {
        std::vector<Pattern> all_emitted;
        std::vector<Pattern> all_subscribed;
        for (const auto& source : sources)
            all_emitted.push_back(source.entry.pattern);
        for (const auto& draft : handlers) {
            for (const auto& entry : draft.emits)
                all_emitted.push_back(entry.pattern);
            for (const auto& entry : draft.on)
                all_subscribed.push_back(entry.pattern);
        }
        emitted = distinct(std::move(all_emitted));
        subscribed = distinct(std::move(all_subscribed));
        meetings = mesh::meetings(emitted, subscribed);
        for (Index h = 0; h < handlers.size(); ++h) {
            for (const auto& entry : handlers[h].emits)
                emissions.push_back({h, number_of(emitted, entry.pattern), entry.place});
            for (const auto& entry : handlers[h].on)
                subscriptions.push_back({h, number_of(subscribed, entry.pattern), entry.place});
        }
    }
};

InnerGraph::InnerGraph(const GraphInput& input, AllowedLoops loops)
    : InnerGraph(Draft(input, loops)) {}

InnerGraph::InnerGraph(Draft draft)
    : emitted_(std::move(draft.emitted)),
      subscribed_(std::move(draft.subscribed)),
      subscriptions_(std::move(draft.subscriptions)),
      emissions_(std::move(draft.emissions)),
      allowed_count_(draft.allowed_count),
      emissions_by_handler_(by(draft.handlers.size(), emissions_, &Emission::handler)),
      subscriptions_by_handler_(by(draft.handlers.size(), subscriptions_, &Subscription::handler)),
      subscriptions_by_pattern_(by(subscribed_.size(), subscriptions_, &Subscription::pattern)),
      met_(emitted_.size(), draft.meetings),
      feeding_(subscribed_.size(), reversed(draft.meetings)) {
    for (auto& one : draft.handlers)
        handlers_.push_back(std::move(one.handler));
    for (auto& one : draft.sources)
        sources_.push_back({std::move(one.service), number_of(emitted_, one.entry.pattern),
                            std::move(one.entry.place), one.is_loop});
}

std::vector<InnerGraph::Index> InnerGraph::handlers_named(std::string_view service,
                                                          std::string_view name) const {
    const auto key = [](const Handler& handler) {
        return std::pair<std::string_view, std::string_view>(handler.service, handler.name);
    };
    std::vector<Index> numbers;
    const auto wanted = std::pair(service, name);
    for (auto one = std::ranges::lower_bound(handlers_, wanted, {}, key);
         one != handlers_.end() && key(*one) == wanted; ++one)
        numbers.push_back(static_cast<Index>(one - handlers_.begin()));
    return numbers;
}

Digraph InnerGraph::digraph(const std::vector<bool>& is_removed) const {
    std::vector<Digraph::Edge> edges;
    for (Index i = 0; i < emissions_.size(); ++i)
        if (is_removed.empty() || !is_removed[i])
            edges.emplace_back(emissions_[i].handler, emitted_vertex(emissions_[i].pattern));
    for (Index e = 0; e < emitted_.size(); ++e)
        for (const auto s : met_by(e))
            edges.emplace_back(emitted_vertex(e), subscribed_vertex(s));
    for (const auto& one : subscriptions_)
        edges.emplace_back(subscribed_vertex(one.pattern), one.handler);
    return {handlers_.size() + emitted_.size() + subscribed_.size(), edges};
}

} // namespace mesh
