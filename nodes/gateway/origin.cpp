#include "nodes/gateway/origin.hpp"

#include <string>

namespace nodes {

namespace {

/// Whether `text` is a name under which the gateway is known: that of its address, or of loopback.
bool is_own_name(std::string_view text, const mesh::Endpoint& listen) {
    const auto endpoint = mesh::parse_endpoint(text);
    if (endpoint)
        return endpoint->port == listen.port &&
               (endpoint->host == listen.host || mesh::is_loopback(endpoint->host));
    // Without a port: that of the scheme, 80.
    const auto host = mesh::parse_endpoint(std::string(text) + ":80");
    return listen.port == 80 && host &&
           (host->host == listen.host || mesh::is_loopback(host->host));
}

} // namespace

OrRefusal<void> check_origin(const HttpRequest& request, const mesh::Endpoint& listen) {
    constexpr std::string_view scheme = "http://";
    if (const auto origin = request.header("origin"); !origin.empty())
        if (!origin.starts_with(scheme) || !is_own_name(origin.substr(scheme.size()), listen))
            return refuse(403, "expected no Origin, or http://" + to_string(listen) + ", got " +
                                   in_quotes(origin));
    const auto host = request.header("host");
    if (!host.empty() && mesh::is_loopback(listen.host)) {
        const auto endpoint = mesh::parse_endpoint(host);
        const auto plain = endpoint ? endpoint : mesh::parse_endpoint(std::string(host) + ":80");
        if (!plain || !(mesh::is_loopback(plain->host) || plain->host == listen.host))
            return refuse(403, "expected a Host such as " + to_string(listen) + ", got " +
                                   in_quotes(host));
    }
    return {};
}

} // namespace nodes
