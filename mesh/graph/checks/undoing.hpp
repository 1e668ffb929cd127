#pragma once

#include "mesh/graph/graph_input.hpp"
#include "mesh/graph/inner_graph.hpp"

#include <map>
#include <set>
#include <string>

namespace mesh {

/// One entry of `compensates`, by the handler that has it.
struct Undone {
    std::string label; ///< SERVICE.HANDLER
    Place place;

    auto operator<=>(const Undone&) const = default;
};

/// What each undo handler undoes, by the handler's number.
using Undoing = std::map<InnerGraph::Index, std::set<Undone>>;

Undoing undo_handlers(const InnerGraph& graph, const GraphInput& input);

} // namespace mesh
