#pragma once

#include "mesh/base/endpoint.hpp"
#include "mesh/base/node_id.hpp"
#include "mesh/event/contract.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace mesh {

enum class PeerState {
    joining, ///< heard of, not yet introduced
    active,  ///< introduced, its contract known
    suspect, ///< silent; asked whether it is still there
    gone,    ///< left, or did not answer
};

std::string_view to_text(PeerState state);

/// Another node, as seen from this one.
struct Peer {
    NodeId id;
    std::uint32_t incarnation = 0;
    std::string service;
    std::string instance;
    bool is_observer = false;
    PeerState state = PeerState::joining;
    bool has_left = false; ///< gone because it said so
    Endpoint control;
    Endpoint inbox;
    std::string inbox_name; ///< of its abstract socket
    std::uint64_t machine = 0;
    std::uint64_t contract_hash = 0;
    std::shared_ptr<const Contract> contract;
    std::vector<std::uint16_t> quarantined; ///< handlers of its contract that do not run, for now
};

/// By service, instance and id.
void sort(std::vector<Peer>& peers);

/// A sign of life that is not a hello: a beacon, or what another node told.
struct Sighting {
    NodeId id;
    std::uint32_t incarnation = 0;
    bool is_observer = false;
    Endpoint control;
    std::uint64_t contract_hash = 0;
    bool hears_of_us = true; ///< or will in a moment, so that it may say hello first
};

} // namespace mesh
