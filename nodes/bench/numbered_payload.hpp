#pragma once

#include "mesh/base/bytes.hpp"

#include <cstdint>
#include <cstring>
#include <string>

namespace nodes {

/// What stands at the beginning of every payload of a benchmark: which sender's how many-th event
/// it is, and when it was due. The same in tests/bench/reference.cpp.
struct NumberedPayload {
    /// The sender in the upper byte. Its last event has the largest number.
    std::uint64_t number = 0;
    std::int64_t due_ns = 0; ///< on the monotonic clock; 0 in events that nobody waits for

    static constexpr std::uint64_t last = (std::uint64_t{1} << 56U) - 1;

    static NumberedPayload of(std::uint32_t sender, std::uint64_t number, std::int64_t due_ns) {
        return {(std::uint64_t{sender} << 56U) | number, due_ns};
    }

    std::uint64_t sender() const { return number >> 56U; }

    std::uint64_t in_order() const { return number & last; }

    /// Overwrites the first 16 bytes.
    void write_to(std::string& payload) const { std::memcpy(payload.data(), this, sizeof *this); }

    /// Of at least 16 bytes.
    static NumberedPayload read(mesh::Bytes payload) {
        NumberedPayload read;
        std::memcpy(&read, payload.data(), sizeof read);
        return read;
    }
};

inline constexpr std::uint64_t payload_size_bytes_min = sizeof(NumberedPayload);

} // namespace nodes
