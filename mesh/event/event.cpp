#include "mesh/event/event.hpp"

#include <bit>

namespace mesh {

std::string to_string(const EventId& id) {
    return to_string(id.source) + "." + std::to_string(id.incarnation) + "." +
           std::to_string(id.sequence);
}

std::string Event::idempotency_key(std::string_view handler) const {
    return to_string(id) + "/" + std::string(handler);
}

TraceId trace_of_root(const EventId& id) {
    // The source's bytes are random; folding the run and the number into them keeps traces apart.
    // The multiplier is odd, so different numbers give different products (splitmix64's constant).
    TraceId trace = id.source.bytes;
    const std::uint64_t mixed =
        (id.sequence + (std::uint64_t{id.incarnation} << 40U)) * 0x9e3779b97f4a7c15U;
    for (std::size_t i = 0; i < sizeof mixed; ++i)
        trace[i] ^= static_cast<std::byte>(mixed >> (8 * i) & 0xffU);
    return trace;
}

} // namespace mesh
