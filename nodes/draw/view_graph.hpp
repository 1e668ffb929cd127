#pragma once

#include "mesh/graph/graph_input.hpp"
#include "mesh/graph/inner_graph.hpp"
#include "nodes/draw/view.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace nodes {

/// One view of an event graph, in a form whose size is that of the graph itself: what lies between
/// two nodes (a handler between events, an event between handlers or services) is a `Via` that
/// joins all its causes with all its effects. All lists are sorted, whatever the order of the
/// input.
struct ViewGraph {
    using Index = std::uint32_t;

    struct Node {
        std::string name;
        mesh::Place place;
        std::vector<std::string> notes; ///< what else there is to say, a line each
        bool is_entry = false;          ///< an event from outside
    };

    struct Cause {
        Index node;
        mesh::Place place;
        bool is_wild = false; ///< only a wildcard joins it
    };

    /// The end of an emission: an event in the view of events, else who emits.
    struct Emission {
        Index node;
        mesh::Place place;
        bool is_cut = false;
        std::optional<std::uint32_t> rounds_max; ///< of an allowed loop
    };

    struct Via {
        std::string name;
        std::vector<Cause> receivers; ///< received event, or who receives
        std::vector<Emission> emissions;
    };

    View view = View::events;
    std::vector<Node> nodes; ///< in order of name
    std::vector<Via> vias;

    /// Which of a via's ends is the tail of the arrow: in the view of events what is received
    /// causes what is emitted; in the others who emits causes who receives.
    bool is_received_first() const { return view == View::events; }

    std::optional<Index> find(const std::string& name) const;
};

/// An emission by SERVICE.HANDLER and pattern.
struct EmissionName {
    std::string handler;
    std::string emits;

    auto operator<=>(const EmissionName&) const = default;
};

/// The view of a graph, with the emissions `cut` marked.
ViewGraph make_view(const mesh::GraphInput& input, View view, const std::vector<EmissionName>& cut);

} // namespace nodes
