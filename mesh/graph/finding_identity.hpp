#pragma once

#include "mesh/graph/finding.hpp"
#include "mesh/graph/graph_input.hpp"
#include "mesh/graph/groups.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace mesh {

/// Says what makes a finding this one and no other, so that it is known again later although lines
/// have moved.
class FindingIdentity {
public:
    /// For the findings of one graph; `input` has to outlive it.
    explicit FindingIdentity(const GraphInput& input) : input_(input) {}

    /// Lines of text without places. A cycle is its steps. An event cycle also says by a hash
    /// which edges its group has: another edge there makes another cycle, which must not pass for
    /// the known one.
    std::vector<std::string> of(const Finding& finding);

private:
    std::string group_of(const std::string& handler);

    const GraphInput& input_;
    std::unique_ptr<InnerGraph> graph_; ///< made for the first event cycle
    std::map<std::string, InnerGraph::Index> numbers_;
    std::vector<Group> groups_;
};

} // namespace mesh
