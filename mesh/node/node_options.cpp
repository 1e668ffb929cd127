#include "mesh/node/node_options.hpp"

#include "mesh/base/quantity.hpp"
#include "mesh/event/name.hpp"
#include "mesh/net/interfaces.hpp"
#include "mesh/wire/compression.hpp"

#include <charconv>
#include <cstdlib>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace mesh {

namespace {

std::string variable(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? std::string() : value;
}

std::vector<std::string> list(const char* name) {
    std::vector<std::string> items;
    const auto text = variable(name);
    for (std::size_t start = 0; start < text.size();) {
        const auto comma = std::min(text.find(',', start), text.size());
        if (comma > start)
            items.push_back(text.substr(start, comma - start));
        start = comma + 1;
    }
    return items;
}

int descriptor(const char* name) {
    const auto text = variable(name);
    int fd = -1;
    if (!text.empty()) {
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), fd);
        if (error != std::errc{} || end != text.data() + text.size() || fd < 0)
            throw std::invalid_argument(std::string(name) + ": expected a file descriptor, got \"" +
                                        text + "\"");
    }
    return fd;
}

Endpoint endpoint(const char* name, const std::string& text) {
    const auto parsed = parse_endpoint(text);
    if (!parsed)
        throw std::invalid_argument(std::string(name) + ": " + parsed.error().detail);
    return *parsed;
}

void check(const NodeOptions& options) {
    if (options.service.empty())
        throw std::invalid_argument("a node needs the name of its service");
    const auto check = [](const std::string& what, const std::string& name) {
        if (const auto checked = check_name(name); !checked)
            throw std::invalid_argument(what + ": " + checked.error().detail);
    };
    check("service", options.service);
    check("realm", options.realm);
    if (!options.instance.empty())
        check("instance", options.instance);
    const bool is_off_loopback =
        (options.listen && !is_loopback(options.listen->host)) || !options.interfaces.empty();
    if (is_off_loopback && !options.is_insecure)
        throw std::invalid_argument("to listen off loopback needs --insecure: there is no "
                                    "encryption yet, anybody on that network could join");
    if (options.listen && options.listen->port == 65535)
        throw std::invalid_argument(
            "--listen: the inbox takes the next port, so 65535 is too high");
    if (options.compress_from_bytes && !has_compression())
        throw std::runtime_error("--compress: this dagmesh was built without zstd");
    for (const auto& name : options.interfaces)
        if (interfaces_named(name).empty())
            throw std::invalid_argument("--iface " + name +
                                        ": no such interface, or it is down or has no address");
}

void take(std::string& field, const char* name, bool wins) {
    if (auto value = variable(name); !value.empty() && (wins || field.empty()))
        field = std::move(value);
}

template <class T>
T expect(const char* name, Result<T> value) {
    if (!value)
        throw std::invalid_argument(std::string(name) + ": " + value.error().detail);
    return std::move(*value);
}

void take_settings(NodeOptions& options) {
    take(options.realm, "DAGMESH_REALM", true);
    take(options.service, "DAGMESH_SERVICE", true);
    take(options.instance, "DAGMESH_INSTANCE", false);
    take(options.state_folder, "DAGMESH_STATE", false);
    take(options.advertise, "DAGMESH_ADVERTISE", false);
    if (!options.listen)
        if (const auto text = variable("DAGMESH_LISTEN"); !text.empty())
            options.listen = endpoint("DAGMESH_LISTEN", text);
    if (options.interfaces.empty())
        options.interfaces = list("DAGMESH_IFACE");
    if (options.peers.empty())
        for (const auto& text : list("DAGMESH_PEER"))
            options.peers.push_back(endpoint("DAGMESH_PEER", text));
    if (const auto text = variable("DAGMESH_INSECURE"); !text.empty() && text != "0")
        options.is_insecure = true;
    if (const auto text = variable("DAGMESH_TCP_ONLY"); !text.empty() && text != "0")
        options.is_tcp_only = true;
    if (const auto text = variable("DAGMESH_NO_STRICT_JOIN"); !text.empty() && text != "0")
        options.is_strict = false;
}

void take_plumbing(NodeOptions& options) {
    take(options.journal_folder, "DAGMESH_JOURNAL", false);
    if (const auto text = variable("DAGMESH_SYNC"); !text.empty())
        options.sync = expect("DAGMESH_SYNC", parse_sync(text));
    if (const auto text = variable("DAGMESH_JOURNAL_BOUNDS"); !text.empty())
        options.journal = expect("DAGMESH_JOURNAL_BOUNDS", parse_journal_options(text));
    if (options.expects.empty())
        options.expects = list("DAGMESH_EXPECT");
    if (options.ready_fd < 0)
        options.ready_fd = descriptor("DAGMESH_READY_FD");
    if (options.report_fd < 0)
        options.report_fd = descriptor("DAGMESH_REPORT_FD");
    if (const auto text = variable("DAGMESH_FAULTS"); !text.empty() && text != "0")
        options.allows_faults = true;
    if (const auto text = variable("DAGMESH_EVENTS"); !text.empty())
        options.events = expect("DAGMESH_EVENTS", parse_event_rules(text));
}

} // namespace

NodeOptions with_environment(NodeOptions options) {
    if (options.uses_environment)
        take_settings(options);
    if (!options.is_observer)
        take_plumbing(options);
    // What was typed at a tool wins.
    const bool is_typed = options.is_observer && options.compress_from_bytes;
    if (const auto text = variable("DAGMESH_COMPRESS"); !text.empty() && !is_typed)
        options.compress_from_bytes = expect("DAGMESH_COMPRESS", parse_size(text));
    if (options.realm.empty())
        options.realm = "default";
    check(options);
    return options;
}

} // namespace mesh
