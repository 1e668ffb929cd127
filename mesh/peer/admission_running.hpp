#pragma once

// Private to this room: which handlers run, while an Admission decides.

#include "mesh/peer/admission.hpp"

#include <optional>
#include <vector>

namespace mesh {

class Admission::Running {
public:
    /// The handler runs at this node; of several nodes that run it, the strongest counts.
    void add(Vertex vertex, const Holder& holder) {
        if (vertex.slot >= holders_.size())
            holders_.resize(vertex.slot + 1);
        auto& handlers = holders_[vertex.slot];
        if (vertex.handler >= handlers.size())
            handlers.resize(vertex.handler + 1);
        auto& known = handlers[vertex.handler];
        if (!known || holder.is_stronger_than(*known))
            known = holder;
    }

    /// Who runs it; null when nobody does.
    const Holder* find(Vertex vertex) const {
        if (vertex.slot >= holders_.size() || vertex.handler >= holders_[vertex.slot].size())
            return nullptr;
        const auto& known = holders_[vertex.slot][vertex.handler];
        return known ? &*known : nullptr;
    }

private:
    std::vector<std::vector<std::optional<Holder>>> holders_;
};

} // namespace mesh
