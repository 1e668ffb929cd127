#pragma once

#include "mesh/base/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace nodes {

/// A path of one's own for a topic: `--route 'POST /register=user.registered'`.
struct Route {
    std::string method;
    std::vector<std::string> path; ///< its parts, decoded
    std::string topic;
};

/// Reads METHOD /PATH=TOPIC. Errors: `invalid` for any other form, another method than POST or PUT,
/// what is no topic, and a path that the gateway answers itself.
mesh::Result<Route> parse_route(std::string_view text);

} // namespace nodes
