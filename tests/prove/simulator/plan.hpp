#pragma once

#include "mesh/base/time.hpp"
#include "mesh/event/delivery.hpp"
#include "mesh/event/pattern.hpp"
#include "mesh/flow/receiving/lane_schedule.hpp"
#include "mesh/flow/subscription.hpp"
#include "tests/prove/simulator/dice.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace simulator {

/// Numbers nodes, topics and handlers in the order in which a plan lists them.
using Number = std::size_t;

struct TopicPlan {
    std::string name;
    mesh::Level level = mesh::Level::reliable;
    std::size_t rank = 0; ///< handlers emit only what is above all that they listen to

    bool is_durable() const { return level >= mesh::Level::durable; }
};

struct HandlerPlan {
    Number node = 0;
    std::uint16_t index = 0; ///< among those of its node
    std::string key;
    std::vector<mesh::Pattern> patterns;
    std::vector<bool> wants; ///< by topic
    std::vector<Number> emits;
    mesh::LaneOptions lane;
    mesh::Policy policy = mesh::Policy::block;
    std::uint64_t depth = 0;
    mesh::Volume room;
    std::uint64_t fails_per_cent = 0;
    mesh::Duration work_max{};

    /// One worker, in order, no second attempt: it takes batches apart as it goes.
    bool is_plain() const {
        return lane.workers == 1 && lane.order == mesh::LaneOrder::fifo && lane.retry.attempts == 1;
    }
};

struct NodePlan {
    std::vector<Number> handlers;
    std::vector<Number> publishes; ///< topics, of its own accord
    std::vector<bool> says;        ///< by topic: also because of a handler
    bool has_journal = false;
};

/// What one seed plays: who publishes and handles what, and what goes wrong how often. The graph
/// of topics and handlers has no cycle.
struct Plan {
    explicit Plan(Dice& dice);

    std::vector<TopicPlan> topics;
    std::vector<HandlerPlan> handlers;
    std::vector<NodePlan> nodes;

    /// Whether events of this kind go from one node to the other.
    bool is_linked(Number from, Number to, bool is_durable) const;

    std::size_t memory_bytes = 0; ///< of a publisher's log
    std::size_t payload_size_bytes_max = 0;
    std::uint64_t journal_events_max = 0; ///< 0: no bound
    bool journal_trims = false;           ///< at the bound; else it refuses
    bool is_sync_power = false;
    bool has_power_loss = false;
    bool has_damage = false;

    std::uint64_t published_max = 0; ///< by each node of its own accord
    mesh::Duration publish_pause_max{};
    mesh::Duration noise{}; ///< how long things go wrong
    mesh::Duration delay_max{};
    std::uint64_t lost_per_cent = 0;    ///< of control messages
    bool loses_batches = false;         ///< within a session, which no line of ours does
    std::uint64_t doubled_per_cent = 0; ///< of them
    std::uint64_t crashes = 0;
    std::uint64_t freezes = 0;
    std::uint64_t cuts = 0;
    std::uint64_t full_disks = 0;
    std::uint64_t clock_jumps = 0;
    std::uint64_t broken_lines = 0;

private:
    void draw_topics(Dice& dice);
    void draw_handlers(Dice& dice);
    void draw_publishers(Dice& dice);
    void draw_troubles(Dice& dice);
};

} // namespace simulator
