#include "mesh/flow/event_log.hpp"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <functional>
#include <utility>

namespace mesh {

namespace {

// Two batches a chunk: small enough that dropping one loses little, large enough that a search
// among chunks is short.
constexpr std::size_t chunk_size_bytes_max = 256 * 1024;
constexpr std::size_t chunk_size_bytes_min = 1024;

constexpr std::size_t entries_min = 16;

} // namespace

EventLog::EventLog(std::size_t size_bytes_max, std::uint64_t first)
    : size_bytes_max_(size_bytes_max),
      chunk_size_bytes_(std::clamp(size_bytes_max, chunk_size_bytes_min, chunk_size_bytes_max)),
      first_(first),
      next_(first) {}

std::size_t EventLog::Chunk::size_bytes() const {
    return capacity + entries.capacity() * sizeof(Index);
}

void EventLog::make_room(std::size_t size_bytes) {
    if (!chunks_.empty() && chunks_.back().capacity - chunks_.back().used >= size_bytes) {
        auto& entries = chunks_.back().entries;
        const auto before = entries.capacity();
        entries.reserve(2 * before);
        size_bytes_ += (entries.capacity() - before) * sizeof(Index);
        return;
    }
    const auto capacity = std::max(chunk_size_bytes_, size_bytes);
    // About as many as in the one before, so that their array need not grow.
    const auto entries = chunks_.empty() ? 0 : chunks_.back().entries.size();
    // Uninitialised on purpose: every byte is written before it is read.
    if (spare_ && spare_->capacity == capacity && is_unowned(*spare_)) {
        spare_->first = next_;
        spare_->used = 0;
        spare_->entries.clear();
        chunks_.push_back(std::move(*spare_));
        spare_.reset();
    } else {
        chunks_.push_back(
            {next_, capacity, 0, std::make_shared_for_overwrite<std::byte[]>(capacity), {}});
    }
    chunks_.back().entries.reserve(entries + entries / 16 + entries_min);
    size_bytes_ += chunks_.back().size_bytes();
}

/// Whether nobody reads it any more.
bool EventLog::is_unowned(const Chunk& chunk) {
    if (chunk.data.use_count() != 1)
        return false;
    std::atomic_thread_fence(std::memory_order_acquire); // what they read, they have read
    return true;
}

std::shared_ptr<const void> EventLog::owner_of(Bytes records) const {
    // Mostly among the newest.
    for (auto chunk = chunks_.rbegin(); chunk != chunks_.rend(); ++chunk)
        if (std::less_equal<>{}(chunk->data.get(), records.data()) &&
            std::less<>{}(records.data(), chunk->data.get() + chunk->used))
            return chunk->data;
    return nullptr;
}

std::uint64_t EventLog::oldest_chunk_last() const {
    assert(!chunks_.empty());
    return chunks_.front().first + chunks_.front().entries.size() - 1;
}

void EventLog::drop_oldest_chunk() {
    first_ = oldest_chunk_last() + 1;
    size_bytes_ -= chunks_.front().size_bytes();
    if (chunks_.front().capacity == chunk_size_bytes_)
        spare_ = std::move(chunks_.front());
    chunks_.pop_front();
}

std::uint64_t EventLog::first_since(std::uint64_t time_us) const {
    // Times rise along the log.
    auto low = first_;
    auto high = next_;
    while (low < high) {
        const auto middle = low + (high - low) / 2;
        if (at(middle).time_us < time_us)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

std::size_t EventLog::chunk_with(std::uint64_t sequence) const {
    const auto after = std::ranges::upper_bound(chunks_, sequence, {}, &Chunk::first);
    return static_cast<std::size_t>(after - chunks_.begin()) - 1;
}

void EventLog::mark_superseded(std::uint64_t sequence) {
    assert(sequence >= first_ && sequence < next_);
    auto& chunk = chunks_[chunk_with(sequence)];
    chunk.entries[sequence - chunk.first].is_superseded = true;
}

EventLog::Entry EventLog::at(std::uint64_t sequence) const {
    assert(sequence >= first_ && sequence < next_);
    return read_from(sequence).entry();
}

EventLog::Reader::Reader(const EventLog& log, std::uint64_t sequence) : log_(&log) {
    const auto& chunks = log.chunks_;
    sequence = std::max(sequence, log.first_);
    if (sequence >= log.next_) {
        chunk_ = chunks.size();
        return;
    }
    chunk_ = log.chunk_with(sequence);
    index_ = sequence - chunks[chunk_].first;
}

EventLog::Reader::Run EventLog::Reader::run(std::uint64_t count_max,
                                            std::size_t size_bytes_max) const {
    const auto& chunk = log_->chunks_[chunk_];
    const std::size_t begin = chunk.entries[index_].offset;
    // How many fit: the bytes behind them end at the latest there.
    const auto last = index_ + std::min<std::uint64_t>(count_max, chunk.entries.size() - index_);
    auto until = last;
    if (last > index_ && chunk.end_of(last - 1) - begin > size_bytes_max) {
        const auto from = chunk.entries.begin() + static_cast<std::ptrdiff_t>(index_);
        const auto to = chunk.entries.begin() + static_cast<std::ptrdiff_t>(last);
        // The first that begins too far behind to be the end of one that fits.
        const auto beyond =
            std::ranges::upper_bound(from, to, begin + size_bytes_max, {},
                                     [](const Index& one) -> std::size_t { return one.offset; });
        until = static_cast<std::size_t>(beyond - chunk.entries.begin()) - 1;
    }
    Run run;
    run.count = until - index_;
    if (run.count > 0) {
        run.last_time_us = chunk.entries[until - 1].time_us;
        run.bytes = {chunk.data.get() + begin, chunk.end_of(until - 1) - begin};
    }
    return run;
}

} // namespace mesh
