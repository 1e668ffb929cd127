#include "mesh/base/endpoint.hpp"

#include <arpa/inet.h>
#include <charconv>

namespace mesh {

std::string to_string(const Endpoint& endpoint) {
    const bool is_v6 = endpoint.host.find(':') != std::string::npos;
    return (is_v6 ? "[" + endpoint.host + "]" : endpoint.host) + ":" +
           std::to_string(endpoint.port);
}

Result<Endpoint> parse_endpoint(std::string_view text) {
    const auto refuse = [&] {
        return fail(ErrorCode::invalid,
                    "expected HOST:PORT such as 127.0.0.1:7001, got \"" + std::string(text) + "\"");
    };
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos || colon == 0)
        return refuse();
    auto host = text.substr(0, colon);
    if (host.front() == '[' && host.back() == ']')
        host = host.substr(1, host.size() - 2);
    else if (host.find(':') != std::string_view::npos)
        return refuse();
    const auto digits = text.substr(colon + 1);
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (host.empty() || error != std::errc{} || end != digits.data() + digits.size())
        return refuse();
    return Endpoint{std::string(host), port};
}

bool is_loopback(std::string_view host) {
    const std::string text(host);
    in_addr v4{};
    if (inet_pton(AF_INET, text.c_str(), &v4) == 1)
        return (ntohl(v4.s_addr) >> 24U) == 127;
    in6_addr v6{};
    if (inet_pton(AF_INET6, text.c_str(), &v6) == 1)
        return IN6_IS_ADDR_LOOPBACK(&v6);
    return text == "localhost";
}

} // namespace mesh
