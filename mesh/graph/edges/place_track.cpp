#include "mesh/graph/edges/place_track.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

namespace mesh {

namespace {

std::uint32_t clamped(std::uint64_t value) {
    constexpr std::uint64_t most = std::numeric_limits<std::uint32_t>::max();
    return static_cast<std::uint32_t>(std::min(value, most));
}

} // namespace

void PlaceTrack::reserve(std::size_t more, std::size_t count_expected) {
    const auto needed = count_ + more;
    if (needed > codes_.size())
        codes_.grow(std::max({needed, count_expected, codes_.size() * 2}), count_);
}

void PlaceTrack::add_detour(std::uint64_t lines, std::uint64_t columns) {
    codes_[count_++] = detour;
    detours_.push_back({clamped(lines), clamped(columns)});
}

TextPosition PlaceTrack::Walk::next() {
    const auto code = track_.codes_[next_++];
    if (code == next_line) {
        at_ = {at_.line + 1, 1};
    } else if (code != detour) {
        at_.column += code;
    } else {
        const auto& jump = track_.detours_[next_detour_++];
        at_.column = jump.lines == 0 ? at_.column + jump.columns : jump.columns;
        at_.line += jump.lines;
    }
    return at_;
}

void PlaceTrack::Walk::skip_to(std::size_t index) {
    const auto* const codes = track_.codes_.data();
    while (next_ < index) {
        const auto* const far = std::find(codes + next_, codes + index, detour);
        pass(static_cast<std::size_t>(far - codes));
        if (next_ < index)
            next();
    }
}

/// Passes over names without a detour. Of all lines only the count matters, and of the last one the
/// columns.
void PlaceTrack::Walk::pass(std::size_t index) {
    const auto* const codes = track_.codes_.data();
    const auto lines = std::count(codes + next_, codes + index, next_line);
    auto line_begin = index;
    while (line_begin > next_ && codes[line_begin - 1] != next_line)
        --line_begin;
    if (lines > 0)
        at_.column = 1;
    at_.column = std::accumulate(codes + line_begin, codes + index, at_.column);
    at_.line += static_cast<std::uint32_t>(lines);
    next_ = index;
}

} // namespace mesh
