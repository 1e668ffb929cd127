#pragma once

#include "mesh/graph/digraph.hpp"
#include "mesh/graph/graph_input.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mesh {

/// The graph that everything is read off: emitted patterns, subscribed patterns, and handlers
/// between them. An emitted pattern leads to every subscribed pattern that it intersects; a
/// pattern that plays both roles is in both lists, because `order.*` as a subscription does not
/// emit what `order.*` as an emission does. All lists are sorted and without repetition, so equal
/// graphs get equal numbers whatever the order of the input.
class InnerGraph {
public:
    using Index = std::uint32_t;

    struct Handler {
        std::string service;
        std::string name;
        Place place;
        bool is_assumed = false; ///< its `emits` is missing, and read as all that is published

        std::string label() const { return service + "." + name; }
    };

    /// `handler` listens to the pattern, or remembers it.
    struct Subscription {
        Index handler;
        Index pattern; ///< in `subscribed()`
        Place place;
    };

    /// `handler` may emit the pattern. Allowed loop edges are among them only when kept.
    struct Emission {
        Index handler;
        Index pattern; ///< in `emitted()`
        Place place;
    };

    /// What is emitted without a handler of the graph as the cause: `publishes` of a service,
    /// events declared as `entry`, and allowed loop edges that are left out.
    struct Source {
        std::string service; ///< empty for an event from outside
        Index pattern;       ///< in `emitted()`
        Place place;
        bool is_loop;
    };

    /// What becomes of emissions that a loop allows: emissions like all others, or sources.
    enum class AllowedLoops { left_out, kept };

    explicit InnerGraph(const GraphInput& input, AllowedLoops loops = AllowedLoops::left_out);

    /// The numbers of the handlers of that name, usually one.
    std::vector<Index> handlers_named(std::string_view service, std::string_view name) const;

    const std::vector<Handler>& handlers() const { return handlers_; }

    const std::vector<Pattern>& emitted() const { return emitted_; }

    const std::vector<Pattern>& subscribed() const { return subscribed_; }

    const std::vector<Subscription>& subscriptions() const { return subscriptions_; }

    const std::vector<Emission>& emissions() const { return emissions_; }

    const std::vector<Source>& sources() const { return sources_; }

    /// Of how many emissions a loop was allowed and left out.
    std::size_t allowed_count() const { return allowed_count_; }

    /// The numbers of one handler's emissions, and of its subscriptions.
    std::span<const Index> emissions_of(Index handler) const {
        return emissions_by_handler_.heads(handler);
    }

    std::span<const Index> subscriptions_of(Index handler) const {
        return subscriptions_by_handler_.heads(handler);
    }

    /// The subscribed patterns that an emitted one meets, and the other way round.
    std::span<const Index> met_by(Index emitted) const { return met_.heads(emitted); }

    std::span<const Index> feeding(Index subscribed) const { return feeding_.heads(subscribed); }

    /// The numbers of the subscriptions to one pattern.
    std::span<const Index> subscriptions_to(Index subscribed) const {
        return subscriptions_by_pattern_.heads(subscribed);
    }

    /// Handlers, then emitted, then subscribed patterns as vertices of one graph, without the
    /// emissions marked in `is_removed` (all of them count when it is empty).
    Digraph digraph(const std::vector<bool>& is_removed) const;

    Index emitted_vertex(Index emitted) const { return count(handlers_) + emitted; }

    Index subscribed_vertex(Index subscribed) const {
        return count(handlers_) + count(emitted_) + subscribed;
    }

private:
    struct Draft;
    explicit InnerGraph(Draft draft);

    template <class List>
    static Index count(const List& list) {
        return static_cast<Index>(list.size());
    }

    std::vector<Handler> handlers_;
    std::vector<Pattern> emitted_;
    std::vector<Pattern> subscribed_;
    std::vector<Subscription> subscriptions_;
    std::vector<Emission> emissions_;
    std::vector<Source> sources_;
    std::size_t allowed_count_ = 0;
    Digraph emissions_by_handler_;
    Digraph subscriptions_by_handler_;
    Digraph subscriptions_by_pattern_;
    Digraph met_;
    Digraph feeding_;
};

} // namespace mesh
