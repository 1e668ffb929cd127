#pragma once

#include "mesh/event/contract.hpp"

#include <compare>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace mesh {

/// Whether the handler both receives and emits, so that it may lie on a cycle. What a loop allows
/// it to emit does not count.
bool relays(const Contract& contract, const HandlerContract& handler);

/// Which handlers cause which, among contracts that come and go: to be asked again and again
/// whether one handler closes a cycle with some of the others. Handlers lead to each other over
/// the patterns that they emit and subscribe to, each pattern once, so the size is that of the
/// contracts and not handlers x handlers. Equal contracts (replicas) share their handlers.
class HandlerGraph {
public:
    /// A contract's place, given again once it is released.
    using Slot = std::uint32_t;

    struct Vertex {
        Slot slot = 0;
        std::uint32_t handler = 0; ///< index in the contract

        auto operator<=>(const Vertex&) const = default;
    };

    /// The slot of this contract; that of an equal one when there is one.
    Slot add(const std::shared_ptr<const Contract>& contract);

    /// To be called once for each `add`.
    void release(Slot slot);

    const Contract& contract(Slot slot) const { return *slots_[slot].contract; }

    /// The shortest cycle through `start` over handlers that `may_pass`, beginning with `start`;
    /// empty when there is none. Iterative; visits each pattern and subscription at most once.
    std::vector<Vertex> cycle_through(Vertex start, const std::function<bool(Vertex)>& may_pass);

    /// One handler of a cycle with the event that reaches it.
    struct Step {
        Vertex vertex;
        std::string event; ///< as the handler before it emits it
        std::string on;    ///< differs from `event` when a wildcard is involved
        std::string emits;
    };

    /// The cycle as people read it, beginning with the smallest event, whichever handler it was
    /// searched from.
    std::vector<Step> walk(const std::vector<Vertex>& cycle) const;

private:
    using Index = std::uint32_t;

    /// A pattern in the role of an emission or of a subscription.
    struct Place {
        Pattern pattern;
        std::uint32_t use_count = 0;
        std::uint32_t mark = 0;
        std::vector<Index> meets;      ///< intersecting patterns of the other role
        std::vector<Vertex> listeners; ///< of a subscription
    };

    struct Role {
        std::map<std::string, Index> by_text;
        std::vector<Place> places;
        std::vector<Index> free;
    };

    struct Handler {
        std::vector<Index> on;
        std::vector<Index> emits;
        std::uint32_t mark = 0;
        Vertex from; ///< whence the search came
    };

    struct Entry {
        std::shared_ptr<const Contract> contract;
        std::uint32_t use_count = 0;
        std::vector<Handler> handlers;
    };

    static Index take(Role& role, Role& other, const Pattern& pattern);
    static void drop(Role& role, Role& other, Index index);

    Handler& handler(Vertex vertex) { return slots_[vertex.slot].handlers[vertex.handler]; }

    const Handler& handler(Vertex vertex) const {
        return slots_[vertex.slot].handlers[vertex.handler];
    }

    std::vector<Entry> slots_;
    Role emitted_;
    Role subscribed_;
    std::uint32_t search_ = 0; ///< a mark counts only when it is the number of the search
};

} // namespace mesh
