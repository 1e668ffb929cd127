#pragma once

#include "mesh/graph/cycle_search.hpp"
#include "mesh/graph/finding.hpp"
#include "mesh/graph/inner_graph.hpp"
#include "mesh/graph/walk_search.hpp"

#include <span>
#include <string>
#include <vector>

namespace mesh {

/// A cycle as people read it: a step begins with the event that the one before emitted. The
/// smallest event comes first; among equal ones, the order that reads smallest.
std::vector<WalkStep> cycle_steps(const InnerGraph& graph, std::span<const Step> steps);

/// A walk as people read it, closed by the emission of its last handler. `event` is what arrives
/// first.
std::vector<WalkStep> path_steps(const InnerGraph& graph, std::string event, const Walk& walk,
                                 InnerGraph::Index last_emission);

/// `, through a wildcard` when a step of the walk is one only because patterns intersect.
std::string wildcard_note(std::span<const WalkStep> steps);

/// Turns a cycle so that its smallest event comes first.
void rotate_to_smallest(std::vector<WalkStep>& steps);

/// In order of place, each once.
void sort_places(std::vector<NotedPlace>& places);

/// `1 handler`, `2 handlers`.
std::string counted(std::size_t count, const std::string& what);

} // namespace mesh
