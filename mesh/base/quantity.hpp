#pragma once

#include "mesh/base/result.hpp"
#include "mesh/base/time.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace mesh {

/// Reads a number with one of the units `ns us ms s m h d`: `100ms`, `1.5s`, `24h`.
/// Errors: `invalid` without a unit, for a negative number, or beyond 292 years.
Result<Duration> parse_duration(std::string_view text);

/// Reads a whole number with one of the units `B KiB MiB GiB`: `64MiB`.
/// Errors: `invalid` without a unit or beyond 2^63 bytes.
Result<std::uint64_t> parse_size(std::string_view text);

/// A duration as people read it, three digits and the fitting unit: `12.3ms`.
std::string to_text(Duration duration);

} // namespace mesh
