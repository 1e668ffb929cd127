#pragma once

#include "mesh/flow/subscription.hpp"

#include <atomic>
#include <cstdint>

namespace mesh {

/// A Progress that one thread sets after each event and others read now and then: without a lock,
/// because who sets it does that millions of times a second. A reader that meets a change looks
/// again.
class SharedProgress {
public:
    /// One thread at a time.
    void set(const Progress& progress) {
        const auto version = version_.load(std::memory_order_relaxed);
        version_.store(version + 1, std::memory_order_relaxed);
        // Stores, not fences: the thread sanitizer knows only these. None of them may be seen
        // before the version that says that something changes.
        position_.store(progress.position, std::memory_order_release);
        events_.store(progress.volume.events, std::memory_order_release);
        bytes_.store(progress.volume.bytes, std::memory_order_release);
        version_.store(version + 2, std::memory_order_release);
    }

    /// Any thread.
    Progress get() const {
        for (;;) {
            const auto version = version_.load(std::memory_order_acquire);
            const Progress progress{
                position_.load(std::memory_order_acquire),
                {events_.load(std::memory_order_acquire), bytes_.load(std::memory_order_acquire)}};
            if (version % 2 == 0 && version_.load(std::memory_order_relaxed) == version)
                return progress;
        }
    }

private:
    std::atomic<std::uint64_t> version_{0}; ///< odd while it changes
    std::atomic<std::uint64_t> position_{0};
    std::atomic<std::uint64_t> events_{0};
    std::atomic<std::uint64_t> bytes_{0};
};

} // namespace mesh
