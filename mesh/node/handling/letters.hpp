#pragma once

#include "mesh/event/dead_letter.hpp"
#include "mesh/node/disk.hpp"
#include "mesh/store/dead_letters.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mesh {

/// A node's dead letters: on its disk, or, for a node that has none, the newest ones in memory
/// while it runs. Any thread but the loop's, which does not wait for disks.
class Letters {
public:
    /// `disk` gives the disk, null where there is none; it opens it when it is told to.
    explicit Letters(std::function<Disk*(bool may_open)> disk) : disk_(std::move(disk)) {}

    /// Keeps a letter: within a transaction of this thread as a part of it. That of an event which
    /// is being retried takes its old place again. Errors: the letter is not kept.
    Result<void> add(const DeadLetter& letter);

    /// Whether letters lie on disk, and can be dropped in a transaction.
    bool is_on_disk() const { return disk_(false) != nullptr; }

    // As DeadLetters.

    Result<std::vector<StoredLetter>> list(const DeadLetterFilter& filter, std::size_t limit,
                                           std::uint64_t after);
    Result<std::optional<StoredLetter>> find(std::uint64_t number);
    Result<bool> drop(std::uint64_t number);

    /// From now on the event is being handled once more, until `end_retry`. False when it is
    /// already.
    bool begin_retry(const StoredLetter& letter);

    /// Whether its event has become a dead letter again since.
    bool has_died(const StoredLetter& letter) const;

    /// True when the event did not become a dead letter again: then the letter is to be dropped.
    bool end_retry(const StoredLetter& letter);

    bool is_retried(std::uint64_t number) const;

    /// As far as it is known without asking the disk. Any thread.
    std::uint64_t count() const { return count_.load(std::memory_order_relaxed); }

    /// Letters that are gone because there were too many.
    std::uint64_t lost_count() const { return lost_count_.load(std::memory_order_relaxed); }

private:
    struct Retry {
        std::uint64_t number = 0;
        bool has_died = false;
    };

    using RetryKey = std::pair<std::string, EventId>; ///< by handler

    void note_counts(const DeadLetters& letters);
    Result<void> keep(StoredLetter letter);
    void keep_in_memory(StoredLetter letter);

    std::function<Disk*(bool)> disk_;
    std::atomic<std::uint64_t> count_{0};
    std::atomic<std::uint64_t> lost_count_{0};

    mutable std::mutex mutex_; ///< guards the rest
    std::map<RetryKey, Retry> retries_;
    std::map<std::uint64_t, StoredLetter> in_memory_;
    std::size_t in_memory_size_bytes_ = 0;
    std::uint64_t last_number_ = 0;
};

} // namespace mesh
