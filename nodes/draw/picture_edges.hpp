#pragma once

#include "nodes/draw/picture.hpp"
#include "nodes/draw/selection.hpp"

namespace nodes {

/// The edges between the drawn nodes of a view, in order of their ends: one for all vias that join
/// the same two nodes in the same way (plain, to be cut, allowed loop). Inside a fold there are
/// none. Of nodes with very many vias between them, not all are looked at; then `picture.notes`
/// says so.
void add_edges(const ViewGraph& view, const Selection& selection, Picture& picture);

/// Leaves the first `edges_max` edges by importance: marked ones, to be cut, allowed loops, then
/// those between near levels. Says in the notes how many it left out.
void limit_edges(std::size_t edges_max, Picture& picture);

} // namespace nodes
