#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace mesh {

/// How far two names of topics or patterns are apart when one may be the other misspelled: 1 or 2
/// edits over all tokens, or 1 for another case. Nothing when they are equal, further apart, or
/// alike for a reason of their own: a token that is only a few letters long, and tokens that count
/// (`sensor.1`, `sensor.2`). A wildcard is as good as any token.
std::optional<std::size_t> misspelling_distance(std::string_view a, std::string_view b);

/// Whether the names differ only in the plural of tokens: `order.paid`, `orders.paid`.
bool differs_in_plural(std::string_view a, std::string_view b);

} // namespace mesh
