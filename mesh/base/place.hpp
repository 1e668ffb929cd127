#pragma once

#include <compare>
#include <cstdint>
#include <string>

namespace mesh {

/// Where something was written. Line and column count from 1; 0 means unknown. `file` is the path
/// as the user gave it.
struct Place {
    std::string file;
    std::uint32_t line = 0;
    std::uint32_t column = 0;

    auto operator<=>(const Place&) const = default;
};

/// `FILE:LINE:COLUMN`, or the file alone when the line is unknown.
inline std::string to_string(const Place& place) {
    if (place.line == 0)
        return place.file;
    return place.file + ":" + std::to_string(place.line) + ":" + std::to_string(place.column);
}

} // namespace mesh
