#pragma once

#include "mesh/event/contract.hpp"
#include "mesh/event/delivery.hpp"
#include "mesh/event/start_from.hpp"
#include "mesh/flow/receiving/lane_schedule.hpp"
#include "mesh/flow/subscription.hpp"
#include "mesh/node/handling/handler.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

namespace mesh {

/// A handler as the program gave it.
struct HandlerSpec {
    HandlerContract contract;
    HandlerFunction function;
    std::vector<std::pair<Pattern, std::uint32_t>> loops; ///< what may close a cycle, how often
    std::function<void(const Gap&)> on_gap;               ///< may be empty
    Volume room{65536, std::uint64_t{8} * 1024 * 1024};   ///< shared by its publishers
    Policy policy = Policy::block;                        ///< when there is no room
    std::optional<GroupMode> group; ///< of replicas; by default they share, but for tools
    StartFrom from;                 ///< at publishers that do not know it
    bool takes_store = false;       ///< writes through the node's store, so in a transaction
    bool is_inline = false;         ///< runs on the loop's thread: only for what returns at once
    LaneOptions lane;
    Duration deadline{}; ///< of an attempt; zero: none
    Duration every{};    ///< of a timed handler: the time between two beats; else zero
    BeatFunction beat;   ///< of a timed handler
    SeenKeys seen;       ///< empty: the newest ones are remembered in memory
    std::function<void(std::uint32_t workers)> on_open; ///< it is about to be called; may be empty
    std::function<void()> on_close; ///< the handler is not waited for any more; may be empty
};

/// Throws std::invalid_argument for a handler that cannot be, naming it.
void check_spec(const HandlerSpec& spec);

} // namespace mesh
