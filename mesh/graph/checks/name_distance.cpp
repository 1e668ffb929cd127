#include "mesh/graph/checks/name_distance.hpp"

#include "mesh/base/suggest.hpp"
#include "mesh/event/tokens.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <iterator>
#include <string>

namespace mesh {

namespace {

constexpr std::size_t distance_max = 2;

/// Wildcards apart, everything is compared by bytes.
char lowered(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

std::string without_digits(std::string_view text) {
    std::string rest;
    std::ranges::copy_if(text, std::back_inserter(rest), [](char c) { return !is_digit(c); });
    return rest;
}

/// Two edits in four letters make another word: `add`, `all`.
bool is_long_enough(std::size_t length, std::size_t distance) {
    return length >= 2 * distance + 1;
}

/// A bit a letter: one edit changes two of them at most.
std::uint64_t letters_of(std::string_view text) {
    std::uint64_t letters = 0;
    for (const char c : text)
        letters |= std::uint64_t{1} << (static_cast<unsigned char>(lowered(c)) & 63U);
    return letters;
}

/// 0 for equal words, more than `distance_max` for words that are not misspelled forms of one.
std::size_t word_distance(std::string_view a, std::string_view b) {
    constexpr auto far = distance_max + 1;
    if (a == b)
        return 0;
    const auto [shorter, longer] = std::minmax({a.size(), b.size()});
    const auto changed = std::popcount(letters_of(a) ^ letters_of(b));
    if (longer - shorter > distance_max || static_cast<std::size_t>(changed) > 2 * distance_max ||
        without_digits(a) == without_digits(b))
        return far;
    if (std::ranges::equal(a, b, {}, lowered, lowered))
        return 1;
    const auto distance = edit_distance(a, b);
    return is_long_enough(longer, distance) ? distance : far;
}

/// Whether words that stand at the same place can be compared: as many tokens, or a `>`.
bool is_aligned(std::string_view a, std::string_view b) {
    return a.ends_with('>') || b.ends_with('>') ||
           std::ranges::count(a, '.') == std::ranges::count(b, '.');
}

/// Calls `use` with the words that stand at the same place, up to the end, a `>`, or the first
/// false. A wildcard is as good as any word.
template <class Use>
void align(std::string_view a, std::string_view b, Use use) {
    const Tokens from(a);
    const Tokens to(b);
    auto x = from.begin();
    auto y = to.begin();
    for (; x != from.end() && y != to.end() && *x != ">" && *y != ">"; ++x, ++y)
        if (*x != "*" && *y != "*" && !use(*x, *y))
            return;
}

} // namespace

std::optional<std::size_t> misspelling_distance(std::string_view a, std::string_view b) {
    std::size_t distance = 0;
    const auto add = [&](std::string_view x, std::string_view y) {
        distance += word_distance(x, y);
        return distance <= distance_max;
    };
    if (is_aligned(a, b))
        align(a, b, add);
    else
        distance = word_distance(a, b); // a dot too many, or one too few
    return distance == 0 || distance > distance_max ? std::nullopt : std::optional(distance);
}

bool differs_in_plural(std::string_view a, std::string_view b) {
    const auto is_plural = [](std::string_view one, std::string_view many) {
        return many.starts_with(one) &&
               (many.size() == one.size() || many.substr(one.size()) == "s" ||
                many.substr(one.size()) == "es");
    };
    bool is_so = is_aligned(a, b);
    if (is_so)
        align(a, b, [&](std::string_view x, std::string_view y) {
            is_so = is_plural(x, y) || is_plural(y, x);
            return is_so;
        });
    return is_so;
}

} // namespace mesh
