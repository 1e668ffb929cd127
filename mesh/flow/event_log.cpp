#include "mesh/flow/event_log.hpp"

#include <algorithm>
#include <cassert>

namespace mesh {

namespace {

// Two batches a chunk: small enough that dropping one loses little, large enough that a search
// among chunks is short.
constexpr std::size_t chunk_size_bytes_max = 256 * 1024;
constexpr std::size_t chunk_size_bytes_min = 1024;

} // namespace

EventLog::EventLog(std::size_t size_bytes_max, std::uint64_t first)
    : size_bytes_max_(size_bytes_max),
      chunk_size_bytes_(std::clamp(size_bytes_max, chunk_size_bytes_min, chunk_size_bytes_max)),
      first_(first),
      next_(first) {}

EventLog::Entry EventLog::Chunk::entry(std::size_t index) const {
    const auto& here = entries[index];
    const std::size_t end = index + 1 < entries.size() ? entries[index + 1].offset : used;
    return {first + index, here.time_us,
            here.topic,    Bytes(data.get() + here.offset, end - here.offset),
            here.is_fast,  here.is_superseded,
            here.slot};
}

std::size_t EventLog::Chunk::size_bytes() const {
    return capacity + entries.capacity() * sizeof(Index);
}

std::byte* EventLog::append(std::uint16_t topic, std::uint64_t time_us, std::size_t size_bytes,
                            bool is_fast, std::uint8_t slot) {
    assert(time_us >= last_time_us_);
    if (chunks_.empty() || chunks_.back().capacity - chunks_.back().used < size_bytes) {
        const auto capacity = std::max(chunk_size_bytes_, size_bytes);
        // Uninitialised on purpose: every byte is written before it is read.
        chunks_.push_back(
            {next_, capacity, 0, std::make_unique_for_overwrite<std::byte[]>(capacity), {}});
        size_bytes_ += chunks_.back().size_bytes();
    }
    auto& chunk = chunks_.back();
    const auto before = chunk.entries.capacity();
    chunk.entries.push_back(
        {time_us, static_cast<std::uint32_t>(chunk.used), topic, slot, is_fast, false});
    size_bytes_ += (chunk.entries.capacity() - before) * sizeof(Index);
    std::byte* at = chunk.data.get() + chunk.used;
    chunk.used += size_bytes;
    ++next_;
    last_time_us_ = time_us;
    return at;
}

std::uint64_t EventLog::oldest_chunk_last() const {
    assert(!chunks_.empty());
    return chunks_.front().first + chunks_.front().entries.size() - 1;
}

void EventLog::drop_oldest_chunk() {
    first_ = oldest_chunk_last() + 1;
    size_bytes_ -= chunks_.front().size_bytes();
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

EventLog::Entry EventLog::Reader::entry() const {
    return log_->chunks_[chunk_].entry(index_);
}

void EventLog::Reader::step() {
    if (++index_ == log_->chunks_[chunk_].entries.size()) {
        ++chunk_;
        index_ = 0;
    }
}

} // namespace mesh
