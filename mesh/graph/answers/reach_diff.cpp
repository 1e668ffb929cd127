#include "mesh/graph/answers/reach_diff.hpp"

#include "mesh/graph/answers/reach_rows.hpp"

#include <algorithm>
#include <bit>
#include <iterator>
#include <set>

namespace mesh {

namespace {

using Word = ReachRows::Word;

constexpr std::size_t steps_max = 2'000'000'000;
constexpr std::size_t block_words_max = 4'000'000; // 32 MB a graph

/// The smallest pairs, and how many there are in all.
class Pairs {
public:
    void add(std::size_t cause, std::size_t first_effect, Word effects) {
        count_ += static_cast<std::size_t>(std::popcount(effects));
        for (; effects != 0; effects &= effects - 1) {
            const std::pair pair(cause, first_effect +
                                            static_cast<std::size_t>(std::countr_zero(effects)));
            if (kept_.size() == reach_listed_max && pair > *kept_.rbegin())
                return; // and so are all that follow
            kept_.insert(pair);
            if (kept_.size() > reach_listed_max)
                kept_.erase(std::prev(kept_.end()));
        }
    }

    void write(const std::vector<Pattern>& events, std::vector<ReachDiff::Pair>& pairs,
               std::size_t& count) const {
        count = count_;
        for (const auto& [cause, effect] : kept_)
            pairs.emplace_back(events[cause].text(), events[effect].text());
    }

private:
    std::set<std::pair<std::size_t, std::size_t>> kept_;
    std::size_t count_ = 0;
};

} // namespace

ReachDiff diff_reach(const CausalGraph& before, const CausalGraph& after) {
    std::vector<Pattern> events;
    std::ranges::set_union(before.events(), after.events(), std::back_inserter(events));
    ReachRows old_rows(before, events);
    ReachRows new_rows(after, events);
    const auto word_count = (events.size() + 63) / 64;
    ReachDiff diff;
    diff.is_compared =
        word_count * (old_rows.word_cost() + new_rows.word_cost() + events.size()) <= steps_max;
    if (!diff.is_compared)
        return diff;
    Pairs added;
    Pairs removed;
    const auto rows = std::max({old_rows.row_count(), new_rows.row_count(), std::size_t{1}});
    const auto block = std::clamp(block_words_max / rows, std::size_t{1}, word_count + 1);
    for (std::size_t first = 0; first < word_count; first += block) {
        const auto count = std::min(block, word_count - first);
        old_rows.compute(first, count);
        new_rows.compute(first, count);
        for (std::size_t cause = 0; cause < events.size(); ++cause) {
            const auto old_effects = old_rows.effects(cause);
            const auto new_effects = new_rows.effects(cause);
            for (std::size_t i = 0; i < count; ++i) {
                added.add(cause, 64 * (first + i), new_effects[i] & ~old_effects[i]);
                removed.add(cause, 64 * (first + i), old_effects[i] & ~new_effects[i]);
            }
        }
    }
    added.write(events, diff.added, diff.added_count);
    removed.write(events, diff.removed, diff.removed_count);
    return diff;
}

} // namespace mesh
