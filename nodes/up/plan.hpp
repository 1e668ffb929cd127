#pragma once

#include "mesh/base/result.hpp"
#include "mesh/manifest/manifest.hpp"
#include "nodes/process/process.hpp"
#include "nodes/up/up_options.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace nodes {

/// One process that `up` will run: a replica of a service.
struct PlannedProcess {
    std::string service;
    std::size_t turn = 0; ///< processes of equal turn are the replicas of one service
    std::string label;    ///< `order`, or `order.2` when there are several replicas
    ProcessStart start;   ///< all but DAGMESH_EXPECT, which depends on who is there
    bool restarts = false;
    std::uint32_t replica = 1; ///< its number among those of its service
    std::string instance;      ///< as its node is told; empty: it finds one itself
    bool is_asked_for = true;  ///< else it waits for an order
};

/// Decides what to run, in the order in which it starts. `start_order` names every service of the
/// manifest, consumers first. Pure.
/// Errors: `invalid` for a service in --only or --until that does not exist or is not started, and
/// for one --listen port for several nodes.
mesh::Result<std::vector<PlannedProcess>> plan_processes(const UpOptions& options,
                                                         const mesh::RealmManifest& manifest,
                                                         std::span<const std::string> start_order);

} // namespace nodes
