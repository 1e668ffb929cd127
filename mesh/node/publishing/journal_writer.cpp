#include "mesh/node/publishing/journal_writer.hpp"

#include "mesh/event/topic.hpp"

#include <utility>

namespace mesh {

namespace {

// Groups larger than this gain nothing, and those who wait for them wait longer.
constexpr std::size_t group_events_max = 4096;
constexpr std::size_t group_size_bytes_max = 4 * 1024 * 1024;

// Whoever was told that his event is stored is about to publish the next one. To wait for those,
// for a part of what a commit takes, makes groups up to twice as large; who is alone never waits.
constexpr int patience_divisor = 4;

// What may be on its way to the disk when nobody waits for it.
constexpr std::size_t unstored_events_max = 4096;
constexpr std::size_t unstored_size_bytes_max = 8 * 1024 * 1024;

/// The writer whose thread this is.
thread_local const JournalWriter* writing_here = nullptr;

} // namespace

JournalWriter::JournalWriter(Disk& disk, HandOn hand_on)
    : disk_(disk), hand_on_(std::move(hand_on)) {
    for (const auto& [number, name] : disk.journal->topics()) {
        if (topics_.size() <= number)
            topics_.resize(number + std::size_t{1});
        topics_[number] = name;
        topic_numbers_.emplace(name, number);
    }
    thread_.start(1, [this] { write(); });
}

JournalWriter::~JournalWriter() {
    {
        const std::lock_guard lock(mutex_);
        is_stopping_ = true;
    }
    has_work_.notify_all();
    has_room_.notify_all();
    thread_.join();
}

Result<void> JournalWriter::check(std::span<const Draft> drafts) {
    for (const auto& draft : drafts) {
        if (auto checked = check_draft(draft); !checked)
            return checked;
        if (auto checked = check_topic(draft.topic); !checked)
            return tl::unexpected(checked.error());
    }
    return {};
}

Result<std::uint64_t> JournalWriter::append_part(std::span<const Draft> drafts) {
    if (auto checked = check(drafts); !checked)
        return tl::unexpected(checked.error());
    std::uint64_t sequence = 0;
    auto appended = disk_.database->transaction([&]() -> Result<void> {
        const auto first = append(drafts);
        if (!first)
            return tl::unexpected(first.error());
        sequence = *first;
        return {};
    });
    if (!appended)
        return tl::unexpected(appended.error());
    return sequence;
}

Result<std::uint64_t> JournalWriter::commit(std::span<const Draft> drafts) {
    if (auto checked = check(drafts); !checked)
        return tl::unexpected(checked.error());
    if (writing_here == this)
        return fail(ErrorCode::refused, "who is told that an event is stored has to return, and "
                                        "publish elsewhere");

    struct {
        std::mutex mutex;
        std::condition_variable changed;
        std::optional<Result<std::uint64_t>> first;
    } result;

    {
        std::unique_lock lock(mutex_);
        enqueue(lock, {drafts, std::nullopt, parts_size_bytes(drafts), [&](const auto& first) {
                           const std::lock_guard result_lock(result.mutex);
                           result.first = first;
                           result.changed.notify_one(); // under the lock: it goes with the waiting
                       }});
    }
    std::unique_lock lock(result.mutex);
    result.changed.wait(lock, [&] { return result.first.has_value(); });
    return *result.first;
}

void JournalWriter::commit_later(const Draft& draft, bool may_wait, Done done) {
    if (auto checked = check({&draft, 1}); !checked)
        return done(tl::unexpected(checked.error()));
    std::optional<OwnedDraft> owned{draft};
    std::unique_lock lock(mutex_);
    if (auto room = wait_for_room(lock, may_wait && writing_here != this); !room) {
        lock.unlock();
        return done(tl::unexpected(room.error()));
    }
    enqueue(lock, {{}, std::move(owned), parts_size_bytes({&draft, 1}), std::move(done)});
}

Result<void> JournalWriter::wait_for_room(std::unique_lock<std::mutex>& lock, bool may_wait) {
    const auto has_room = [this] {
        return is_stopping_ ||
               (unstored_count_ < unstored_events_max && unstored_bytes_ < unstored_size_bytes_max);
    };
    if (!may_wait && !has_room())
        return fail(ErrorCode::would_wait,
                    std::to_string(unstored_count_) + " events are on their way to the journal");
    has_room_.wait(lock, has_room);
    return {};
}

void JournalWriter::enqueue(std::unique_lock<std::mutex>& lock, Waiting one) {
    if (is_stopping_) {
        lock.unlock();
        return one.done(fail(ErrorCode::closed, "the node is stopping"));
    }
    unstored_count_ += one.all().size();
    unstored_bytes_ += one.size_bytes;
    waiting_.push_back(std::move(one));
    if (waiting_.size() == 1 || waiting_.size() == awaited_)
        has_work_.notify_one();
}

bool JournalWriter::wait_idle(TimePoint deadline) {
    std::unique_lock lock(mutex_);
    return has_room_.wait_until(lock, deadline, [this] { return unstored_count_ == 0; });
}

bool JournalWriter::is_idle() const {
    const std::lock_guard lock(mutex_);
    return unstored_count_ == 0;
}

void JournalWriter::post(std::function<Result<void>()> work,
                         std::function<void(const Result<void>&)> done) {
    {
        const std::lock_guard lock(mutex_);
        tasks_.push_back({std::move(work), std::move(done)});
    }
    has_work_.notify_one();
}

void JournalWriter::write() {
    writing_here = this;
    Duration patience{};
    std::unique_lock lock(mutex_);
    for (;;) {
        has_work_.wait(lock,
                       [this] { return is_stopping_ || !waiting_.empty() || !tasks_.empty(); });
        if (waiting_.empty() && tasks_.empty())
            return;
        if (!waiting_.empty())
            has_work_.wait_for(lock, patience,
                               [this] { return is_stopping_ || waiting_.size() >= awaited_; });
        auto group = take_group();
        const auto tasks = std::exchange(tasks_, {});
        lock.unlock();
        const auto start = now();
        if (!group.empty()) {
            const DiskHold hold(disk_);
            commit_group(group);
        }
        patience = (now() - start) / patience_divisor;
        lock.lock();
        awaited_ = group.size() + waiting_.size();
        lock.unlock();
        std::size_t count = 0;
        std::size_t bytes = 0;
        for (const auto& one : group) {
            one.done(one.first);
            count += one.all().size();
            bytes += one.size_bytes;
        }
        group.clear();
        for (const auto& [work, done] : tasks) {
            Result<void> result;
            {
                const DiskHold hold(disk_);
                result = disk_.database->transaction(work);
            }
            done(result);
        }
        lock.lock();
        unstored_count_ -= count;
        unstored_bytes_ -= bytes;
        if (count > 0)
            has_room_.notify_all();
    }
}

std::vector<JournalWriter::Waiting> JournalWriter::take_group() {
    std::vector<Waiting> group;
    std::size_t events = 0;
    std::size_t bytes = 0;
    while (!waiting_.empty() && events < group_events_max && bytes < group_size_bytes_max) {
        group.push_back(std::move(waiting_.front()));
        waiting_.pop_front();
        events += group.back().all().size();
        bytes += group.back().size_bytes;
    }
    return group;
}

void JournalWriter::commit_group(std::span<Waiting> group) {
    if (const auto stored = commit_together(group); stored || group.size() == 1) {
        if (!stored)
            group.front().first = tl::unexpected(stored.error());
        return;
    }
    // One that does not fit must not take the others with it.
    for (auto& one : group)
        if (const auto stored = commit_together({&one, 1}); !stored)
            one.first = tl::unexpected(stored.error());
}

Result<void> JournalWriter::commit_together(std::span<Waiting> group) {
    return disk_.database->transaction([&]() -> Result<void> {
        std::vector<Draft> all;
        for (const auto& one : group)
            all.insert(all.end(), one.all().begin(), one.all().end());
        const auto first = append(all);
        if (!first)
            return tl::unexpected(first.error());
        auto sequence = *first;
        for (auto& one : group) {
            one.first = sequence;
            sequence += one.all().size();
        }
        return {};
    });
}

} // namespace mesh
