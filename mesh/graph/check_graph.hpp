#pragma once

#include "mesh/graph/finding.hpp"
#include "mesh/graph/graph_input.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace mesh {

/// What the checker says of one realm.
struct GraphReport {
    struct Counts {
        std::size_t services = 0;
        std::size_t events = 0;
        std::size_t handlers = 0;
        std::size_t edges = 0; ///< subscriptions and emissions, allowed loop edges among them
    };

    Counts counts;

    /// No event causes itself; when services are judged, none of them leads back to itself either.
    bool is_acyclic = true;

    /// Events by level, see `Levels`. With cycles: of what is left after all cuts.
    std::vector<std::vector<std::string>> levels;
    std::size_t longest_chain = 0; ///< events on the longest path

    /// Errors first, then by code and place. Equal inputs give equal findings, in whatever order
    /// their parts come.
    std::vector<Finding> findings;
};

/// What to hold the graph to, beside what its input says.
struct CheckRequest {
    /// Allowed loops whose last day is before it are findings. Missing: no date is judged.
    std::optional<Date> today;

    /// A cycle at service level is an error and makes the graph cyclic, also in one service.
    bool judges_services = false;
};

/// Checks the graph: no event may cause itself, directly or over other handlers. Allowed loop edges
/// are left out of that, and judged by themselves. All findings are told at once. Pure, and
/// iterative in the depth of the graph.
GraphReport check_graph(const GraphInput& input, const CheckRequest& request = {});

} // namespace mesh
