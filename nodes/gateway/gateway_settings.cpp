#include "nodes/gateway/gateway_settings.hpp"

#include "mesh/manifest/event_rules.hpp"
#include "mesh/manifest/read.hpp"

#include <utility>

namespace nodes {

namespace {

using mesh::ErrorCode;
using mesh::fail;
using mesh::Result;

const mesh::Endpoint default_listen{"127.0.0.1", 8080};

Result<mesh::RealmManifest> read_realm(const std::vector<std::string>& files) {
    auto set = mesh::read_manifests(files);
    if (!set.errors.empty()) {
        const auto& first = set.errors.front();
        return fail(ErrorCode::invalid, to_string(first.place) + ": " + first.message);
    }
    if (set.realms.size() != 1)
        return fail(ErrorCode::invalid,
                    "--manifest: expected one realm, got " + std::to_string(set.realms.size()));
    return std::move(set.realms.front());
}

Result<std::vector<mesh::Pattern>> parse_patterns(const std::vector<std::string>& texts) {
    std::vector<mesh::Pattern> patterns;
    for (const auto& text : texts) {
        auto pattern = mesh::Pattern::parse(text);
        if (!pattern)
            return fail(ErrorCode::invalid, "--allow: " + pattern.error().detail);
        patterns.push_back(std::move(*pattern));
    }
    return patterns;
}

Result<void> take_routes(GatewaySettings& settings, const std::vector<std::string>& texts) {
    for (const auto& text : texts) {
        auto route = parse_route(text);
        if (!route)
            return fail(ErrorCode::invalid, "--route: " + route.error().detail);
        if (!settings.allowance.knows(route->topic))
            return fail(ErrorCode::invalid, "--route: the topic \"" + route->topic +
                                                "\" is not known by --manifest and --allow");
        settings.routes.push_back(std::move(*route));
    }
    return {};
}

} // namespace

Result<GatewaySettings> gateway_settings(const CommandLine& line) {
    GatewaySettings settings{line.global.listen.value_or(default_listen), {}};
    if (!mesh::is_loopback(settings.listen.host) && !line.global.is_insecure)
        return fail(ErrorCode::invalid, "to listen off loopback needs --insecure: anybody on that "
                                        "network could publish and read");
    std::vector<mesh::Pattern> named;
    std::string realm;
    if (const auto files = line.options.texts("manifest"); !files.empty()) {
        auto manifest = read_realm(files);
        if (!manifest)
            return tl::unexpected(manifest.error());
        named = named_patterns(*manifest);
        if (named.empty()) // else nothing would be restricted
            return fail(ErrorCode::invalid, "--manifest: expected one that names a topic");
        mesh::Contract contract;
        contract.publishes = named;
        settings.rules = mesh::event_rules(*manifest, contract);
        settings.events = std::move(manifest->events);
        realm = manifest->realm;
    }
    auto allowed = parse_patterns(line.options.texts("allow"));
    if (!allowed)
        return tl::unexpected(allowed.error());
    settings.realm = line.global.realm_beside(realm);
    settings.allowance = Allowance(std::move(named), std::move(*allowed));
    if (auto taken = take_routes(settings, line.options.texts("route")); !taken)
        return tl::unexpected(taken.error());
    return settings;
}

} // namespace nodes
