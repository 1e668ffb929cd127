#pragma once

#include "mesh/event/owned_event.hpp"
#include "mesh/event/pattern.hpp"
#include "nodes/gateway/resume_point.hpp"

#include <cstdint>
#include <utility>
#include <vector>

namespace nodes {

/// An event that the gateway has seen.
struct SeenEvent {
    mesh::OwnedEvent event;
    bool is_backlog = false; ///< its publisher held it from before the gateway met it
};

/// What one stream wants of the events that the gateway has seen, numbered in the order in which
/// they came, and where it stands. Pure; RecentEvents has the events and the lock.
class EventStream {
public:
    /// From the event `next` on, without backlogs; `positions` is how far the gateway is by then.
    EventStream(mesh::Pattern pattern, std::uint64_t next, Positions positions, mesh::WallTime now)
        : pattern_(std::move(pattern)),
          next_(next),
          positions_(std::move(positions)),
          since_(now) {}

    /// Whether the process that resumes a stream is the one that gave the point.
    enum class Giver { same, other };

    /// Goes on behind a point, from the event `next` on; of backlogs the stream wants what came
    /// behind the point, because one may have been under way when the stream was broken off. From
    /// another process on, what publishers no longer hold is told as lost.
    static EventStream resumed(mesh::Pattern pattern, std::uint64_t next, const ResumePoint& after,
                               Giver giver);

    /// The number of the next event to look at.
    std::uint64_t next() const { return next_; }

    /// Whether the event is for this stream.
    bool wants(const SeenEvent& seen) const;

    /// Steps over the next event, and says whether it is for this stream.
    bool take(const SeenEvent& seen);

    /// So many events that may have been for this stream will not come.
    void lose(std::uint64_t events) { lost_ += events; }

    /// How many were lost since the last call, at most.
    std::uint64_t take_lost() { return std::exchange(lost_, 0); }

    void forget_runs(const mesh::NodeId& source) { positions_.forget_runs(source); }

    const Positions& positions() const { return positions_; }

    /// When it began, before all interruptions, on the gateway's clock.
    mesh::WallTime since() const { return since_; }

private:
    /// Where the stream stood with a publisher when it was broken off.
    struct Before {
        Position position;
        bool is_met = false; ///< an event of this publisher has come since
    };

    void note_hole(const SeenEvent& seen);

    mesh::Pattern pattern_;
    std::uint64_t next_;
    Positions positions_;
    std::uint64_t lost_ = 0;
    bool is_resumed_ = false;
    std::vector<Before> before_;
    mesh::WallTime since_;
};

} // namespace nodes
