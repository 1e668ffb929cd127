#pragma once

#include "mesh/graph/finding.hpp"
#include "nodes/draw/picture.hpp"
#include "nodes/draw/selection.hpp"

#include <map>
#include <string>
#include <vector>

namespace nodes {

/// Where the steps of cycles lie in a view: between which nodes, by their names.
class StepNames {
public:
    /// `services` tells the service of each handler's label.
    StepNames(View view, std::map<std::string, std::string> services)
        : view_(view), services_(std::move(services)) {}

    /// The name of the node where step `i` begins; the next step begins where it ends.
    std::string from(const mesh::Finding& finding, std::size_t i) const;

    /// The name of the via of step `i`.
    std::string via(const mesh::Finding& finding, std::size_t i) const;

private:
    View view_;
    std::map<std::string, std::string> services_;
};

/// The nodes of the view on the witnesses of `findings`, each once, in the order of the walks.
std::vector<ViewGraph::Index> witness_nodes(const ViewGraph& view, const StepNames& names,
                                            const std::vector<mesh::Finding>& findings);

/// Adds the cycles of `findings` to the picture, and their marks to its nodes and edges.
void add_cycles(const ViewGraph& view, const Selection& selection, const StepNames& names,
                const std::vector<mesh::Finding>& findings, Picture& picture);

} // namespace nodes
