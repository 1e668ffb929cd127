#include "mesh/base/quantity.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <limits>
#include <utility>

namespace mesh {

namespace {

using std::chrono::nanoseconds;

/// Splits `1.5s` into 1.5 and "s"; the number is negative when there is none.
std::pair<double, std::string_view> split_number(std::string_view text) {
    double number = -1;
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
    if (error != std::errc{})
        return {-1, text};
    return {number, text.substr(static_cast<std::size_t>(end - text.data()))};
}

struct Unit {
    std::string_view name;
    double factor;
};

constexpr std::array<Unit, 7> duration_units{{
    {"ns", 1},
    {"us", 1e3},
    {"ms", 1e6},
    {"s", 1e9},
    {"m", 60e9},
    {"h", 3600e9},
    {"d", 86400e9},
}};

constexpr std::array<Unit, 4> size_units{{
    {"B", 1},
    {"KiB", 1024},
    {"MiB", 1024.0 * 1024},
    {"GiB", 1024.0 * 1024 * 1024},
}};

constexpr double integer_limit = 9.2e18; // just below 2^63

} // namespace

Result<Duration> parse_duration(std::string_view text) {
    const auto [number, unit_name] = split_number(text);
    for (const auto& unit : duration_units)
        if (unit.name == unit_name && number >= 0 && number * unit.factor < integer_limit)
            return nanoseconds(std::llround(number * unit.factor));
    return fail(ErrorCode::invalid,
                "expected a duration such as 100ms, 5s or 24h, got \"" + std::string(text) + "\"");
}

Result<std::uint64_t> parse_size(std::string_view text) {
    const auto [number, unit_name] = split_number(text);
    for (const auto& unit : size_units)
        if (unit.name == unit_name && number >= 0 && number == std::floor(number) &&
            number * unit.factor < integer_limit)
            return static_cast<std::uint64_t>(number * unit.factor);
    return fail(ErrorCode::invalid,
                "expected a size such as 64MiB, got \"" + std::string(text) + "\"");
}

std::string to_text(Duration duration) {
    const auto ns = static_cast<double>(nanoseconds(duration).count());
    const Unit* fitting = duration_units.data();
    // What rounds up to the next unit, or to one more digit, is printed as that.
    for (const auto& unit : duration_units)
        if (unit.factor * 0.9995 <= std::abs(ns) && unit.factor <= 1e9)
            fitting = &unit;
    std::array<char, 32> text{};
    const double value = ns / fitting->factor;
    const double magnitude = std::abs(value);
    const int decimals = fitting->factor == 1 || magnitude >= 99.95 ? 0
                         : magnitude >= 9.995                       ? 1
                                                                    : 2;
    const int size = std::snprintf(text.data(), text.size(), "%.*f", decimals, value);
    return std::string(text.data(), static_cast<std::size_t>(size)) + std::string(fitting->name);
}

} // namespace mesh
