#pragma once

#include "mesh/graph/answers/causal_graph.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace mesh {

/// Which events of a list are caused by which, as bits: a row an event, computed for a block of
/// effects at a time. An event that the graph does not name causes nothing and is caused by
/// nothing.
class ReachRows {
public:
    using Word = std::uint64_t;

    ReachRows(const CausalGraph& graph, const std::vector<Pattern>& events);

    /// What one block of one word costs, in steps.
    std::size_t word_cost() const { return vertex_count_ + edge_count_; }

    /// Rows kept at a time, a word wide each.
    std::size_t row_count() const { return row_count_; }

    /// Computes the effects `64 * first_word` and on, `word_count` words of them.
    void compute(std::size_t first_word, std::size_t word_count);

    /// The effects of one event, within the block computed last.
    std::span<const Word> effects(std::size_t event) const {
        return {rows_.data() + row_of_cause_[event] * word_count_, word_count_};
    }

private:
    std::size_t vertex_count_ = 0;
    std::size_t edge_count_ = 0;
    std::size_t row_count_ = 0;
    std::size_t word_count_ = 0;
    std::vector<std::uint32_t> row_of_cause_; ///< by event
    std::vector<std::uint32_t> row_of_effect_;
    Digraph rows_graph_; ///< between rows: from higher to lower numbers
    std::vector<Word> rows_;
};

} // namespace mesh
