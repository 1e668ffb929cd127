#include "discovery/discovery.hpp"

#include "discovery/beaconing.hpp"

#include <charconv>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace discovery {

namespace {

constexpr std::uint16_t default_port = 5670;

std::uint16_t port_from_environment() {
    const char* text = std::getenv("DAGMESH_BEACON_PORT");
    if (text == nullptr || *text == '\0')
        return default_port;
    const std::string_view digits(text);
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (error != std::errc{} || end != digits.data() + digits.size() || port == 0)
        throw std::invalid_argument("DAGMESH_BEACON_PORT: expected a port, got \"" +
                                    std::string(digits) + "\"");
    return port;
}

bool is_silenced() {
    const char* text = std::getenv("DAGMESH_NO_BEACON");
    return text != nullptr && *text != '\0' && std::string_view(text) != "0";
}

} // namespace

Discovery::Discovery(mesh::Node& node, DiscoveryOptions options) {
    if (options.is_silent || is_silenced())
        return;
    const auto port = options.beacon_port ? *options.beacon_port : port_from_environment();
    node.at_start([beaconing = std::make_shared<Beaconing>(node, port)] { beaconing->start(); });
}

} // namespace discovery
