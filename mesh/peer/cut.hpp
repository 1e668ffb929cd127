#pragma once

#include "mesh/base/node_id.hpp"
#include "mesh/base/time.hpp"

#include <algorithm>
#include <map>
#include <span>

namespace mesh {

/// Nodes that this one neither hears nor reaches for a time, as if the cable between were cut:
/// silence, and no closed connection. Whoever tries what a mesh does then asks for it; a node that
/// was not started for that has never any. Pure.
class Cut {
public:
    /// From now on until `until`, beside what is cut already; a later end wins.
    void begin(std::span<const NodeId> nodes, TimePoint until) {
        for (const auto& node : nodes)
            until_[node] = std::max(until_[node], until);
    }

    bool holds(const NodeId& node, TimePoint now) const {
        const auto found = until_.find(node);
        return found != until_.end() && now < found->second;
    }

    /// Whether nothing was ever cut: what every node asks with each message costs nothing then.
    bool is_empty() const { return until_.empty(); }

    /// Forgets what is over.
    void heal(TimePoint now) {
        std::erase_if(until_, [now](const auto& one) { return one.second <= now; });
    }

private:
    std::map<NodeId, TimePoint> until_;
};

} // namespace mesh
