#pragma once

#include "mesh/base/date.hpp"
#include "mesh/base/place.hpp"
#include "mesh/event/contract.hpp"
#include "mesh/event/delivery.hpp"
#include "mesh/event/pattern.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mesh {

/// Where the parts of a handler's contract were written, each list in the contract's order. Empty
/// where unknown, as for contracts that come from the running mesh.
struct HandlerPlaces {
    Place name;
    std::vector<Place> on;
    std::vector<Place> emits;
    std::vector<Place> after;
    std::vector<Place> compensates = {};
};

struct ContractPlaces {
    Place service;
    std::vector<Place> publishes;
    std::vector<HandlerPlaces> handlers;
    std::vector<Place> loops;
};

/// What the graph needs to know of a handler beside its contract.
struct HandlerDetails {
    /// It holds up its publishers when it is too slow. False where unknown.
    bool is_blocking = false;

    /// The handlers that it undoes: HANDLER of its own service, or SERVICE.HANDLER.
    std::vector<std::string> compensates = {};

    /// Several replicas share its events. False where unknown.
    bool is_shared = false;
};

/// One service of the graph. The lists beside the contract are in its order, and empty where
/// nothing is known.
struct DeclaredContract {
    Contract contract;
    ContractPlaces places;
    std::vector<HandlerDetails> handlers = {};
    std::vector<std::optional<Date>> loops_until = {}; ///< last day on which each loop is allowed
};

/// A field of an event's data. Types are compared as text.
struct DeclaredField {
    std::string name;
    std::string type;
};

/// What is known of a topic beside who handles it.
struct DeclaredEvent {
    Pattern name;
    bool is_entry = false;    ///< comes from outside the mesh
    bool is_terminal = false; ///< nobody needs to handle it
    Place place;
    std::vector<DeclaredField> fields = {};
    Level level = Level::reliable;
};

/// No event of `from` may cause one of `must_not_reach`, directly or over others.
struct ReachRule {
    Pattern from;
    Pattern must_not_reach;
    Place place;
};

/// No event of `event` may go to more than `max_fan_out` handlers.
struct FanOutRule {
    Pattern event;
    std::uint32_t max_fan_out;
    Place place;
};

/// What the graph of one realm is made of. The order of its lists has no influence on any result.
struct GraphInput {
    std::vector<DeclaredContract> contracts;
    std::vector<DeclaredEvent> events;
    std::vector<ReachRule> reach_rules = {};
    std::vector<FanOutRule> fan_out_rules = {};
};

} // namespace mesh
