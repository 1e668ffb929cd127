#pragma once

#include "mesh/base/node_id.hpp"
#include "mesh/event/contract.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace mesh {

/// Who a node is; fixed from its start on.
struct Identity {
    NodeId id;
    std::uint32_t incarnation = 1;
    std::string service;
    std::string instance;
    std::string realm;
    std::uint64_t realm_hash = 0;
    bool is_observer = false;
    Contract contract;
    std::string encoded_contract;
    std::uint64_t contract_hash = 0;
    std::uint16_t control_port = 0;
    std::uint16_t inbox_port = 0;
    std::string inbox_name; ///< of its abstract UNIX socket; empty: it is reached over TCP only
    std::uint64_t machine = 0;
    std::string advertise;
    std::vector<std::string> hosts; ///< addresses that it listens on
};

/// The name of the abstract UNIX socket on which a node's control path listens too.
inline std::string control_name(const NodeId& id, std::uint32_t incarnation) {
    return "dagmesh-control-" + to_string(id) + "-" + std::to_string(incarnation);
}

} // namespace mesh
