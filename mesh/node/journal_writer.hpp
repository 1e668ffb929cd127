#pragma once

#include "mesh/base/result.hpp"
#include "mesh/flow/draft.hpp"
#include "mesh/flow/event_log.hpp"
#include "mesh/net/worker_threads.hpp"
#include "mesh/node/disk.hpp"

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <span>
#include <string>
#include <vector>

namespace mesh {

/// Puts durable events on disk, those of many publishers in one transaction, and hands them on once
/// they are there. Whoever publishes waits for that.
class JournalWriter {
public:
    /// Gets events that are on disk, in order. `topics`: the names of all numbers so far.
    using HandOn = std::function<void(std::span<const EventLog::Entry> events,
                                      const std::vector<std::string>& topics)>;

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
    /// not take them, `closed`.
    Result<std::uint64_t> commit(std::span<const Draft> drafts);

    /// Does `work` on the writer's thread, with the disk locked and in a transaction of its own,
    /// and then tells `done`, with the disk unlocked.
    void post(std::function<Result<void>()> work, std::function<void(const Result<void>&)> done);

    /// For whoever holds the disk, in a transaction: the event is a part of it, and handed on at
    /// its end. Returns its sequence. Errors: as `commit`.
    Result<std::uint64_t> append_part(const Draft& draft);

private:
    struct Waiting {
        std::span<const Draft> drafts;
        Result<std::uint64_t> first;
        bool is_done = false;
    };

    struct Task {
        std::function<Result<void>()> work;
        std::function<void(const Result<void>&)> done;
    };

    /// Encoded events, of which a journal and a log take copies.
    struct Group {
        std::vector<std::vector<std::byte>> records;
        std::vector<EventLog::Entry> entries;
    };

    static Result<void> check(std::span<const Draft> drafts);
    Result<std::uint64_t> append(std::span<const Draft> drafts);
    void write();
    void commit_group(std::span<Waiting* const> group);
    Result<void> commit_together(std::span<Waiting* const> group);
    Result<std::uint16_t> topic_number(std::string_view name);
    Result<Group> encode(std::span<const Draft> drafts);

    Disk& disk_;
    HandOn hand_on_;

    // Guarded by the disk's lock.
    std::vector<std::string> topics_;
    std::map<std::string, std::uint16_t, std::less<>> topic_numbers_;

    std::mutex mutex_; ///< guards the rest, but for the thread
    std::condition_variable has_work_;
    std::condition_variable is_done_;
    std::deque<Waiting*> waiting_;
    std::deque<Task> tasks_;
    bool is_stopping_ = false;
    WorkerThreads thread_;
};

} // namespace mesh
