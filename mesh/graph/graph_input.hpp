#pragma once

#include "mesh/base/place.hpp"
#include "mesh/event/contract.hpp"
#include "mesh/event/pattern.hpp"

#include <vector>

namespace mesh {

/// Where the parts of a handler's contract were written, each list in the contract's order. Empty
/// where unknown, as for contracts that come from the running mesh.
struct HandlerPlaces {
    Place name;
    std::vector<Place> on;
    std::vector<Place> emits;
    std::vector<Place> after;
};

struct ContractPlaces {
    Place service;
    std::vector<Place> publishes;
    std::vector<HandlerPlaces> handlers;
    std::vector<Place> loops;
};

struct DeclaredContract {
    Contract contract;
    ContractPlaces places;
};

/// What is known of a topic beside who handles it.
struct DeclaredEvent {
    Pattern name;
    bool is_entry = false;    ///< comes from outside the mesh
    bool is_terminal = false; ///< nobody needs to handle it
    Place place;
};

/// What the graph of one realm is made of. The order of its lists has no influence on any result.
struct GraphInput {
    std::vector<DeclaredContract> contracts;
    std::vector<DeclaredEvent> events;
};

} // namespace mesh
