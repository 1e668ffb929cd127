#pragma once

#include "mesh/event/delivery.hpp"
#include "nodes/gateway/event_stream.hpp"

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <memory>
#include <mutex>
#include <optional>

namespace nodes {

/// What a stream is to say next.
struct StreamItem {
    std::shared_ptr<const SeenEvent> event; ///< null: nothing came in time
    ResumePoint point;                      ///< of the event
    std::uint64_t lost = 0;                 ///< told before it
};

/// The latest events that the gateway has seen, for all streams: each reads at its own pace, and
/// holds nobody up. One that is too slow loses what goes, and is told how much. Any thread.
class RecentEvents {
public:
    struct Bounds {
        std::size_t events = 65536;
        std::size_t bytes = 64 * 1024 * 1024;
    };

    /// `run` names this process.
    RecentEvents(std::uint64_t run, Bounds bounds) : run_(run), bounds_(bounds) {}

    /// A stream's place. It ends with this object, which does not outlive RecentEvents.
    class Reader {
    public:
        Reader(RecentEvents& events, std::list<EventStream>::iterator stream)
            : events_(events), stream_(stream) {}

        Reader(const Reader&) = delete;
        Reader& operator=(const Reader&) = delete;
        ~Reader();

        /// The next event of the stream, or nothing after `patience` or once all streams end.
        StreamItem next(mesh::Duration patience);

    private:
        RecentEvents& events_;
        std::list<EventStream>::iterator stream_;
    };

    /// Begins a stream: now, or behind the point where an earlier one was broken off.
    std::unique_ptr<Reader> read(mesh::Pattern pattern, const std::optional<ResumePoint>& after);

    void push(SeenEvent seen);

    /// The gateway itself does not get so many events.
    void lose(std::uint64_t events);

    /// A publisher left for good.
    void forget_runs(const mesh::NodeId& source);

    /// Who waits, waits no longer.
    void end();

    bool is_over() const;

private:
    /// What an event counts beside its own bytes.
    static constexpr std::size_t overhead_bytes = 256;

    static std::size_t size_of(const SeenEvent& seen);
    void trim();
    EventStream stream_at(mesh::Pattern pattern, const std::optional<ResumePoint>& after) const;

    const std::uint64_t run_;
    const Bounds bounds_;
    mutable std::mutex mutex_; ///< guards the rest
    std::condition_variable changed_;
    std::deque<std::shared_ptr<const SeenEvent>> events_;
    std::uint64_t first_ = 1; ///< the number of the oldest one
    std::size_t bytes_ = 0;
    Positions positions_;
    std::list<EventStream> streams_;
    bool is_over_ = false;
};

} // namespace nodes
