#pragma once

#include <string>

namespace bench {

/// Reads the edge list and prints, as one line of numbers in milliseconds, what each phase of ours
/// takes inside the process: reading, building, peeling, components. Then the same three on
/// Boost.Graph's compressed graph, zeros without Boost.Graph.
void print_phases(const std::string& path);

/// Reads the edge list as a program on Boost.Graph would: names in an unordered map, a compressed
/// graph, topological_sort. Returns 0 for an acyclic graph, 1 otherwise, 2 when it was built
/// without.
int check_with_boost(const std::string& path);

/// Prints, as one line of numbers, how live insertion does on a graph of that shape with 100,000
/// names and 400,000 edges (a chain has 99,999): microseconds an insertion, mean, p99 and largest,
/// then microseconds to refuse an edge, mean and p99.
void print_live(const std::string& shape);

} // namespace bench
