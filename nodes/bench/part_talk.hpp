#pragma once

#include "nodes/bench/pace.hpp"
#include "nodes/bench/receiving.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace nodes {

// How a process of a round talks with the one that started it, line by line over stdin and stdout:
//
//     at ADDRESS                  it has started; a node finds its peers itself and has none: "-"
//     < to ADDRESS...             of those who hear it
//     ready                       all of those are linked
//     < go
//     published COUNT START_NS    everything is sent, and, by a node, acknowledged
//     received COUNT DISORDERED END_NS P50_NS P99_NS   the last event of the last sender came
//     failed                      instead of any of these
//
// It ends with its stdin, and with the process that started it. Times are of the monotonic clock.

/// To be called first, with the words of the part. Throws std::invalid_argument for others.
Part begin_part(const std::vector<std::string>& words);

/// A whole line, from any thread.
void say_line(std::string_view line);

/// Waits for the addresses of those who hear this process. Here as below, the process ends when it
/// is told nothing any more.
std::vector<std::string> hear_addresses();

void wait_for_go();

/// Does not return.
[[noreturn]] void wait_for_end();

void say_published(std::uint64_t count, const Pace& pace);

/// That the last event has just come.
void say_received(Receiving& receiving);

} // namespace nodes
