#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace mesh {

/// A day of the calendar, UTC.
using Date = std::chrono::sys_days;

/// Reads YYYY-MM-DD; nothing for anything else, and for a day that the calendar does not have.
std::optional<Date> parse_date(std::string_view text);

/// YYYY-MM-DD.
std::string date_text(Date date);

} // namespace mesh
