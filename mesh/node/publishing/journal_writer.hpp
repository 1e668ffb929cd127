#pragma once

#include "mesh/base/result.hpp"
#include "mesh/flow/draft.hpp"
#include "mesh/flow/event_log.hpp"
#include "mesh/flow/owned_draft.hpp"
#include "mesh/net/worker_threads.hpp"
#include "mesh/node/disk.hpp"

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace mesh {

/// Puts durable events on disk, those of many publishers in one transaction, and hands them on once
/// they are there.
class JournalWriter {
public:
    /// Gets events that are on disk, in order. `topics`: the names of all numbers so far.
    using HandOn = std::function<void(std::span<const EventLog::Entry> events,
                                      const std::vector<std::string>& topics)>;

    /// Gets the sequence of the first event, or why there is none.
    using Done = std::function<void(const Result<std::uint64_t>& first)>;

    JournalWriter(Disk& disk, HandOn hand_on);

    /// Works off what waits.
    ~JournalWriter();
    JournalWriter(const JournalWriter&) = delete;
    JournalWriter& operator=(const JournalWriter&) = delete;

    /// The names of all topics so far, by number. For whoever holds the disk, or before the first
    /// event.
    const std::vector<std::string>& topics() const { return topics_; }

    // Any thread that does not hold the disk.

    /// Stores the events, all or none, and hands them on. Returns the sequence of the first one.
    /// Errors: `limit` for something too large or a full journal, `environment` when the disk does
    /// not take them, `closed`; `refused` in a `done` of `commit_later`, which would wait for
    /// itself.
    Result<std::uint64_t> commit(std::span<const Draft> drafts);

    /// The same for one event, but returns before it is stored. `done` is called once: on the
    /// writer's thread, in the order of the calls, or on this one when there is nothing to store.
    /// Waits while 4,096 events or 8 MiB are on their way, unless `may_wait` is false.
    /// Errors: also `would_wait`.
    void commit_later(const Draft& draft, bool may_wait, Done done);

    /// Waits until everything that was to be stored is. False when it is not by then.
    bool wait_idle(TimePoint deadline);

    bool is_idle() const;

    /// Does `work` on the writer's thread, with the disk locked and in a transaction of its own,
    /// and then tells `done`, with the disk unlocked.
    void post(std::function<Result<void>()> work, std::function<void(const Result<void>&)> done);

    /// For whoever holds the disk, in a transaction: the events are a part of it, and handed on at
    /// its end. Returns the first one's sequence. Errors: as `commit`.
    Result<std::uint64_t> append_part(std::span<const Draft> drafts);

private:
    /// Events to be stored together.
    struct Waiting {
        std::span<const Draft> drafts; ///< empty: `owned`
        std::optional<OwnedDraft> owned;
        std::size_t size_bytes = 0;
        Done done;
        Result<std::uint64_t> first = std::uint64_t{0};

        std::span<const Draft> all() const {
            return owned ? std::span<const Draft>(&**owned, 1) : drafts;
        }
    };

    struct Task {
        std::function<Result<void>()> work;
        std::function<void(const Result<void>&)> done;
    };

    /// Encoded events, of which a journal and a log take copies.
    struct Group {
        std::unique_ptr<std::byte[]> records;
        std::vector<EventLog::Entry> entries;
    };

    static Result<void> check(std::span<const Draft> drafts);
    static std::size_t parts_size_bytes(std::span<const Draft> drafts);
    Result<std::uint64_t> append(std::span<const Draft> drafts);
    Result<void> wait_for_room(std::unique_lock<std::mutex>& lock, bool may_wait);
    void enqueue(std::unique_lock<std::mutex>& lock, Waiting one);
    void write();
    std::vector<Waiting> take_group();
    void commit_group(std::span<Waiting> group);
    Result<void> commit_together(std::span<Waiting> group);
    Result<std::uint16_t> topic_number(std::string_view name);
    Result<Group> encode(std::span<const Draft> drafts);

    Disk& disk_;
    HandOn hand_on_;

    // Guarded by the disk's lock.
    std::vector<std::string> topics_;
    std::map<std::string, std::uint16_t, std::less<>> topic_numbers_;

    mutable std::mutex mutex_; ///< guards the rest, but for the thread
    std::condition_variable has_work_;
    std::condition_variable has_room_;
    std::deque<Waiting> waiting_;
    std::deque<Task> tasks_;
    std::size_t awaited_ = 0;        ///< how many waited, or were being stored, at the last commit
    std::size_t unstored_count_ = 0; ///< events that wait or are being stored
    std::size_t unstored_bytes_ = 0;
    bool is_stopping_ = false;
    WorkerThreads thread_;
};

} // namespace mesh
