#pragma once

#include <span>
#include <string>

namespace nodes {

/// Does one part of `bench graph` in a process of its own, so that the one that measures stays
/// small: writes a graph, or prints what its phases or live insertion take.
/// Words: `generate SHAPE EDGES HAS-CYCLE FILE`, `phases FILE` or `live SHAPE`.
/// Throws std::invalid_argument for others, std::runtime_error for files.
void run_graph_part(std::span<const std::string> words);

/// Reads the edge list and prints, as one line of numbers in milliseconds, what each phase takes
/// inside the process: reading, building, peeling, components.
void print_phases(const std::string& path);

/// Prints, as one line of numbers, how live insertion does on a graph of that shape with 100,000
/// names and 400,000 edges (a chain has 99,999): microseconds an insertion, mean, p99 and largest,
/// then microseconds to refuse an edge, mean and p99.
void print_live(const std::string& shape);

} // namespace nodes
