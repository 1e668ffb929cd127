#include "mesh/base/quantity.hpp"
#include "nodes/commands/commands.hpp"

#include <stdexcept>

namespace nodes {

mesh::NodeOptions node_options(const GlobalOptions& global, const std::string& service,
                               const std::string& realm) {
    mesh::NodeOptions options;
    options.service = service;
    options.realm = realm;
    options.uses_environment = false; // the command line has read it
    options.instance = global.instance.value_or("");
    options.state_folder = global.state_folder.value_or("");
    options.listen = global.listen;
    options.advertise = global.advertise.value_or("");
    options.interfaces = global.interfaces;
    options.peers = global.peers;
    options.is_insecure = global.is_insecure;
    return options;
}

mesh::NodeOptions observer_options(const GlobalOptions& global, const std::string& service) {
    auto options = node_options(global, service, global.realm_beside(""));
    options.is_observer = true;
    options.is_passing = true;
    return options;
}

mesh::StartFrom start_from(const CommandLine& line) {
    const auto text = line.options.text("from");
    if (!text)
        return {};
    const auto from = mesh::parse_start_from(*text, mesh::wall_now());
    if (!from)
        throw std::invalid_argument("--from: " + from.error().detail);
    return *from;
}

std::optional<std::uint64_t> compress_from_bytes(const CommandLine& line) {
    const auto text = line.options.text("compress");
    if (!text)
        return std::nullopt;
    const auto size = mesh::parse_size(*text);
    if (!size)
        throw std::invalid_argument("--compress: " + size.error().detail);
    return *size;
}

} // namespace nodes
