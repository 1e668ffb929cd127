#include "mesh/graph/edges/feedback_order.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace mesh {

namespace {

using Vertex = Digraph::Vertex;

/// Takes vertices away: those that nothing follows to the end of the order, those that nothing
/// precedes to its front, and when there is neither, the one with the largest surplus of edges out
/// of it to the front.
class FeedbackOrder {
public:
    FeedbackOrder(const Digraph& graph, std::span<const Digraph::Edge> edges)
        : graph_(graph),
          reverse_(graph.vertex_count(), reversed(edges)),
          out_(graph.vertex_count()),
          in_(graph.vertex_count()),
          position_(graph.vertex_count(), open) {
        std::uint32_t largest = 0;
        for (const auto& [tail, head] : edges) {
            largest = std::max(largest, ++out_[tail]);
            largest = std::max(largest, ++in_[head]);
        }
        waiting_.resize(2 * std::size_t{largest} + 1);
        for (Vertex v = 0; v < graph.vertex_count(); ++v)
            file(v);
    }

    std::vector<std::uint32_t> run() {
        for (front_ = 0, back_ = static_cast<std::uint32_t>(position_.size()); front_ < back_;) {
            if (const auto sink = take(sinks_); sink != open)
                remove(sink, --back_);
            else if (const auto source = take(sources_); source != open)
                remove(source, front_++);
            else
                remove(take_largest(), front_++);
        }
        return std::move(position_);
    }

private:
    static constexpr std::uint32_t open = 0xffff'ffff;

    static std::vector<Digraph::Edge> reversed(std::span<const Digraph::Edge> edges) {
        std::vector<Digraph::Edge> turned;
        turned.reserve(edges.size());
        for (const auto& [tail, head] : edges)
            turned.emplace_back(head, tail);
        return turned;
    }

    std::size_t surplus(Vertex v) const { return waiting_.size() / 2 + out_[v] - in_[v]; }

    /// A vertex is filed anew when its surplus changes; old entries are passed over when found.
    void file(Vertex v) {
        if (out_[v] == 0)
            sinks_.push_back(v);
        else if (in_[v] == 0)
            sources_.push_back(v);
        waiting_[surplus(v)].push_back(v);
        largest_ = std::max(largest_, surplus(v));
    }

    Vertex take(std::vector<Vertex>& from) {
        while (!from.empty()) {
            const auto v = from.back();
            from.pop_back();
            if (position_[v] == open)
                return v;
        }
        return open;
    }

    Vertex take_largest() {
        for (;; --largest_) {
            auto& here = waiting_[largest_];
            while (!here.empty()) {
                const auto v = here.back();
                here.pop_back();
                if (position_[v] == open && surplus(v) == largest_)
                    return v;
            }
        }
    }

    void remove(Vertex v, std::uint32_t position) {
        position_[v] = position;
        for (const auto head : graph_.heads(v)) {
            if (position_[head] != open)
                continue;
            --in_[head];
            file(head);
        }
        for (const auto tail : reverse_.heads(v)) {
            if (position_[tail] != open)
                continue;
            --out_[tail];
            file(tail);
        }
    }

    const Digraph& graph_;
    Digraph reverse_;
    std::vector<std::uint32_t> out_;
    std::vector<std::uint32_t> in_;
    std::vector<std::uint32_t> position_;
    std::vector<std::vector<Vertex>> waiting_; ///< by surplus
    std::size_t largest_ = 0;                  ///< no vertex waits above
    std::vector<Vertex> sinks_;
    std::vector<Vertex> sources_;
    std::uint32_t front_ = 0;
    std::uint32_t back_ = 0;
};

} // namespace

std::vector<std::uint32_t> feedback_order(const Digraph& graph,
                                          std::span<const Digraph::Edge> edges) {
    return FeedbackOrder(graph, edges).run();
}

} // namespace mesh
