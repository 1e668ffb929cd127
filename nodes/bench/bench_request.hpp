#pragma once

#include "nodes/bench/side_by_side.hpp"
#include "nodes/cli/command_line.hpp"

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nodes {

/// What there is to run.
inline constexpr std::array<std::string_view, 11> bench_names{
    "throughput", "latency", "fanout", "mesh",  "idle", "graph",
    "discovery",  "levels",  "slow",   "lines", "all"};

/// What somebody wants measured. Lists that are empty were left to the benchmark.
struct BenchRequest {
    std::string name;
    std::vector<std::string> arguments; ///< what stands behind the name
    std::vector<BenchCase> cases;
    std::vector<std::uint64_t> sizes_bytes;
    std::vector<mesh::Level> levels;
    std::vector<bool> is_inline;
    std::vector<Transport> transports;
    std::vector<double> rates;
    std::size_t rounds = 5;
    bool is_quick = false; ///< of `graph`
    std::optional<mesh::Duration> time;
    ReferenceTransport reference_transport = ReferenceTransport::same;
};

/// Reads the options. Throws std::invalid_argument for values that are none and for options that
/// the benchmark does not have, naming the option, and for an unknown benchmark.
BenchRequest bench_request(const CommandLine& line);

/// Throws std::invalid_argument with a suggestion for a name that is not
/// among `known`.
void check_bench_name(std::string_view name, std::span<const std::string_view> known);

/// How many nodes meet, of `discovery`: the arguments, else what has a goal.
/// Throws std::invalid_argument.
std::vector<std::size_t> node_counts_of(const BenchRequest& request);

/// The matches of `throughput`, `latency`, `fanout` and `mesh`; what the request leaves open is
/// what the benchmark is about.
std::vector<Match> matches_of(const BenchRequest& request);

} // namespace nodes
