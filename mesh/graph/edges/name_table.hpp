#pragma once

#include "mesh/base/paged_array.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace mesh {

/// Numbers names, in the order of their first appearance: 0, 1, 2 and so on. Names are bytes; each
/// is kept once. Most of the work of checking a large edge list is looking up names, and most of a
/// lookup is waiting for memory; so a lookup is prepared many names ahead, and a name of up to
/// twelve bytes lies in the table itself, one cache miss away.
class NameTable {
public:
    using Number = std::uint32_t;

    /// What a lookup needs to know of a name; views its bytes.
    struct Key {
        const char* data;
        std::uint32_t size;
        std::uint32_t hash;
        std::uint64_t low;  ///< bytes 0 to 7 of a short name, padded with zeros
        std::uint32_t high; ///< bytes 8 to 11
        bool is_short;
    };

    /// How many bytes behind the begin of a name must be readable, whatever its size.
    static constexpr std::size_t readable_size_bytes_min = 16;
    static constexpr Number count_max = 0x7fff'fff0;

    NameTable();

    /// Shape: `size` bytes, at least one; `readable_size_bytes_min` bytes must be readable.
    static Key key_of(const char* data, std::uint32_t size);

    /// Starts to fetch what `number_of` will need; of a long name the bytes come with `fetch_long`,
    /// half way.
    void fetch(const Key& key) const { __builtin_prefetch(&slots_[home(key.hash)]); }

    void fetch_long(const Key& key) const;

    /// The number of the name, a new one if it was never asked for. The caller keeps count() below
    /// `count_max`.
    Number number_of(const Key& key) {
        // Most names stand where they belong, and are short; so this much is inline.
        const auto& slot = slots_[home(key.hash)];
        if (slot.low == key.low && slot.high == key.high && key.is_short &&
            (slot.tag & long_flag) == 0 && slot.tag != 0) [[likely]]
            return slot.tag - 1;
        return find_or_add(key);
    }

    Number count() const { return count_; }

    /// The names of these numbers, in their order. Looks through the whole table: ask once.
    std::vector<std::string> names(std::span<const Number> numbers) const;

private:
    /// `tag` is 0 when empty, else number + 1, with the highest bit set for a long name, which has
    /// its place in `long_names_` and its hash instead of its bytes.
    struct Slot {
        std::uint64_t low;
        std::uint32_t high;
        std::uint32_t tag;
    };

    static constexpr std::uint32_t long_flag = 0x8000'0000U;

    std::size_t home(std::uint32_t hash) const { return hash >> home_shift_; }

    std::string_view long_name(const Slot& slot) const;
    bool holds(const Slot& slot, const Key& key) const;
    Number find_or_add(const Key& key);
    Number add(Slot& slot, const Key& key);
    void grow();

    PagedArray<Slot> slots_;
    unsigned home_shift_;
    Number count_ = 0;
    std::string long_names_; ///< size in four bytes, then the bytes, of each
};

} // namespace mesh
