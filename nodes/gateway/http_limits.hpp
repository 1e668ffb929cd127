#pragma once

#include "mesh/base/time.hpp"

#include <chrono>
#include <cstddef>

namespace nodes {

// What a stranger may send and how long he may take. cpp-httplib 0.11.4 has bounds of its own,
// which its shared library has compiled in (8,192 bytes a line; none for chunked bodies, for the
// number of headers, for all of them together): these are narrower, and hold before it sees a byte.

/// Path and query: a topic and a key, percent-encoded, and room to spare.
inline constexpr std::size_t target_size_bytes_max = 2048;
/// Request line and headers together.
inline constexpr std::size_t head_size_bytes_max = 16 * 1024;
inline constexpr std::size_t header_line_size_bytes_max = 8000;
inline constexpr std::size_t header_count_max = 100;
/// A payload of 1 MiB as base64 with its attributes, or a batch.
inline constexpr std::size_t body_size_bytes_max = 2 * 1024 * 1024;
/// Events of a batch.
inline constexpr std::size_t batch_events_max = 4096;

/// From the first byte of a request to its last.
inline constexpr mesh::Duration request_patience = std::chrono::seconds(10);
/// A connection on which nothing is asked.
inline constexpr mesh::Duration idle_patience = std::chrono::seconds(30);
/// A client that takes nothing of its response.
inline constexpr mesh::Duration write_patience = std::chrono::seconds(10);

/// Connections at a time; for one more, the one that has been silent longest goes.
inline constexpr std::size_t connections_max = 1000;
/// What all of them have sent of requests that are not whole yet.
inline constexpr std::size_t waiting_bytes_max = 64 * 1024 * 1024;

/// Threads that answer requests, and how many of them streams may hold.
inline constexpr std::size_t threads_max = 128;
inline constexpr std::size_t streams_max = 64;

} // namespace nodes
