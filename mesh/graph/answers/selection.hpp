#pragma once

#include "mesh/base/result.hpp"
#include "mesh/graph/answers/causal_graph.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace mesh {

/// What a question is about, as vertices of the graph.
struct Selection {
    enum class Kind { event, handler, service };

    Kind kind;
    std::string name; ///< as typed, without a prefix

    /// Where its consequences begin. Of an event: the patterns through which it is received.
    std::vector<Digraph::Vertex> beginnings;

    /// Where its causes end. Of an event: the patterns as which it is emitted; of a handler or a
    /// service: the handlers.
    std::vector<Digraph::Vertex> ends;
};

/// Reads a name: a topic or pattern, which stands for every event that it meets, or
/// `handler:SERVICE.HANDLER`, or `service:SERVICE`.
/// Errors: `invalid`, with a suggestion, for a name that the graph does not know. A topic that
/// only wildcards would receive is unknown: nobody emits, declares or names it.
Result<Selection> select(const CausalGraph& graph, std::string_view name);

} // namespace mesh
