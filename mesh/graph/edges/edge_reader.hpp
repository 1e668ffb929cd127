#pragma once

#include "mesh/base/result.hpp"
#include "mesh/graph/edges/edge_list.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mesh {

/// Reads the text of an edge list, piece by piece: pairs of names, parted by blanks, tabs and
/// newlines. Names are opaque bytes. The caller fills `room()` and says how much by `take`, until
/// the text ends. Pure: where the bytes come from is the caller's matter.
class EdgeReader {
public:
    /// Longest name.
    static constexpr std::size_t name_size_bytes_max = std::size_t{1} << 20;
    /// Most edges and most names: their numbers have 32 bits.
    static constexpr std::size_t edge_count_max = 0xffff'fff0;

    /// `text_size_bytes` is a guess that only saves work, 0 when nothing is known.
    explicit EdgeReader(std::size_t text_size_bytes = 0);

    /// Where the next bytes of the text go; never empty. Valid until `take`.
    std::span<char> room();

    /// Takes the first `size` bytes of `room()` as the next piece of the text.
    /// Errors: `limit` for a name, or a number of names or edges, beyond the bounds. The text of an
    /// error begins with `LINE:COLUMN: error: `; after it the reader is of no more use.
    Result<void> take(std::size_t size);

    /// The whole list, once the text has ended.
    /// Errors: `malformed` for an odd number of names; `limit` as above.
    Result<EdgeList> finish();

    std::uint64_t text_size_bytes() const { return text_size_bytes_; }

    std::size_t edge_count() const { return list_.edges().size(); }

private:
    using Number = NameTable::Number;

    Result<void> take_names(std::size_t stop);
    void find_names(std::size_t stop);
    void note_places(std::size_t stop);
    void note_far_place(std::size_t gap_begin, std::size_t begin);
    void count_gap(std::size_t begin, std::size_t end);
    void number_names();
    Error error_at_last(ErrorCode code, const std::string& what) const;

    EdgeList list_;
    std::vector<char> buffer_; ///< begins behind a blank
    std::size_t filled_ = 0;

    // The names in the buffer, and the numbers that have not become an edge.
    std::vector<std::uint32_t> begins_;
    std::vector<std::uint32_t> ends_;
    std::vector<Number> numbers_;

    // Where the last name and the newlines behind it stand, counted from the begin of the buffer.
    std::int64_t name_begin_ = -1; ///< before the first name: that of a name in column 0
    std::uint64_t gap_lines_ = 0;
    std::int64_t line_begin_ = 0; ///< behind the last of these newlines

    std::uint64_t text_size_bytes_ = 0;
    std::size_t text_size_expected_bytes_;
};

/// The edge list in `text`. Errors: as EdgeReader.
Result<EdgeList> read_edges(std::string_view text);

} // namespace mesh
