#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace mesh {

/// Where the newest event of each topic and key lies in a log: an open table of sequences. It
/// holds no keys; whoever asks compares those of the log.
class KeyIndex {
public:
    /// Puts the event in, and returns the one that was the newest until now; 0: none that is held.
    /// `first` is the oldest sequence that is held: what lies before it is as good as gone.
    /// `is_same(sequence)` tells whether that held event has the topic and key of the new one.
    template <class IsSame>
    std::uint64_t exchange(std::uint64_t hash, std::uint64_t sequence, std::uint64_t first,
                           const IsSame& is_same) {
        make_room(first);
        const auto mask = slots_.size() - 1;
        Slot* gone = nullptr; // the first on the way that may be used again
        for (auto i = hash & mask;; i = (i + 1) & mask) {
            auto& slot = slots_[i];
            if (slot.sequence == 0) {
                used_count_ += gone == nullptr ? 1 : 0;
                (gone == nullptr ? slot : *gone) = {hash, sequence};
                return 0;
            }
            if (slot.sequence < first)
                gone = gone == nullptr ? &slot : gone;
            else if (slot.hash == hash && is_same(slot.sequence))
                return std::exchange(slot.sequence, sequence);
        }
    }

    std::size_t size_bytes() const { return slots_.capacity() * sizeof(Slot); }

private:
    struct Slot {
        std::uint64_t hash = 0;
        std::uint64_t sequence = 0; ///< 0: never used
    };

    void make_room(std::uint64_t first);

    std::vector<Slot> slots_;
    std::size_t used_count_ = 0; ///< those that are not empty, gone ones included
};

} // namespace mesh
