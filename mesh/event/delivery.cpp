#include "mesh/event/delivery.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace mesh {

namespace {

constexpr std::array<std::pair<Level, std::string_view>, 4> levels{{
    {Level::fast, "fast"},
    {Level::reliable, "reliable"},
    {Level::durable, "durable"},
    {Level::once, "once"},
}};

} // namespace

Result<Level> parse_level(std::string_view text) {
    const auto found = std::ranges::find(levels, text, &std::pair<Level, std::string_view>::second);
    if (found == levels.end())
        return fail(ErrorCode::invalid,
                    "expected fast, reliable, durable or once, got \"" + std::string(text) + "\"");
    return found->first;
}

std::string_view name_of(Level level) {
    return std::ranges::find(levels, level, &std::pair<Level, std::string_view>::first)->second;
}

} // namespace mesh
