#pragma once

#include "mesh/node.hpp"

#include <string>

namespace nodes {

/// Publishes events without waiting, and says what they are called in the mesh. Made before the
/// node's start; any thread may publish.
class IdPublisher {
public:
    explicit IdPublisher(mesh::Node& node);

    /// The event's id. Errors: as Node::try_publish.
    mesh::Result<std::string> publish(const mesh::NewEvent& event);

private:
    mesh::Node& node_;
};

} // namespace nodes
