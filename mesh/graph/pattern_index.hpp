#pragma once

#include "mesh/event/pattern.hpp"

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace mesh {

/// Finds the patterns that intersect a pattern without looking at all of them: a tree by tokens.
/// Immutable once made.
class PatternIndex {
public:
    explicit PatternIndex(std::span<const Pattern> patterns);

    /// The numbers of all patterns of the index that intersect `pattern`, ascending.
    std::vector<std::uint32_t> intersecting(const Pattern& pattern) const;

private:
    struct Branch {
        std::map<std::string, std::uint32_t, std::less<>> next; ///< by token, `*` among them
        std::vector<std::uint32_t> ending;                      ///< patterns that end here
        std::vector<std::uint32_t> wide;                        ///< that end with `>` after here
    };

    std::uint32_t step(std::uint32_t branch, std::string_view token);
    void collect_below(std::uint32_t branch, std::vector<std::uint32_t>& found) const;

    std::vector<Branch> branches_;
};

} // namespace mesh
