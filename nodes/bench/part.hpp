#pragma once

#include "mesh/base/result.hpp"
#include "mesh/base/time.hpp"
#include "mesh/event/delivery.hpp"
#include "nodes/bench/bench_case.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace nodes {

enum class Transport : std::uint8_t { tcp, ipc };

std::string name_of(Transport transport);

/// Errors: `invalid`, naming the two.
mesh::Result<Transport> parse_transport(std::string_view text);

/// What one process of a round does. It is this program, started again as `dagmesh bench part
/// WORD...`.
struct Part {
    std::uint32_t number = 0; ///< among the processes of the round
    CaseProcess process;
    std::uint32_t nodes = 0; ///< of a meeting, which all of them come to; 0: of a load
    std::uint32_t topics = 1;
    std::uint32_t emitted_per_event = 0;
    std::uint64_t payload_size_bytes = 64;
    mesh::Duration time = std::chrono::seconds(1); ///< it sends for so long
    double rate = 0;                               ///< events a second that it sends; 0: all it can
    Transport transport = Transport::ipc;
    mesh::Level level = mesh::Level::reliable;
    bool is_inline = false;
    std::string realm;
    std::string folder; ///< for what lasts; empty: nothing does
    std::optional<std::uint16_t> beacon_port;
};

/// `NAME=VALUE` each.
std::vector<std::string> words_of(const Part& part);

/// What starts a process for the part: this program, or another one that takes the same words.
std::vector<std::string> command_of(const Part& part, const std::string& other_program = "");

/// Reads such words back. Errors: `invalid` for what is no such word.
mesh::Result<Part> parse_part(std::span<const std::string> words);

} // namespace nodes
