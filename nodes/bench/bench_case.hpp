#pragma once

#include "mesh/base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace nodes {

/// Who sends what to whom in a measurement.
struct BenchCase {
    std::string name = "1:1";
    std::uint32_t senders = 1;
    std::uint32_t receivers = 1;
    bool is_mesh = false;     ///< every process sends to all others
    bool is_lane = false;     ///< the case is about handlers in a lane, whatever else is asked for
    std::uint32_t topics = 1; ///< that a sender publishes to in turn
    std::uint32_t emitted_per_event = 0; ///< a handler emits so many because of each; 0: published
};

/// Reads `1:N`, `mesh:N`, `lane`, `topics:N`, `emitted` (64 of each event) or `emitted:N`.
/// Errors: `invalid` for another name, with a suggestion, and for a number out of bounds.
mesh::Result<BenchCase> parse_bench_case(std::string_view text);

/// One process of a case: whose events it hears, by their number, and how many hear its own.
struct CaseProcess {
    std::vector<std::uint32_t> hears;
    std::uint32_t receivers = 0;
};

/// Senders first.
std::vector<CaseProcess> processes_of(const BenchCase& bench_case);

} // namespace nodes
