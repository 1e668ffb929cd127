#include "mesh/node/journal_writer.hpp"

#include "mesh/event/topic.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace mesh {

namespace {

// Groups larger than this gain nothing, and those who wait for them wait longer.
constexpr std::size_t group_events_max = 4096;
constexpr std::size_t group_size_bytes_max = 4 * 1024 * 1024;

std::size_t size_bytes(std::span<const Draft> drafts) {
    std::size_t size = 0;
    for (const auto& draft : drafts)
        size += draft.payload.size() + draft.headers.size() + draft.key.size();
    return size;
}

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

Result<std::uint64_t> JournalWriter::append_part(const Draft& draft) {
    if (auto checked = check({&draft, 1}); !checked)
        return tl::unexpected(checked.error());
    std::uint64_t sequence = 0;
    auto appended = disk_.database->transaction([&]() -> Result<void> {
        const auto first = append({&draft, 1});
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
    Waiting one{drafts, std::uint64_t{0}, false};
    std::unique_lock lock(mutex_);
    if (is_stopping_)
        return fail(ErrorCode::closed, "the node is stopping");
    waiting_.push_back(&one);
    has_work_.notify_one();
    is_done_.wait(lock, [&] { return one.is_done; });
    return one.first;
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
    std::unique_lock lock(mutex_);
    for (;;) {
        has_work_.wait(lock,
                       [this] { return is_stopping_ || !waiting_.empty() || !tasks_.empty(); });
        if (waiting_.empty() && tasks_.empty())
            return;
        std::vector<Waiting*> group;
        std::size_t events = 0;
        std::size_t bytes = 0;
        while (!waiting_.empty() && events < group_events_max && bytes < group_size_bytes_max) {
            group.push_back(waiting_.front());
            events += group.back()->drafts.size();
            bytes += size_bytes(group.back()->drafts);
            waiting_.pop_front();
        }
        auto tasks = std::exchange(tasks_, {});
        lock.unlock();
        if (!group.empty()) {
            const DiskHold hold(disk_);
            commit_group(group);
        }
        for (const auto& [work, done] : tasks) {
            Result<void> result;
            {
                const DiskHold hold(disk_);
                result = disk_.database->transaction(work);
            }
            done(result);
        }
        lock.lock();
        for (auto* one : group)
            one->is_done = true;
        if (!group.empty())
            is_done_.notify_all();
    }
}

void JournalWriter::commit_group(std::span<Waiting* const> group) {
    if (const auto stored = commit_together(group); stored || group.size() == 1) {
        if (!stored)
            group.front()->first = tl::unexpected(stored.error());
        return;
    }
    // One that does not fit must not take the others with it.
    for (auto* const one : group)
        if (const auto stored = commit_together({&one, 1}); !stored)
            one->first = tl::unexpected(stored.error());
}

Result<void> JournalWriter::commit_together(std::span<Waiting* const> group) {
    return disk_.database->transaction([&]() -> Result<void> {
        std::vector<Draft> all;
        for (const auto* one : group)
            all.insert(all.end(), one->drafts.begin(), one->drafts.end());
        const auto first = append(all);
        if (!first)
            return tl::unexpected(first.error());
        auto sequence = *first;
        for (auto* one : group) {
            one->first = sequence;
            sequence += one->drafts.size();
        }
        return {};
    });
}

Result<std::uint64_t> JournalWriter::append(std::span<const Draft> drafts) {
    auto group = encode(drafts);
    if (!group)
        return tl::unexpected(group.error());
    const auto first = disk_.journal->last() + 1;
    if (group->entries.empty())
        return first;
    std::vector<StoredEvent> stored;
    for (const auto& entry : group->entries)
        stored.push_back({entry.sequence, entry.time_us, entry.topic, entry.record});
    if (auto appended = disk_.journal->append(stored); !appended)
        return tl::unexpected(appended.error());
    disk_.database->at_end(
        [this, group = std::make_shared<Group>(std::move(*group))](bool is_kept) {
            if (is_kept)
                hand_on_(group->entries, topics_);
        });
    return first;
}

Result<std::uint16_t> JournalWriter::topic_number(std::string_view name) {
    if (const auto known = topic_numbers_.find(name); known != topic_numbers_.end())
        return known->second;
    if (topics_.size() > std::numeric_limits<std::uint16_t>::max())
        return fail(ErrorCode::limit, std::string(name) + ": a journal has at most 65536 topics");
    const auto number = static_cast<std::uint16_t>(topics_.size());
    topics_.emplace_back(name);
    topic_numbers_.emplace(name, number);
    disk_.journal->add_topic(name, number);
    return number;
}

Result<JournalWriter::Group> JournalWriter::encode(std::span<const Draft> drafts) {
    Group group;
    auto sequence = disk_.journal->last();
    auto before_us = disk_.journal->last_time_us();
    const auto now = wall_now();
    for (const auto& draft : drafts) {
        const auto number = topic_number(draft.topic);
        if (!number)
            return tl::unexpected(number.error());
        const auto time_us = publishing_time_us(now, before_us);
        const auto record = record_of(draft, *number, time_us, before_us);
        auto& bytes = group.records.emplace_back(encoded_size(record));
        mesh::encode(record, bytes.data());
        group.entries.push_back({++sequence, time_us, *number, bytes, false, false});
        before_us = time_us;
    }
    return group;
}

} // namespace mesh
