#include "mesh/node/handling/letters.hpp"

#include <algorithm>

namespace mesh {

namespace {

// Of a node without a disk.
constexpr std::size_t in_memory_count_max = 1'000;
constexpr std::size_t in_memory_size_bytes_max = 16 * 1024 * 1024;

StoredLetter stored(const DeadLetter& letter) {
    auto made = StoredLetter::of(*letter.event);
    made.handler = letter.handler;
    made.reason = to_text(letter.reason);
    made.error = letter.error;
    made.attempts = letter.attempts;
    made.died_us = static_cast<std::uint64_t>(letter.time.time_since_epoch().count());
    return made;
}

bool passes(const StoredLetter& letter, const DeadLetterFilter& filter) {
    return (!filter.handler || letter.handler == *filter.handler) &&
           (!filter.reason || letter.reason == *filter.reason) &&
           (!filter.topic || filter.topic->matches(letter.topic));
}

} // namespace

Result<void> Letters::add(const DeadLetter& letter) {
    auto made = stored(letter);
    {
        const std::lock_guard lock(mutex_);
        if (const auto retry = retries_.find({made.handler, made.id}); retry != retries_.end()) {
            retry->second.has_died = true;
            made.number = retry->second.number;
        }
    }
    return keep(std::move(made));
}

Result<void> Letters::keep(StoredLetter letter) {
    auto* disk = disk_(true);
    if (disk == nullptr) {
        keep_in_memory(std::move(letter));
        return {};
    }
    const DiskHold hold(*disk);
    if (letter.number != 0 && disk->database->in_transaction())
        disk->database->at_end([this, key = RetryKey{letter.handler, letter.id}](bool is_kept) {
            const std::lock_guard lock(mutex_);
            if (const auto retry = retries_.find(key); retry != retries_.end() && !is_kept)
                retry->second.has_died = false;
        });
    Result<void> kept;
    if (letter.number != 0)
        kept = disk->letters->replace(std::move(letter));
    else
        kept = disk->letters->add(std::move(letter)).map([](std::uint64_t) {});
    note_counts(*disk->letters);
    return kept;
}

void Letters::keep_in_memory(StoredLetter letter) {
    const std::lock_guard lock(mutex_);
    if (letter.number == 0)
        letter.number = ++last_number_;
    if (const auto old = in_memory_.find(letter.number); old != in_memory_.end()) {
        in_memory_size_bytes_ -= old->second.size_bytes();
        in_memory_.erase(old);
    }
    in_memory_size_bytes_ += letter.size_bytes();
    in_memory_.emplace(letter.number, std::move(letter));
    while (in_memory_.size() > 1 && (in_memory_.size() > in_memory_count_max ||
                                     in_memory_size_bytes_ > in_memory_size_bytes_max)) {
        in_memory_size_bytes_ -= in_memory_.begin()->second.size_bytes();
        in_memory_.erase(in_memory_.begin());
        ++lost_count_;
    }
    count_ = in_memory_.size();
}

void Letters::note_counts(const DeadLetters& letters) {
    count_ = letters.count();
    lost_count_ = letters.lost_count();
}

Result<std::vector<StoredLetter>> Letters::list(const DeadLetterFilter& filter, std::size_t limit,
                                                std::uint64_t after) {
    if (auto* disk = disk_(false)) {
        const DiskHold hold(*disk);
        note_counts(*disk->letters);
        return disk->letters->list(filter, limit, after);
    }
    std::vector<StoredLetter> letters;
    const std::lock_guard lock(mutex_);
    for (auto one = in_memory_.upper_bound(after);
         one != in_memory_.end() && letters.size() < limit; ++one)
        if (passes(one->second, filter))
            letters.push_back(one->second);
    return letters;
}

Result<std::optional<StoredLetter>> Letters::find(std::uint64_t number) {
    if (auto* disk = disk_(false)) {
        const DiskHold hold(*disk);
        return disk->letters->find(number);
    }
    const std::lock_guard lock(mutex_);
    const auto found = in_memory_.find(number);
    return found == in_memory_.end() ? std::nullopt : std::optional(found->second);
}

Result<bool> Letters::drop(std::uint64_t number) {
    if (auto* disk = disk_(false)) {
        const DiskHold hold(*disk);
        auto dropped = disk->letters->drop(number);
        note_counts(*disk->letters);
        return dropped;
    }
    const std::lock_guard lock(mutex_);
    const auto found = in_memory_.find(number);
    if (found == in_memory_.end())
        return false;
    in_memory_size_bytes_ -= found->second.size_bytes();
    in_memory_.erase(found);
    count_ = in_memory_.size();
    return true;
}

bool Letters::begin_retry(const StoredLetter& letter) {
    const std::lock_guard lock(mutex_);
    return retries_.try_emplace({letter.handler, letter.id}, Retry{letter.number, false}).second;
}

bool Letters::has_died(const StoredLetter& letter) const {
    const std::lock_guard lock(mutex_);
    const auto retry = retries_.find({letter.handler, letter.id});
    return retry != retries_.end() && retry->second.has_died;
}

bool Letters::end_retry(const StoredLetter& letter) {
    const std::lock_guard lock(mutex_);
    const auto ended = retries_.extract({letter.handler, letter.id});
    return !ended.empty() && !ended.mapped().has_died;
}

bool Letters::is_retried(std::uint64_t number) const {
    const std::lock_guard lock(mutex_);
    return std::ranges::any_of(retries_,
                               [&](const auto& one) { return one.second.number == number; });
}

} // namespace mesh
