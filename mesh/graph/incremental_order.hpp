#pragma once

#include "mesh/graph/digraph.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace mesh {

/// A graph that grows edge by edge and never gets a cycle: an edge that would close one is refused.
/// It keeps a level for each vertex, so that no edge leads to a lower one, and searches only where
/// an edge stands against that (the sparse method of Bender, Fineman, Gilbert and Tarjan, "A new
/// approach to incremental cycle detection and related problems", 2015). Edges may be parallel. For
/// one thread.
class IncrementalOrder {
public:
    using Vertex = Digraph::Vertex;
    using Edge = Digraph::Edge;
    using Level = std::uint32_t;

    explicit IncrementalOrder(std::size_t vertex_count = 0);

    /// The new vertex has the highest number.
    Vertex add_vertex();

    std::size_t vertex_count() const { return level_.size(); }

    std::size_t edge_count() const { return edge_count_; }

    Level level(Vertex vertex) const { return level_[vertex]; }

    /// Puts the edge in. When it would close a cycle nothing changes, and the shortest one comes
    /// back: the vertices from the edge's tail, then its head, to the one that leads to the tail.
    /// Empty when the edge is in.
    std::vector<Vertex> insert(Edge edge);

    /// Puts all edges in, or none: what came before a refused one is taken back, levels included.
    /// The cycle is of the first edge that is refused.
    std::vector<Vertex> insert_all(std::span<const Edge> edges);

    /// Takes one edge out. False when there is no such edge. Never makes anything wrong, but levels
    /// do not sink; when many edges have gone and levels are far too high, they are built anew.
    bool remove(Edge edge);

private:
    /// What was done, in order to take it back.
    struct Change {
        enum class Kind : std::uint8_t { raised, met_on_level, linked } kind;
        Vertex vertex;
        Level level_before;
    };

    enum class Behind : std::uint8_t { no_cycle, too_many, cycle };

    bool try_insert(Edge edge);
    Behind search_behind(Vertex tail, Vertex head);
    bool raise_from(Vertex head, Level level);
    void raise(Vertex vertex, Level level);
    void meet_on_level(Vertex tail, Vertex head);
    void undo(std::size_t change_count);
    std::vector<Vertex> cycle_by(Edge edge);
    std::size_t search_max() const;
    void rebuild();
    std::uint32_t next_mark();

    std::vector<Level> level_;
    std::vector<std::vector<Vertex>> heads_;
    std::vector<std::vector<Vertex>> tails_on_level_; ///< of the edges within one level
    std::size_t edge_count_ = 0;
    std::size_t removed_count_ = 0; ///< since levels were built anew
    Level level_max_ = 1;

    std::vector<Change> changes_;                   ///< of the call that is going on
    std::vector<std::vector<Vertex>> tails_before_; ///< one for each `raised`

    std::vector<std::uint32_t> marks_; ///< the number of the search that came by
    std::uint32_t mark_ = 0;
    std::vector<Vertex> queue_;
};

} // namespace mesh
