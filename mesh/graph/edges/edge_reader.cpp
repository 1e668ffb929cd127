#include "mesh/graph/edges/edge_reader.hpp"

#include "mesh/graph/edges/blanks.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <utility>

namespace mesh {

namespace {

/// How much is read at a time: with all that is kept of its names it fits the cache of one core.
constexpr std::size_t piece_size_bytes = 64 * 1024;

/// Behind the text in the buffer: what may be looked at beyond the last name.
constexpr std::size_t margin_size_bytes = edge_blanks_size + NameTable::readable_size_bytes_min;

} // namespace

EdgeReader::EdgeReader(std::size_t text_size_bytes)
    : buffer_(piece_size_bytes + margin_size_bytes), text_size_expected_bytes_(text_size_bytes) {}

std::span<char> EdgeReader::room() {
    // Only a name longer than half a piece makes the buffer grow, and `take` bounds names.
    if (buffer_.size() - margin_size_bytes - filled_ < piece_size_bytes / 2)
        buffer_.resize(buffer_.size() * 2);
    return {buffer_.data() + filled_, buffer_.size() - margin_size_bytes - filled_};
}

Result<void> EdgeReader::take(std::size_t size) {
    text_size_bytes_ += size;
    auto stop = filled_ + size;
    const auto name_begin = filled_; // no blank is left before
    filled_ += size;
    while (stop > name_begin && !is_edge_blank(buffer_[stop - 1]))
        --stop;
    if (stop > name_begin)
        return take_names(stop);
    if (filled_ > name_size_bytes_max)
        return tl::unexpected(error_at_last(ErrorCode::limit, "behind this name"));
    return {};
}

Result<EdgeList> EdgeReader::finish() {
    if (filled_ > 0) {
        buffer_[filled_++] = '\n'; // into the margin
        if (auto taken = take_names(filled_); !taken)
            return tl::unexpected(taken.error());
    }
    if (!numbers_.empty())
        return tl::unexpected(error_at_last(
            ErrorCode::malformed, "expected pairs of names, found an odd number of names: \"" +
                                      list_.names.names(numbers_).front() + "\" is the last"));
    return std::move(list_);
}

/// The names in front of the blank that ends at `stop`.
Result<void> EdgeReader::take_names(std::size_t stop) {
    find_names(stop);
    const auto count = begins_.size();
    if (filled_ > name_size_bytes_max)
        for (std::size_t i = 0; i < count; ++i)
            if (ends_[i] - begins_[i] > name_size_bytes_max)
                return tl::unexpected(error_at_last(ErrorCode::limit, "behind this name"));
    if (count > NameTable::count_max - list_.names.count() ||
        count / 2 > edge_count_max - list_.edges().size())
        return tl::unexpected(error_at_last(ErrorCode::limit, "behind this name"));

    // A guess by the first piece, with room to spare: what is not used costs nothing.
    const auto expected = text_size_expected_bytes_ / stop * count * 2;
    list_.places.reserve(count, expected);
    list_.reserve(count / 2 + 1, expected / 2);
    note_places(stop);
    number_names();

    std::memmove(buffer_.data(), buffer_.data() + stop, filled_ - stop);
    filled_ -= stop;
    name_begin_ -= static_cast<std::int64_t>(stop);
    line_begin_ -= static_cast<std::int64_t>(stop);
    return {};
}

void EdgeReader::find_names(std::size_t stop) {
    // At most every second byte begins a name; eight more, because positions are written by eights.
    begins_.resize(stop / 2 + edge_blanks_size);
    ends_.resize(begins_.size());
    auto* begin = begins_.data();
    auto* end = ends_.data();
    const auto write = [](std::uint64_t bits, std::uint32_t offset, std::uint32_t* to) {
        for (; bits != 0; bits &= bits - 1)
            *to++ = offset + static_cast<std::uint32_t>(std::countr_zero(bits));
        return to;
    };
    std::uint64_t was_blank = 1;
    for (std::size_t at = 0; at < stop; at += edge_blanks_size) {
        auto blanks = edge_blanks(buffer_.data() + at);
        if (stop - at < edge_blanks_size)
            blanks |= ~std::uint64_t{0} << (stop - at);
        const auto after_blank = blanks << 1U | was_blank;
        was_blank = blanks >> 63U;
        const auto offset = static_cast<std::uint32_t>(at);
        begin = write(after_blank & ~blanks, offset, begin);
        end = write(blanks & ~after_blank, offset, end);
    }
    const auto count = static_cast<std::size_t>(begin - begins_.data());
    begins_.resize(count);
    ends_.resize(count);
}

void EdgeReader::note_places(std::size_t stop) {
    const auto count = begins_.size();
    const auto* const text = buffer_.data();
    if (count > 0)
        note_far_place(0, begins_[0]);
    for (std::size_t i = 1; i < count; ++i) {
        if (begins_[i] - ends_[i - 1] != 1) [[unlikely]] {
            name_begin_ = begins_[i - 1];
            note_far_place(ends_[i - 1], begins_[i]);
        } else if (text[ends_[i - 1]] == '\n') {
            list_.places.add_next_line();
        } else {
            list_.places.add_same_line(begins_[i] - begins_[i - 1]);
        }
    }
    if (count > 0)
        name_begin_ = begins_[count - 1];
    count_gap(count > 0 ? ends_[count - 1] : 0, stop);
}

/// The gap before the name may hold anything, and may have begun before the buffer.
void EdgeReader::note_far_place(std::size_t gap_begin, std::size_t begin) {
    count_gap(gap_begin, begin);
    const auto here = static_cast<std::int64_t>(begin);
    const auto column = static_cast<std::uint64_t>(here - line_begin_ + 1);
    if (gap_lines_ == 0)
        list_.places.add_same_line(static_cast<std::uint64_t>(here - name_begin_));
    else if (gap_lines_ == 1 && column == 1)
        list_.places.add_next_line();
    else
        list_.places.add_later_line(gap_lines_, column);
    gap_lines_ = 0;
}

void EdgeReader::count_gap(std::size_t begin, std::size_t end) {
    for (auto i = begin; i < end; ++i) {
        if (buffer_[i] == '\n') {
            ++gap_lines_;
            line_begin_ = static_cast<std::int64_t>(i) + 1;
        }
    }
}

void EdgeReader::number_names() {
    // While one name is looked up, the memory for those behind it is on its way.
    constexpr std::size_t ahead = 32;
    std::array<NameTable::Key, ahead> keys;
    const auto count = begins_.size();
    const auto* const text = buffer_.data();
    const auto prepare = [&](std::size_t i) {
        auto& key = keys[i % ahead];
        key = NameTable::key_of(text + begins_[i], ends_[i] - begins_[i]);
        list_.names.fetch(key);
    };
    for (std::size_t i = 0; i < std::min(ahead, count); ++i)
        prepare(i);
    const auto left_over = numbers_.size();
    numbers_.resize(left_over + count);
    for (std::size_t i = 0; i < count; ++i) {
        numbers_[left_over + i] = list_.names.number_of(keys[i % ahead]);
        if (i + ahead < count)
            prepare(i + ahead);
        // Behind the last name there is no key.
        const auto soon = i + ahead / 2;
        if (soon < count && !keys[soon % ahead].is_short) [[unlikely]]
            list_.names.fetch_long(keys[soon % ahead]);
    }
    const auto paired = numbers_.size() / 2 * 2;
    for (std::size_t i = 0; i < paired; i += 2)
        list_.add({numbers_[i], numbers_[i + 1]});
    numbers_.erase(numbers_.begin(), numbers_.begin() + static_cast<std::ptrdiff_t>(paired));
}

Error EdgeReader::error_at_last(ErrorCode code, const std::string& what) const {
    TextPosition last;
    if (const auto count = list_.places.count(); count > 0) {
        PlaceTrack::Walk walk(list_.places);
        walk.skip_to(count - 1);
        last = walk.next();
    }
    auto position = std::to_string(last.line) + ":" + std::to_string(last.column) + ": error: ";
    if (code == ErrorCode::limit)
        return {code, position + what + " a bound is exceeded: at most " +
                          std::to_string(edge_count_max) + " pairs of " +
                          std::to_string(NameTable::count_max) + " names, each of at most " +
                          std::to_string(name_size_bytes_max) + " bytes"};
    return {code, position + what};
}

Result<EdgeList> read_edges(std::string_view text) {
    EdgeReader reader(text.size());
    while (!text.empty()) {
        const auto room = reader.room();
        const auto size = std::min(room.size(), text.size());
        std::memcpy(room.data(), text.data(), size);
        text.remove_prefix(size);
        if (auto taken = reader.take(size); !taken)
            return tl::unexpected(taken.error());
    }
    return reader.finish();
}

} // namespace mesh
