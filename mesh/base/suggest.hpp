#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace mesh {

/// How many single-character insertions, deletions, replacements or swaps of neighbours lead from
/// `a` to `b`.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The one of `known` that a person who typed `typed` most likely meant: at most two edits away,
/// and fewer than its length. Nothing when none is near.
std::optional<std::string> nearest(std::string_view typed, std::span<const std::string> known);

/// `; did you mean "NAME"?`, or nothing.
std::string did_you_mean(std::string_view typed, std::span<const std::string> known);

} // namespace mesh
