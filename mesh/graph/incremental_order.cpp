#include "mesh/graph/incremental_order.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

namespace mesh {

using Vertex = IncrementalOrder::Vertex;

namespace {

/// Takes one of the value out, the last one. False when there is none.
bool erase_one(std::vector<Vertex>& from, Vertex value) {
    const auto found = std::find(from.rbegin(), from.rend(), value);
    if (found == from.rend())
        return false;
    from.erase(std::next(found).base());
    return true;
}

} // namespace

IncrementalOrder::IncrementalOrder(std::size_t vertex_count)
    : level_(vertex_count, 1),
      heads_(vertex_count),
      tails_on_level_(vertex_count),
      marks_(vertex_count) {}

Vertex IncrementalOrder::add_vertex() {
    level_.push_back(1);
    heads_.emplace_back();
    tails_on_level_.emplace_back();
    marks_.push_back(0);
    return static_cast<Vertex>(level_.size() - 1);
}

std::vector<Vertex> IncrementalOrder::insert(Edge edge) {
    return insert_all({&edge, 1});
}

std::vector<Vertex> IncrementalOrder::insert_all(std::span<const Edge> edges) {
    changes_.clear();
    tails_before_.clear();
    for (const auto& edge : edges) {
        const auto change_count = changes_.size();
        if (try_insert(edge))
            continue;
        // In two steps: the cycle may lead over edges of this call that went in.
        undo(change_count);
        auto cycle = cycle_by(edge);
        undo(0);
        return cycle;
    }
    return {};
}

bool IncrementalOrder::remove(Edge edge) {
    const auto [tail, head] = edge;
    if (!erase_one(heads_[tail], head))
        return false;
    if (level_[tail] == level_[head])
        erase_one(tails_on_level_[head], tail);
    --edge_count_;
    ++removed_count_;
    // Only insertions pay for levels; those that removals have left without edges are a debt. What
    // the rest costs is paid by as many removals.
    const auto level_max = static_cast<double>(level_max_);
    if (removed_count_ > edge_count_ && level_max > 2 * std::sqrt(static_cast<double>(edge_count_)))
        rebuild();
    return true;
}

bool IncrementalOrder::try_insert(Edge edge) {
    const auto [tail, head] = edge;
    if (tail == head)
        return false;
    if (level_[tail] >= level_[head]) {
        const auto behind = search_behind(tail, head);
        if (behind == Behind::cycle)
            return false;
        const Level level = level_[tail] + (behind == Behind::too_many ? 1 : 0);
        if (level_[head] < level && !raise_from(head, level))
            return false;
    }
    heads_[tail].push_back(head);
    changes_.push_back({Change::Kind::linked, tail, 0});
    ++edge_count_;
    if (level_[tail] == level_[head])
        meet_on_level(tail, head);
    return true;
}

/// Marks what leads to the tail on its own level, as far as that is not too much.
IncrementalOrder::Behind IncrementalOrder::search_behind(Vertex tail, Vertex head) {
    auto mark = next_mark();
    marks_[tail] = mark;
    queue_.assign(1, tail);
    auto left = search_max();
    for (std::size_t next = 0; next < queue_.size(); ++next) {
        for (const auto before : tails_on_level_[queue_[next]]) {
            if (before == head)
                return Behind::cycle;
            if (left-- == 0) {
                // What is marked does not count: the head will stand above it.
                mark = next_mark();
                marks_[tail] = mark;
                return Behind::too_many;
            }
            if (marks_[before] == mark)
                continue;
            marks_[before] = mark;
            queue_.push_back(before);
        }
    }
    return Behind::no_cycle;
}

/// Raises the head and what stands below it behind it. False when that leads to what the search has
/// marked; then levels are to be undone.
bool IncrementalOrder::raise_from(Vertex head, Level level) {
    raise(head, level);
    queue_.assign(1, head);
    while (!queue_.empty()) {
        const auto at = queue_.back();
        queue_.pop_back();
        for (const auto next : heads_[at]) {
            if (marks_[next] == mark_)
                return false;
            if (level_[next] > level)
                continue;
            if (level_[next] < level) {
                raise(next, level);
                queue_.push_back(next);
            }
            meet_on_level(at, next);
        }
    }
    return true;
}

void IncrementalOrder::raise(Vertex vertex, Level level) {
    changes_.push_back({Change::Kind::raised, vertex, level_[vertex]});
    tails_before_.push_back(std::exchange(tails_on_level_[vertex], {}));
    level_[vertex] = level;
    level_max_ = std::max(level_max_, level);
}

void IncrementalOrder::meet_on_level(Vertex tail, Vertex head) {
    tails_on_level_[head].push_back(tail);
    changes_.push_back({Change::Kind::met_on_level, head, 0});
}

void IncrementalOrder::undo(std::size_t change_count) {
    for (; changes_.size() > change_count; changes_.pop_back()) {
        const auto& change = changes_.back();
        switch (change.kind) {
        case Change::Kind::raised:
            level_[change.vertex] = change.level_before;
            tails_on_level_[change.vertex] = std::move(tails_before_.back());
            tails_before_.pop_back();
            break;
        case Change::Kind::met_on_level:
            tails_on_level_[change.vertex].pop_back();
            break;
        case Change::Kind::linked:
            heads_[change.vertex].pop_back();
            --edge_count_;
            break;
        }
    }
}

/// Breadth first from the edge's head: no edge leads to a lower level, so what is above the tail
/// cannot lead to it.
std::vector<Vertex> IncrementalOrder::cycle_by(Edge edge) {
    const auto [tail, head] = edge;
    if (tail == head)
        return {tail};
    const auto mark = next_mark();
    marks_[head] = mark;
    queue_.assign(1, head);
    std::vector<std::size_t> arrivals(1, 0); // place in the queue of the vertex before
    for (std::size_t next = 0; next < queue_.size() && queue_.back() != tail; ++next) {
        for (const auto vertex : heads_[queue_[next]]) {
            if (marks_[vertex] == mark || level_[vertex] > level_[tail])
                continue;
            marks_[vertex] = mark;
            queue_.push_back(vertex);
            arrivals.push_back(next);
            if (vertex == tail)
                break;
        }
    }
    std::vector<Vertex> cycle;
    for (auto at = queue_.size() - 1; at != 0; at = arrivals[at])
        cycle.push_back(queue_[at]);
    cycle.push_back(head);
    std::ranges::reverse(cycle);
    std::rotate(cycle.begin(), cycle.end() - 1, cycle.end());
    return cycle;
}

/// How many edges a search backward may look at: the bound under which levels are few and searches
/// short.
std::size_t IncrementalOrder::search_max() const {
    const auto by_edges = std::sqrt(static_cast<double>(edge_count_ + 1));
    const auto root = std::cbrt(static_cast<double>(vertex_count()));
    return static_cast<std::size_t>(std::min(by_edges, root * root));
}

/// All on one level: right for any graph, and it pays for itself like a new beginning.
void IncrementalOrder::rebuild() {
    for (Vertex vertex = 0; vertex < vertex_count(); ++vertex) {
        level_[vertex] = 1;
        tails_on_level_[vertex].clear();
    }
    for (Vertex tail = 0; tail < vertex_count(); ++tail)
        for (const auto head : heads_[tail])
            tails_on_level_[head].push_back(tail);
    level_max_ = 1;
    removed_count_ = 0;
}

std::uint32_t IncrementalOrder::next_mark() {
    if (++mark_ == 0) { // after four thousand million searches
        std::ranges::fill(marks_, 0);
        mark_ = 1;
    }
    return mark_;
}

} // namespace mesh
