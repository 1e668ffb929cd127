#include "nodes/gateway/resume_point.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>

namespace nodes {

namespace {

std::uint64_t short_id(const mesh::NodeId& source) {
    return std::hash<mesh::NodeId>{}(source);
}

/// Takes a number in hexadecimal off the front, and the separator behind it, if there is to be one.
template <class Number>
bool take(std::string_view& text, Number& number, std::string_view separator) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, 16);
    if (error != std::errc{})
        return false;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (!text.starts_with(separator))
        return false;
    text.remove_prefix(separator.size());
    return true;
}

} // namespace

bool Position::is_of(const mesh::EventId& id) const {
    return incarnation == id.incarnation && source == short_id(id.source);
}

const Position* Positions::find(const mesh::EventId& id) const {
    const auto found =
        std::ranges::find_if(positions_, [&](const Position& one) { return one.is_of(id); });
    return found == positions_.end() ? nullptr : &*found;
}

void Positions::note(const mesh::EventId& id) {
    const auto source = short_id(id.source);
    auto sequence = id.sequence;
    // A run ends the one before; a journal goes on.
    std::erase_if(positions_, [&](const Position& one) {
        if (one.source != source || (one.incarnation == 0) != (id.incarnation == 0))
            return false;
        if (one.incarnation == id.incarnation)
            sequence = std::max(sequence, one.sequence);
        return true;
    });
    if (positions_.size() >= positions_max)
        positions_.erase(positions_.begin());
    positions_.push_back({source, id.incarnation, sequence});
}

void Positions::forget_runs(const mesh::NodeId& source) {
    std::erase_if(positions_, [id = short_id(source)](const Position& one) {
        return one.source == id && one.incarnation != 0;
    });
}

std::string to_text(const ResumePoint& point) {
    auto text = fmt::format("{:x}-{:x}-{:x}", point.run, point.index,
                            point.since.time_since_epoch().count());
    for (const auto& one : point.positions)
        fmt::format_to(std::back_inserter(text), "~{:x}.{:x}.{:x}", one.source, one.incarnation,
                       one.sequence);
    return text;
}

std::optional<ResumePoint> parse_resume_point(std::string_view text) {
    ResumePoint point;
    std::int64_t since = 0;
    if (!take(text, point.run, "-") || !take(text, point.index, "-") || !take(text, since, ""))
        return std::nullopt;
    point.since = mesh::WallTime(std::chrono::microseconds(since));
    while (!text.empty()) {
        Position one;
        if (point.positions.size() >= positions_max || !text.starts_with('~'))
            return std::nullopt;
        text.remove_prefix(1);
        if (!take(text, one.source, ".") || !take(text, one.incarnation, ".") ||
            !take(text, one.sequence, ""))
            return std::nullopt;
        point.positions.push_back(one);
    }
    return point;
}

} // namespace nodes
