#pragma once

#include "mesh/base/paged_array.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace mesh {

/// Line and column, from 1.
struct TextPosition {
    std::uint32_t line = 1;
    std::uint32_t column = 1;

    bool operator==(const TextPosition&) const = default;
};

/// Where each name of a text stands, in about one byte a name: how far it stands from the one
/// before it. Written while reading, decoded only when a finding is printed. So neither the text
/// nor a second look at it is needed, and a pipe is as good as a file.
class PlaceTrack {
public:
    /// Makes room for this many names more; `add_next_line` and the others do not look.
    /// `count_expected` is a guess at how many there will be in the end, 0 for none.
    void reserve(std::size_t more, std::size_t count_expected);

    /// The next name begins a line, right behind the name before it.
    void add_next_line() { codes_[count_++] = next_line; }

    /// The next name is on the same line, `columns` further.
    void add_same_line(std::uint64_t columns) {
        if (columns < detour && columns != next_line) [[likely]]
            codes_[count_++] = static_cast<std::uint8_t>(columns);
        else
            add_detour(0, columns);
    }

    /// The next name is `lines` further, in `column`.
    void add_later_line(std::uint64_t lines, std::uint64_t column) { add_detour(lines, column); }

    std::size_t count() const { return count_; }

    /// Walks through the positions, first to last.
    class Walk {
    public:
        explicit Walk(const PlaceTrack& track) : track_(track) {}

        /// The position of the next name. At most `count()` calls.
        TextPosition next();

        /// Passes over names: the next call of `next` is about the name `index`, which may not be
        /// one that was passed already.
        void skip_to(std::size_t index);

    private:
        void pass(std::size_t index);

        const PlaceTrack& track_;
        TextPosition at_{1, 0};
        std::size_t next_ = 0;
        std::size_t next_detour_ = 0;
    };

private:
    static constexpr std::uint8_t next_line = 0;
    static constexpr std::uint8_t detour = 255;

    /// Columns count from the name before when it is on the same line.
    struct Detour {
        std::uint32_t lines;
        std::uint32_t columns;
    };

    void add_detour(std::uint64_t lines, std::uint64_t columns);

    PagedArray<std::uint8_t> codes_;
    std::size_t count_ = 0;
    std::vector<Detour> detours_;
};

} // namespace mesh
