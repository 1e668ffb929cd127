#include "mesh/event/start_from.hpp"

#include "mesh/base/date.hpp"
#include "mesh/base/quantity.hpp"

#include <charconv>
#include <chrono>
#include <optional>
#include <string>

namespace mesh {

namespace {

std::optional<std::uint64_t> whole_number(std::string_view text) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool is_whole = error == std::errc{} && end == text.data() + text.size();
    return is_whole ? std::optional(number) : std::nullopt;
}

/// Two digits of a clock, at most `max`.
std::optional<std::uint64_t> clock_digits(std::string_view text, std::uint64_t max) {
    const auto number = text.size() == 2 ? whole_number(text) : std::nullopt;
    return number && *number <= max ? number : std::nullopt;
}

/// `.5` to `.123456` in microseconds; nothing at all is none.
std::optional<std::uint64_t> fraction_us(std::string_view text) {
    if (text.empty())
        return 0;
    if (text.front() != '.' || text.size() < 2 || text.size() > 7)
        return std::nullopt;
    std::string digits(text.substr(1));
    digits.resize(6, '0');
    return whole_number(digits);
}

/// `2026-11-20T12:30:00.5Z`.
std::optional<WallTime> utc_time(std::string_view text) {
    if (text.size() < 20 || text[10] != 'T' || text[13] != ':' || text[16] != ':' ||
        text.back() != 'Z')
        return std::nullopt;
    const auto date = parse_date(text.substr(0, 10));
    const auto hours = clock_digits(text.substr(11, 2), 23);
    const auto minutes = clock_digits(text.substr(14, 2), 59);
    const auto seconds = clock_digits(text.substr(17, 2), 59);
    const auto fraction = fraction_us(text.substr(19, text.size() - 20));
    if (!date || !hours || !minutes || !seconds || !fraction)
        return std::nullopt;
    return WallTime(*date) + std::chrono::hours(*hours) + std::chrono::minutes(*minutes) +
           std::chrono::seconds(*seconds) + std::chrono::microseconds(*fraction);
}

} // namespace

StartFrom StartFrom::time(WallTime time) {
    const auto since_epoch = std::max(time.time_since_epoch(), WallTime::duration::zero());
    return {Kind::time, static_cast<std::uint64_t>(since_epoch.count())};
}

Result<StartFrom> parse_start_from(std::string_view text, WallTime now) {
    constexpr std::string_view last_mark = "last:";
    if (text == "now")
        return StartFrom::now();
    if (text == "oldest")
        return StartFrom::oldest();
    if (text == "last")
        return StartFrom::last_per_key();
    if (text.starts_with(last_mark))
        if (const auto count = whole_number(text.substr(last_mark.size())))
            return StartFrom::last(*count);
    if (const auto number = whole_number(text); number && *number > 0)
        return StartFrom::sequence(*number);
    if (const auto time = utc_time(text))
        return StartFrom::time(*time);
    if (const auto ago = parse_duration(text))
        return StartFrom::time(now - std::chrono::ceil<std::chrono::microseconds>(*ago));
    return fail(ErrorCode::invalid,
                "expected now, oldest, last:N, last, a sequence from 1 on, a time such as "
                "2026-11-20T12:30:00Z or how long ago such as 10m, got \"" +
                    std::string(text) + "\"");
}

} // namespace mesh
