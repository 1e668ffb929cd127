#pragma once

#include "mesh/base/time.hpp"
#include "mesh/event/delivery.hpp"
#include "mesh/flow/receiving/ready_events.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace mesh {

/// Workers that one handler may have.
inline constexpr std::uint32_t lane_workers_max = 64;

/// How a handler's lane works.
struct LaneOptions {
    std::uint32_t workers = 1; ///< 1 to lane_workers_max; with several, fifo orders the starts only
    LaneOrder order = LaneOrder::fifo;
    Retry retry = {};
};

/// The wait after `failed_count` failed attempts, at least one: drawn evenly from backoff_min to a
/// ceiling that is twice backoff_min after the first, doubles with each, and is at most
/// backoff_max. `fraction` is from [0, 1).
Duration retry_delay(const Retry& retry, std::uint32_t failed_count, double fraction);

/// Which waiting event of a lane a free worker takes next, and how long one that failed holds back
/// those of its key. An event without a key is independent of all others.
///
/// While an event waits for its next attempt, and during that attempt, no other event of its key
/// is begun; other keys go on. Pure: `now` and random numbers are passed in. The lane guards it.
class LaneSchedule {
public:
    explicit LaneSchedule(const LaneOptions& options) : options_(options), ready_(options.order) {}

    /// An event came. Returns its slot: a small number that is used again once it is done.
    Slot add(std::string_view key, std::int32_t priority);

    struct Start {
        Slot slot = 0;
        std::uint32_t attempt = 0; ///< counts from 1
    };

    /// The event to begin now, which runs from here on.
    std::optional<Start> take(TimePoint now);

    /// It was taken but not begun: it waits again, where it was.
    void put_back(Slot slot);

    /// It is dealt with, one way or the other.
    void done(Slot slot);

    /// The attempt failed. Returns when the next one is due, or nothing when it was the last: then
    /// the event is done.
    std::optional<TimePoint> failed(Slot slot, TimePoint now, double fraction);

    /// It was not its turn yet: it comes again at `until`, and its key waits. Counts no attempt.
    void postpone(Slot slot, TimePoint until);

    /// Drops everything that does not run. Returns what was dropped.
    std::vector<Slot> clear();

    /// When an event that waits for its next attempt is due.
    std::optional<TimePoint> next_due() const;

    std::size_t waiting_count() const { return waiting_count_; }

    std::size_t running_count() const { return running_count_; }

private:
    enum class State : std::uint8_t { free, waiting, running };

    struct Entry {
        std::string key;
        std::int32_t priority = 0;
        std::uint64_t arrival = 0;
        std::uint32_t attempts = 0; ///< begun
        TimePoint not_before{};
        State state = State::free;
    };

    /// A key of which an event failed; by key, also one of which an event runs or has to wait.
    struct Key {
        bool is_busy = false;         ///< by key: an event of it runs
        std::vector<Slot> failed;     ///< failed and not done, in order of arrival
        std::optional<Slot> retrying; ///< the one of them whose turn it is
        std::deque<Slot> parked;      ///< wait behind the others; by key in order of arrival
    };

    struct Backoff {
        TimePoint due;
        Slot slot;

        bool operator<(const Backoff& other) const { return due > other.due; } // for a heap
    };

    bool admits(Slot slot);
    void park(Key& key, Slot slot);
    void make_ready(Slot slot);
    void begin_waiting(Slot slot);
    void hold_back(Slot slot, TimePoint until);
    void back_off(Slot slot);
    void settle(const std::string& name, Key& key);
    void release(Slot slot);

    LaneOptions options_;
    ReadyEvents ready_;
    std::vector<Entry> entries_; ///< by slot
    std::vector<Slot> free_;
    std::vector<Backoff> backoffs_; ///< a heap
    std::unordered_map<std::string, Key> keys_;
    std::uint64_t arrivals_ = 0;
    std::size_t waiting_count_ = 0;
    std::size_t running_count_ = 0;
};

} // namespace mesh
