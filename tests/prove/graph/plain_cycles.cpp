#include "tests/prove/graph/plain_graph.hpp"

#include <algorithm>

namespace prove_graph {

Matrix Matrix::closure() const {
    auto all = *this;
    for (std::size_t k = 0; k < size_; ++k)
        for (std::size_t i = 0; i < size_; ++i)
            if (all.has(i, k))
                all.rows_[i] |= all.rows_[k];
    return all;
}

std::size_t Matrix::distance(std::size_t from, std::size_t to) const {
    Members seen = 0;
    Members now = rows_[from];
    for (std::size_t steps = 1; now != 0; ++steps) {
        if ((now >> to & 1U) != 0)
            return steps;
        seen |= now;
        Members next = 0;
        for (std::size_t i = 0; i < size_; ++i)
            if ((now >> i & 1U) != 0)
                next |= rows_[i];
        now = next & ~seen;
    }
    return 0;
}

bool is_cyclic_over_handlers(const PlainGraph& graph) {
    const auto closure = graph.handlers_matrix(Loops::left_out).closure();
    for (std::size_t i = 0; i < closure.size(); ++i)
        if (closure.has(i, i))
            return true;
    return false;
}

bool is_cyclic_over_events(const PlainGraph& graph) {
    // A topic leads to all that the handlers emit which it triggers.
    std::array<Topics, topic_count> next{};
    for (std::size_t topic = 0; topic < topic_count; ++topic)
        for (const auto& handler : graph.handlers)
            if (std::ranges::any_of(handler.on, [&](const PlainPattern& on) {
                    return (on.topics >> topic & 1U) != 0;
                }))
                for (const auto& emits : handler.emits)
                    next[topic] |= emits.is_allowed ? 0 : emits.topics;
    for (std::size_t k = 0; k < topic_count; ++k)
        for (auto& row : next)
            if ((row >> k & 1U) != 0)
                row |= next[k];
    for (std::size_t topic = 0; topic < topic_count; ++topic)
        if ((next[topic] >> topic & 1U) != 0)
            return true;
    return false;
}

bool is_cyclic_over_flow(const PlainGraph& graph) {
    // Events and handlers are both vertices; what nothing leads to is taken away until nothing
    // changes.
    Topics topics = (Topics{1} << topic_count) - 1;
    std::vector<bool> is_there(graph.handlers.size(), true);
    for (bool has_changed = true; has_changed;) {
        has_changed = false;
        Topics caused = 0;
        for (std::size_t h = 0; h < graph.handlers.size(); ++h) {
            if (!is_there[h])
                continue;
            const auto& handler = graph.handlers[h];
            if (std::ranges::none_of(handler.on, [&](const PlainPattern& on) {
                    return (on.topics & topics) != 0;
                })) {
                is_there[h] = false;
                has_changed = true;
                continue;
            }
            for (const auto& emits : handler.emits)
                caused |= emits.is_allowed ? 0 : emits.topics;
        }
        if ((topics & caused) != topics) {
            topics &= caused;
            has_changed = true;
        }
    }
    return topics != 0;
}

std::vector<Members> groups_of(const Matrix& closure) {
    std::vector<Members> groups;
    Members seen = 0;
    for (std::size_t i = 0; i < closure.size(); ++i) {
        Members group = Members{1} << i;
        for (std::size_t j = 0; j < closure.size(); ++j)
            if (closure.has(i, j) && closure.has(j, i))
                group |= Members{1} << j;
        if ((seen >> i & 1U) == 0 && group != Members{1} << i)
            groups.push_back(group);
        seen |= group;
    }
    return groups;
}

std::size_t shortest_cycle(const Matrix& matrix, Members group, Members some) {
    std::size_t best = 0;
    for (std::size_t i = 0; i < matrix.size(); ++i)
        for (std::size_t j = 0; j < matrix.size(); ++j) {
            if (i == j || (group >> i & 1U) == 0 || (group >> j & 1U) == 0 || (some >> i & 1U) == 0)
                continue;
            const auto there = matrix.distance(i, j);
            const auto back = matrix.distance(j, i);
            if (there != 0 && back != 0 && (best == 0 || there + back < best))
                best = there + back;
        }
    return best;
}

} // namespace prove_graph
