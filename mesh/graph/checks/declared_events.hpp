#pragma once

#include "mesh/graph/graph_input.hpp"

#include <map>
#include <string>
#include <vector>

namespace mesh {

/// What the `events` of the input say of a topic or pattern: the entry of exactly that name wins,
/// else every entry whose pattern covers it counts.
class DeclaredEvents {
public:
    explicit DeclaredEvents(const std::vector<DeclaredEvent>& events);

    /// Some entry has exactly this name, or covers it.
    bool knows(const Pattern& name) const;

    /// Nobody needs to handle it.
    bool is_terminal(const Pattern& name) const;

    /// All of it, or for a pattern some of it, comes from outside the mesh.
    bool is_entry(const Pattern& name) const;

private:
    std::map<std::string, DeclaredEvent> exact_;
    std::vector<DeclaredEvent> wild_;
};

} // namespace mesh
