#pragma once

#include "mesh/base/result.hpp"

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace mesh {

/// A host and a TCP or UDP port. The host is a name or an address; an IPv6 address stands in
/// brackets in text, and without them here.
struct Endpoint {
    std::string host;
    std::uint16_t port = 0;

    auto operator<=>(const Endpoint&) const = default;
};

/// `127.0.0.1:7001`, `[::1]:7001`.
std::string to_string(const Endpoint& endpoint);

/// Reads HOST:PORT. Errors: `invalid` for a missing host or a port outside 0 to 65535.
Result<Endpoint> parse_endpoint(std::string_view text);

/// Whether the host is an address of the loopback interface (127.0.0.0/8, ::1) or `localhost`:
/// what is bound there cannot be reached from another machine.
bool is_loopback(std::string_view host);

} // namespace mesh
