#include "mesh/graph/answers/dominators.hpp"

#include "mesh/graph/answers/causal_graph.hpp"

#include <limits>
#include <numeric>
#include <utility>

namespace mesh {

namespace {

using Vertex = Digraph::Vertex;

constexpr auto none = std::numeric_limits<Vertex>::max();

/// One run of the algorithm. Vertices are numbers in order of a depth-first search; `vertex_` leads
/// back.
class Dominators {
public:
    Dominators(const Digraph& graph, Vertex root) : number_(graph.vertex_count(), none) {
        search(graph, root);
        const auto count = vertex_.size();
        semi_.resize(count);
        std::iota(semi_.begin(), semi_.end(), Vertex{0});
        best_ = semi_;
        dominator_ = semi_;
        ancestor_.assign(count, none);
        find(reversed(graph));
    }

    std::vector<Vertex> by_vertex() const {
        std::vector<Vertex> result(number_.size());
        std::iota(result.begin(), result.end(), Vertex{0});
        for (std::size_t i = 1; i < vertex_.size(); ++i)
            result[vertex_[i]] = vertex_[dominator_[i]];
        return result;
    }

private:
    void search(const Digraph& graph, Vertex root) {
        std::vector<std::pair<Vertex, std::size_t>> calls;
        const auto enter = [&](Vertex vertex, Vertex parent) {
            number_[vertex] = static_cast<Vertex>(vertex_.size());
            vertex_.push_back(vertex);
            parent_.push_back(parent);
            calls.emplace_back(vertex, 0);
        };
        enter(root, 0);
        while (!calls.empty()) {
            auto& [vertex, next] = calls.back();
            const auto heads = graph.heads(vertex);
            if (next == heads.size()) {
                calls.pop_back();
                continue;
            }
            const auto head = heads[next++];
            if (number_[head] == none)
                enter(head, number_[vertex]);
        }
    }

    void find(const Digraph& backward) {
        std::vector<std::vector<Vertex>> bucket(vertex_.size());
        for (auto w = static_cast<Vertex>(vertex_.size()); w-- > 1;) {
            for (const auto before : backward.heads(vertex_[w]))
                if (number_[before] != none)
                    semi_[w] = std::min(semi_[w], semi_[evaluate(number_[before])]);
            bucket[semi_[w]].push_back(w);
            ancestor_[w] = parent_[w];
            for (const auto v : std::exchange(bucket[parent_[w]], {})) {
                const auto u = evaluate(v);
                dominator_[v] = semi_[u] < semi_[v] ? u : parent_[w];
            }
        }
        for (Vertex w = 1; w < vertex_.size(); ++w)
            if (dominator_[w] != semi_[w])
                dominator_[w] = dominator_[dominator_[w]];
    }

    /// The one with the least semidominator on the way up to the root of its tree, which is made
    /// shorter on the way.
    Vertex evaluate(Vertex v) {
        if (ancestor_[v] == none)
            return v;
        path_.clear();
        for (auto at = v; ancestor_[ancestor_[at]] != none; at = ancestor_[at])
            path_.push_back(at);
        for (auto i = path_.size(); i-- > 0;) {
            const auto at = path_[i];
            const auto above = ancestor_[at];
            if (semi_[best_[above]] < semi_[best_[at]])
                best_[at] = best_[above];
            ancestor_[at] = ancestor_[above];
        }
        return best_[v];
    }

    std::vector<Vertex> number_;
    std::vector<Vertex> vertex_;
    std::vector<Vertex> parent_;
    std::vector<Vertex> semi_;
    std::vector<Vertex> best_;
    std::vector<Vertex> dominator_;
    std::vector<Vertex> ancestor_;
    std::vector<Vertex> path_;
};

} // namespace

std::vector<Vertex> immediate_dominators(const Digraph& graph, Vertex root) {
    return Dominators(graph, root).by_vertex();
}

} // namespace mesh
