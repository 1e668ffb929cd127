#include "nodes/draw/picture_edges.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <tuple>
#include <utility>

namespace nodes {

namespace {

using Index = Picture::Index;

/// How many vias of an edge are kept by name.
constexpr std::size_t vias_max = 40;

/// How many pairs of cause and effect are looked at in one picture.
constexpr std::size_t pairs_max = 5'000'000;

using Key = std::tuple<Index, Index, bool, std::optional<std::uint32_t>>;

class EdgeBuilder {
public:
    EdgeBuilder(const ViewGraph& view, const Selection& selection)
        : view_(view), selection_(selection) {}

    void add(const ViewGraph::Via& via) {
        for (const auto& receiver : via.receivers) {
            const auto received = selection_.by_node[receiver.node];
            if (!received)
                continue;
            for (const auto& emission : via.emissions)
                if (const auto emitted = selection_.by_node[emission.node])
                    add(via.name, receiver, *received, emission, *emitted);
        }
    }

    void write(Picture& picture) {
        for (auto& [key, edge] : edges_)
            picture.edges.push_back(std::move(edge));
        if (left_out_ > 0)
            picture.notes.push_back(fmt::format("{} more pairs of cause and effect were not "
                                                "looked at",
                                                left_out_));
    }

private:
    void add(const std::string& name, const ViewGraph::Cause& receiver, Index received,
             const ViewGraph::Emission& emission, Index emitted) {
        if (pair_count_++ >= pairs_max) {
            ++left_out_;
            return;
        }
        if (received == emitted && selection_.drawn[received].folded_count > 0)
            return;
        const bool is_received_first = view_.is_received_first();
        const auto from = is_received_first ? received : emitted;
        const auto to = is_received_first ? emitted : received;
        auto& edge = edges_[{from, to, emission.is_cut, emission.rounds_max}];
        edge.from = from;
        edge.to = to;
        edge.is_cut = emission.is_cut;
        edge.rounds_max = emission.rounds_max;
        // A service that emits an event in two handlers is one cause of it, not two.
        if (edge.via_count > 0 && edge.vias.size() == edge.via_count &&
            edge.vias.back().name == name)
            return;
        ++edge.via_count;
        if (edge.vias.size() < vias_max)
            edge.vias.push_back({name, is_received_first ? receiver.place : emission.place,
                                 is_received_first ? emission.place : receiver.place,
                                 receiver.is_wild});
    }

    const ViewGraph& view_;
    const Selection& selection_;
    std::map<Key, Picture::Edge> edges_;
    std::size_t pair_count_ = 0;
    std::size_t left_out_ = 0;
};

} // namespace

void add_edges(const ViewGraph& view, const Selection& selection, Picture& picture) {
    EdgeBuilder builder(view, selection);
    for (const auto& via : view.vias)
        builder.add(via);
    builder.write(picture);
}

void limit_edges(std::size_t edges_max, Picture& picture) {
    if (picture.edges.size() <= edges_max)
        return;
    const auto span = [&](const Picture::Edge& edge) {
        const auto from = picture.nodes[edge.from].level;
        const auto to = picture.nodes[edge.to].level;
        return from < to ? to - from : from - to;
    };
    const auto rank = [&](std::size_t i) {
        const auto& edge = picture.edges[i];
        return std::tuple(edge.marks.empty(), !edge.is_cut, !edge.rounds_max, span(edge), i);
    };
    std::vector<std::size_t> order(picture.edges.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::sort(order, {}, rank);
    order.resize(edges_max);
    std::ranges::sort(order);
    std::vector<Picture::Edge> kept;
    kept.reserve(order.size());
    for (const auto i : order)
        kept.push_back(std::move(picture.edges[i]));
    picture.notes.push_back(
        fmt::format("{} more edges are not drawn", picture.edges.size() - kept.size()));
    picture.edges = std::move(kept);
}

} // namespace nodes
