#pragma once

#include "mesh/base/time.hpp"
#include "mesh/event/event.hpp"
#include "mesh/flow/latency_histogram.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace mesh {

/// Events that a handler has handled and that HandlerCounts has not counted yet, in runs of those
/// that are counted alike. One thread notes them, without a lock; whoever wants to know what was
/// handled counts them under the lock of HandlerCounts, so nobody sees fewer than there were.
class HandledRuns {
public:
    /// Events of one topic that took about as long, with events of other topics in between.
    struct Run {
        std::string_view topic;
        EventId id;                   ///< of the first
        WallTime done;                ///< of the first
        std::uint64_t latency_us = 0; ///< of the first; all are in one bucket of a histogram
    };

    /// Of the thread that handles. The events noted between two calls of `clear` are of one run of
    /// one publisher, and those of one topic view the same text. False when there is no room:
    /// `clear` first, once all is counted.
    bool note(const Event& event, WallTime done) {
        const auto latency_us =
            static_cast<std::uint64_t>(std::max<WallTime::rep>(0, (done - event.time).count()));
        const auto bucket = LatencyHistogram::bucket_of(latency_us);
        if (last_ == nullptr || last_topic_ != event.topic.data() || last_bucket_ != bucket) {
            if (!find(event, done, latency_us, bucket))
                return false;
            last_topic_ = event.topic.data();
            last_bucket_ = bucket;
        }
        last_->done.store(done, std::memory_order_relaxed);
        last_->count.store(last_->count.load(std::memory_order_relaxed) + 1,
                           std::memory_order_release);
        return true;
    }

    /// Calls `count` with each run, how many events of it were not counted before, and when the
    /// last of them was done. Under the lock, as `clear` is.
    template <class Count>
    void take(Count count) {
        const auto size = size_.load(std::memory_order_acquire);
        for (std::size_t i = 0; i < size; ++i) {
            auto& tally = table_->tallies[i];
            const auto now = tally.count.load(std::memory_order_acquire);
            if (now > tally.taken)
                count(table_->runs[i], now - tally.taken,
                      tally.done.load(std::memory_order_relaxed));
            tally.taken = now;
        }
    }

    /// Of the thread that handles, when all is taken: what the runs view may go.
    void clear() {
        for (std::size_t i = 0; i < size_.load(std::memory_order_relaxed); ++i)
            table_->places[table_->tallies[i].place] = 0;
        size_.store(0, std::memory_order_relaxed);
        last_ = nullptr;
    }

    bool is_empty() const { return size_.load(std::memory_order_relaxed) == 0; }

private:
    static constexpr std::size_t runs_max = 256;

    struct Tally {
        std::atomic<std::uint64_t> count{0};
        std::atomic<WallTime> done; ///< of the last
        std::uint64_t taken = 0;    ///< under the lock
        std::size_t bucket = 0;     ///< of the thread that handles, as all that follows
        std::size_t place = 0;
    };

    struct Table {
        std::array<Run, runs_max> runs;
        std::array<Tally, runs_max> tallies;
        /// By hash, with steps to the next one: one more than the number of the run, or 0. Half of
        /// them stay free.
        std::array<std::uint16_t, 2 * runs_max> places{};
    };

    static std::size_t first_place_of(const char* topic, std::size_t bucket) {
        const auto address = reinterpret_cast<std::uintptr_t>(topic);
        // Of the product the upper bits are those that depend on all of the address.
        return static_cast<std::size_t>(((address >> 3U) + bucket) * 0x9e3779b97f4a7c15U >> 55U);
    }

    static_assert(2 * runs_max == std::size_t{1} << (64U - 55U));

    /// The run of such events, or a new one.
    bool find(const Event& event, WallTime done, std::uint64_t latency_us, std::size_t bucket) {
        if (!table_)
            table_ = std::make_unique<Table>();
        auto place = first_place_of(event.topic.data(), bucket);
        for (; table_->places[place] != 0; place = (place + 1) % table_->places.size()) {
            const std::size_t i = table_->places[place] - 1U;
            last_ = &table_->tallies[i];
            if (table_->runs[i].topic.data() == event.topic.data() && last_->bucket == bucket)
                return true;
        }
        const auto size = size_.load(std::memory_order_relaxed);
        if (size == runs_max)
            return false;
        table_->places[place] = static_cast<std::uint16_t>(size + 1);
        table_->runs[size] = {event.topic, event.id, done, latency_us};
        last_ = &table_->tallies[size];
        last_->count.store(0, std::memory_order_relaxed);
        last_->taken = 0;
        last_->bucket = bucket;
        last_->place = place;
        size_.store(size + 1, std::memory_order_release);
        return true;
    }

    std::unique_ptr<Table> table_; ///< made with the first event
    std::atomic<std::size_t> size_{0};

    // Of the event before.
    Tally* last_ = nullptr;
    const char* last_topic_ = nullptr;
    std::size_t last_bucket_ = 0;
};

} // namespace mesh
