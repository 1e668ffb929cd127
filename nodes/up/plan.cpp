#include "nodes/up/plan.hpp"

#include "mesh/base/endpoint.hpp"
#include "mesh/base/suggest.hpp"
#include "mesh/manifest/event_rules.hpp"

#include <algorithm>
#include <cassert>
#include <filesystem>
#include <utility>

namespace nodes {

using mesh::ErrorCode;
using mesh::fail;
using mesh::Result;
using mesh::ServiceManifest;

namespace {

Result<void> check_known(const std::string& option, const std::string& service,
                         std::span<const std::string> known) {
    if (std::ranges::find(known, service) != known.end())
        return {};
    return fail(ErrorCode::invalid, option + ": no service \"" + service + "\" is started" +
                                        mesh::did_you_mean(service, known));
}

std::string absolute_path(const std::string& path) {
    return std::filesystem::absolute(path).lexically_normal().string();
}

std::string value_of(const Environment& variables, const std::string& name) {
    const auto found = variables.find(name);
    return found == variables.end() ? std::string() : found->second;
}

Environment environment_for(const UpOptions& options, const mesh::RealmManifest& manifest,
                            const ServiceManifest& service, std::uint32_t replica) {
    auto variables = options.environment;
    // Its values are in global_environment already, and the realm is decided.
    variables.erase("DAGMESH_CONFIG");
    for (const auto& [name, value] : options.global_environment)
        variables[name] = value;
    for (const auto& [name, value] : service.environment)
        variables[name] = value;
    variables["DAGMESH_MANIFEST"] = absolute_path(service.place.file);
    variables["DAGMESH_SERVICE"] = service.contract.service;
    variables["DAGMESH_REALM"] = options.realm;
    variables["DAGMESH_EVENTS"] = mesh::to_text(mesh::event_rules(manifest, service.contract));
    // One name would be one instance; replicas are several.
    const auto instance = value_of(variables, "DAGMESH_INSTANCE");
    if (!instance.empty() && replica > 1)
        variables["DAGMESH_INSTANCE"] = instance + "." + std::to_string(replica);
    // Who directs has to know which node is which replica, and may cut nodes off.
    if (options.is_directed) {
        if (instance.empty())
            variables["DAGMESH_INSTANCE"] = std::to_string(replica);
        variables["DAGMESH_FAULTS"] = "1";
    }
    return variables;
}

std::uint32_t ordered_max(const UpOptions& options, const std::string& service) {
    const auto ordered = options.replicas_max.find(service);
    return ordered == options.replicas_max.end() ? 0 : ordered->second;
}

std::vector<std::string> argv_for(const UpOptions& options, const ServiceManifest& service) {
    if (!service.run.empty() && service.speaks == mesh::Speaks::mesh)
        return service.run;
    return {options.executable, "node", absolute_path(service.place.file), "--service",
            service.contract.service};
}

Result<void> check_listen(const UpOptions& options, std::size_t process_count) {
    const auto listen = options.global_environment.find("DAGMESH_LISTEN");
    if (listen == options.global_environment.end() || process_count < 2)
        return {};
    const auto endpoint = mesh::parse_endpoint(listen->second);
    if (endpoint && endpoint->port != 0)
        return fail(ErrorCode::invalid, "--listen " + listen->second + " is one address, but " +
                                            std::to_string(process_count) +
                                            " nodes are started; use port 0");
    return {};
}

} // namespace

Result<std::vector<PlannedProcess>> plan_processes(const UpOptions& options,
                                                   const mesh::RealmManifest& manifest,
                                                   std::span<const std::string> start_order) {
    std::vector<std::string> started(start_order.begin(), start_order.end());
    for (const auto& service : options.only)
        if (const auto known = check_known("--only", service, start_order); !known)
            return tl::unexpected(known.error());
    if (!options.only.empty())
        std::erase_if(started, [&](const std::string& service) {
            return std::ranges::find(options.only, service) == options.only.end();
        });
    if (options.until)
        if (const auto known = check_known("--until", *options.until, started); !known)
            return tl::unexpected(known.error());

    std::vector<PlannedProcess> processes;
    for (std::size_t turn = 0; turn < started.size(); ++turn) {
        const auto service =
            std::ranges::find(manifest.services, started[turn],
                              [](const ServiceManifest& each) -> const std::string& {
                                  return each.contract.service;
                              });
        assert(service != manifest.services.end());
        const auto replicas_max = std::max(service->replicas, ordered_max(options, started[turn]));
        for (std::uint32_t replica = 1; replica <= replicas_max; ++replica) {
            auto environment = environment_for(options, manifest, *service, replica);
            auto instance = value_of(environment, "DAGMESH_INSTANCE");
            processes.push_back({.service = started[turn],
                                 .turn = turn,
                                 .label = replicas_max == 1
                                              ? started[turn]
                                              : started[turn] + "." + std::to_string(replica),
                                 .start = {.argv = argv_for(options, *service),
                                           .folder = service->cwd,
                                           .environment = std::move(environment)},
                                 .restarts = service->restart == mesh::Restart::on_failure,
                                 .replica = replica,
                                 .instance = std::move(instance),
                                 .is_asked_for = replica <= service->replicas});
        }
    }
    if (const auto listen = check_listen(options, processes.size()); !listen)
        return tl::unexpected(listen.error());
    return processes;
}

} // namespace nodes
