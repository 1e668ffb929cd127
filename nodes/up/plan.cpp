#include "nodes/up/plan.hpp"

#include "mesh/base/endpoint.hpp"
#include "mesh/base/suggest.hpp"
#include "mesh/manifest/event_rules.hpp"

#include <algorithm>
#include <cassert>
#include <filesystem>

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
    const auto instance = variables.find("DAGMESH_INSTANCE");
    if (instance != variables.end() && !instance->second.empty() && replica > 1)
        instance->second += "." + std::to_string(replica);
    return variables;
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
        for (std::uint32_t replica = 1; replica <= service->replicas; ++replica)
            processes.push_back(
                {.service = started[turn],
                 .turn = turn,
                 .label = service->replicas == 1 ? started[turn]
                                                 : started[turn] + "." + std::to_string(replica),
                 .start = {.argv = argv_for(options, *service),
                           .folder = service->cwd,
                           .environment = environment_for(options, manifest, *service, replica)},
                 .restarts = service->restart == mesh::Restart::on_failure});
    }
    if (const auto listen = check_listen(options, processes.size()); !listen)
        return tl::unexpected(listen.error());
    return processes;
}

} // namespace nodes
