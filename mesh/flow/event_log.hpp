#pragma once

#include "mesh/base/bytes.hpp"

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

namespace mesh {

/// A publisher's latest events, encoded, in order: a ring of chunks with a bound in bytes. Reading
/// it from any sequence on is cheap, so every subscription can have a cursor of its own.
/// Pure. Not safe for several threads: whoever owns it guards it.
class EventLog {
public:
    struct Entry {
        std::uint64_t sequence = 0;
        std::uint64_t time_us = 0; ///< Unix epoch; never falls from one entry to the next
        std::uint16_t topic = 0;
        Bytes record; ///< as in mesh/wire/event_record.hpp; lives until its chunk is dropped
        bool is_fast = false;        ///< of level `fast`
        bool is_superseded = false;  ///< marked: a newer event has its topic and key
        std::uint8_t slot = no_slot; ///< its key slot, when it was told; see slot_of
    };

    static constexpr std::uint8_t no_slot = 0xff;

    /// `size_bytes_max` bounds records and index together; one chunk more may be in use: of 256
    /// KiB, of the bound when that is less, and of one record that is larger. `first` is the
    /// sequence of the first entry.
    explicit EventLog(std::size_t size_bytes_max, std::uint64_t first = 1);

    /// Makes room for the next record and returns where to write its `size_bytes`.
    std::byte* append(std::uint16_t topic, std::uint64_t time_us, std::size_t size_bytes,
                      bool is_fast = false, std::uint8_t slot = no_slot) {
        assert(time_us >= last_time_us_);
        if (chunks_.empty() || !chunks_.back().has_room(size_bytes))
            make_room(size_bytes);
        auto& chunk = chunks_.back();
        chunk.entries.push_back(
            {time_us, static_cast<std::uint32_t>(chunk.used), topic, slot, is_fast, false});
        std::byte* at = chunk.data.get() + chunk.used;
        chunk.used += size_bytes;
        ++next_;
        last_time_us_ = time_us;
        return at;
    }

    /// A newer event has the topic and key of this one, which is held.
    void mark_superseded(std::uint64_t sequence);

    /// Memory that lies elsewhere and counts against the bound.
    void set_extra_size_bytes(std::size_t size_bytes) { extra_size_bytes_ = size_bytes; }

    /// The oldest sequence that is still held; `last() + 1` when there is none.
    std::uint64_t first() const { return first_; }

    /// The sequence of the newest entry; before the first entry one less than that will have.
    std::uint64_t last() const { return next_ - 1; }

    /// Of the newest entry; 0 before the first.
    std::uint64_t last_time_us() const { return last_time_us_; }

    /// Whether the bound is exceeded, so that the oldest chunk has to go.
    bool is_over_bound() const {
        return size_bytes_ + extra_size_bytes_ > size_bytes_max_ && chunks_.size() > 1;
    }

    /// Calls back with topic, size of the record and whether it is `fast`, of each entry of the
    /// oldest chunk. There must be one.
    template <class Call>
    void each_of_oldest_chunk(Call call) const {
        const auto& chunk = chunks_.front();
        for (std::size_t i = 0; i < chunk.entries.size(); ++i)
            call(chunk.entries[i].topic, chunk.end_of(i) - chunk.entries[i].offset,
                 bool{chunk.entries[i].is_fast});
    }

    std::uint64_t oldest_chunk_last_time_us() const {
        return chunks_.front().entries.back().time_us;
    }

    /// The last sequence of the oldest chunk. There must be one.
    std::uint64_t oldest_chunk_last() const;

    void drop_oldest_chunk();

    /// The first held sequence of this time or later; `last() + 1` when there is none.
    std::uint64_t first_since(std::uint64_t time_us) const;

    /// What keeps records of the log where they are, also when they are dropped: they are some
    /// that lie side by side, as of a `Run`. Keeps all of their chunk.
    std::shared_ptr<const void> owner_of(Bytes records) const;

    /// The entry of a held sequence. Costs a binary search; a Reader steps faster.
    Entry at(std::uint64_t sequence) const;

    /// Steps through the log in order. Valid until the next append or drop.
    class Reader {
    public:
        Reader(const EventLog& log, std::uint64_t sequence);

        bool is_at_end() const { return chunk_ == log_->chunks_.size(); }

        Entry entry() const { return log_->chunks_[chunk_].entry(index_); }

        /// The bytes of the event that it stands at and of those behind it in the same chunk: of as
        /// many as there are of them, at most `count_max`, and as fit in `size_bytes_max`.
        struct Run {
            std::uint64_t count = 0;
            std::uint64_t last_time_us = 0;
            Bytes bytes;
        };

        Run run(std::uint64_t count_max, std::size_t size_bytes_max) const;

        void step(std::uint64_t count = 1) {
            index_ += count;
            if (index_ == log_->chunks_[chunk_].entries.size()) {
                ++chunk_;
                index_ = 0;
            }
        }

    private:
        const EventLog* log_;
        std::size_t chunk_;
        std::size_t index_ = 0;
    };

    /// A reader that stands at `sequence`, or at the oldest entry when that is newer.
    Reader read_from(std::uint64_t sequence) const { return {*this, sequence}; }

private:
    struct Index {
        std::uint64_t time_us;
        std::uint32_t offset;
        std::uint16_t topic;
        std::uint8_t slot;
        bool is_fast : 1;
        bool is_superseded : 1;
    };

    struct Chunk {
        std::uint64_t first;
        std::size_t capacity;
        std::size_t used = 0;
        std::shared_ptr<std::byte[]> data;
        std::vector<Index> entries;

        /// For a record, and for its entry.
        bool has_room(std::size_t size_bytes_more) const {
            return capacity - used >= size_bytes_more && entries.size() < entries.capacity();
        }

        Entry entry(std::size_t index) const {
            const auto& here = entries[index];
            const auto end = end_of(index);
            return {first + index, here.time_us,
                    here.topic,    Bytes(data.get() + here.offset, end - here.offset),
                    here.is_fast,  here.is_superseded,
                    here.slot};
        }

        /// Where the bytes of an entry end.
        std::size_t end_of(std::size_t index) const {
            return index + 1 < entries.size() ? entries[index + 1].offset : used;
        }

        std::size_t size_bytes() const;
    };

    void make_room(std::size_t size_bytes);
    static bool is_unowned(const Chunk& chunk);
    std::size_t chunk_with(std::uint64_t sequence) const;

    std::size_t size_bytes_max_;
    std::size_t chunk_size_bytes_;
    std::size_t size_bytes_ = 0;
    std::size_t extra_size_bytes_ = 0;
    std::uint64_t first_;
    std::uint64_t next_;
    std::uint64_t last_time_us_ = 0;
    std::deque<Chunk> chunks_;
    std::optional<Chunk>
        spare_; ///< dropped last: to map its memory anew costs more than to fill it
};

} // namespace mesh
