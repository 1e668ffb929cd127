#pragma once

#include "mesh/graph/answers/causal_graph.hpp"
#include "mesh/graph/answers/selection.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace mesh {

/// What a question reaches. `steps` counts the handlers that run from the one end to the other:
/// 1 is a handler that receives the event, and what that handler emits.
struct Reach {
    struct Event {
        std::string name; ///< an emitted topic or pattern
        std::uint32_t steps;
    };

    struct Handler {
        std::string label; ///< SERVICE.HANDLER
        std::string service;
        std::uint32_t steps;

        /// The edge on the shortest way: downstream the subscription over which it is reached,
        /// upstream the emission over which it leads on. Empty for the handler asked about.
        std::string edge;
        Place edge_place;
        bool is_loop; ///< the edge is an allowed loop edge
    };

    struct Service {
        std::string name;
        std::uint32_t steps; ///< of its nearest handler
    };

    // Each in order of steps, then of name.
    std::vector<Event> events;
    std::vector<Handler> handlers;
    std::vector<Service> services;
};

/// Where something begins that nothing in the graph causes.
struct Origin {
    enum class Kind {
        outside,   ///< an event declared as `entry`
        publisher, ///< a service publishes it, whatever it handles
        clock,     ///< a handler without any event as its cause
        nobody,    ///< a handler waits for it, and nobody emits it
    };

    Kind kind;
    std::string event; ///< of `clock` empty
    std::string who;   ///< service or SERVICE.HANDLER; of `outside` empty
    Place place;

    auto operator<=>(const Origin&) const = default;
};

/// Everything downstream of a selection.
Reach reach_downstream(const CausalGraph& graph, const Selection& from);

/// Everything upstream of a selection, and where it begins: `origins`, in order.
struct Upstream {
    Reach reach;
    std::vector<Origin> origins;
};

Upstream reach_upstream(const CausalGraph& graph, const Selection& to);

} // namespace mesh
