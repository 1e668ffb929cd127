#pragma once

#include "nodes/init/flow.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace nodes {

/// What makes one topic of a flow.
struct FlowHandler {
    std::string name;
    std::vector<std::string> on;
    std::string emits;
};

struct FlowService {
    std::string name;
    std::vector<FlowHandler> handlers;
};

/// So many events of a topic follow from one of an entry.
struct FlowOutcome {
    std::string entry;
    std::string topic;
    std::uint64_t count = 0;
};

/// The services of a flow. Each topic that an arrow leads to has a handler, in the service that its
/// first token names; where that service would stand in a circle of services, it has one of its
/// own, named after the whole topic.
struct FlowPlan {
    std::vector<FlowService> services;
    std::vector<std::string> entries;  ///< topics that no arrow leads to
    std::vector<std::string> ends;     ///< topics from which none leads on
    std::vector<FlowOutcome> outcomes; ///< by entry, in the order of the flow
    bool is_cyclic = false;            ///< then there are no outcomes
};

/// More events than this of one topic are not counted on.
inline constexpr std::uint64_t flow_outcome_max = 1000;

/// Pure.
FlowPlan plan_flow(const Flow& flow);

} // namespace nodes
