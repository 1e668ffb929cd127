#pragma once

#include "mesh/base/place.hpp"
#include "nodes/draw/view.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nodes {

/// What is drawn, whatever the form: everything that a writer needs is here, in the order in which
/// it is written. Holds names as they are; each writer escapes for its form.
struct Picture {
    using Index = std::uint32_t;

    struct Node {
        std::string name;
        mesh::Place place;              ///< without a file when unknown
        std::vector<std::string> notes; ///< for the tooltip, a line each
        std::size_t level = 0;
        std::size_t folded_count = 0; ///< how many it stands for; 0: itself
        bool is_entry = false;        ///< comes from outside the mesh
        bool is_wild = false;         ///< a pattern
        bool is_on_cycle = false;
        std::optional<Index> group; ///< of nodes that cause each other
    };

    /// What makes an edge: a handler in the view of events, else an event.
    struct Via {
        std::string name;
        mesh::Place from_place;
        mesh::Place to_place;
        bool is_wild = false; ///< joined by a wildcard only
    };

    struct Mark {
        std::size_t cycle; ///< in `cycles`
        std::size_t step;  ///< counts from 1
    };

    struct Edge {
        Index from;
        Index to;
        std::vector<Via> vias; ///< the first ones
        std::size_t via_count = 0;
        std::vector<Mark> marks;
        bool is_cut = false;
        std::optional<std::uint32_t> rounds_max; ///< of an allowed loop
    };

    struct Step {
        std::string event;
        std::string handler;
        std::string emits;
        mesh::Place place;
        std::optional<Index> from; ///< drawn nodes, as far as they are
        std::optional<Index> to;
        std::optional<Index> edge;
    };

    struct Cycle {
        std::string code;
        std::string message;
        std::vector<Step> steps;
    };

    std::string title;
    View view = View::events;
    std::vector<Node> nodes;
    std::vector<Edge> edges;
    std::vector<std::vector<Index>> levels; ///< nodes by level, in order of name
    std::size_t group_count = 0;
    std::vector<Cycle> cycles;
    std::vector<std::string> notes; ///< what was left out, and why; for people
};

} // namespace nodes
