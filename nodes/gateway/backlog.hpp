#pragma once

#include "mesh/base/time.hpp"
#include "mesh/event/event.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <utility>

namespace nodes {

/// Tells what a publisher held from before the gateway met it from what it publishes now: the
/// gateway asks each publisher for everything that it holds, and who asks for what happens from now
/// on does not want that. Pure: it reads no clock.
class Backlog {
public:
    /// Clocks of machines differ, and what a young publisher said first belongs to now.
    static constexpr mesh::Duration tolerance = std::chrono::seconds(5);

    /// A publisher's backlog comes without a pause: after one it is over, whatever its clock says.
    static constexpr mesh::Duration pause = std::chrono::seconds(1);

    /// Publishers that are remembered; beyond that all are met anew.
    static constexpr std::size_t publishers_max = 4096;

    /// Whether the event, which has just come, is of its publisher's backlog.
    bool holds(const mesh::EventId& id, mesh::WallTime published, mesh::WallTime wall_now,
               mesh::TimePoint now);

private:
    struct Publisher {
        mesh::WallTime met_at{};
        mesh::TimePoint heard_at{};
        bool is_over = false;
    };

    std::map<std::pair<mesh::NodeId, std::uint32_t>, Publisher> publishers_;
};

} // namespace nodes
