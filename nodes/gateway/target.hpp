#pragma once

#include "nodes/gateway/http_message.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nodes {

/// What a request is about: the parts of its path and its query, decoded one by one, so that a `/`
/// in a topic or a key can be said as `%2F`.
struct Target {
    std::vector<std::string> path; ///< `/last/order.created/7` has three parts, `/` has none
    std::vector<std::pair<std::string, std::string>> query;

    /// The first value of that name.
    std::optional<std::string> queried(std::string_view name) const;
};

/// Errors: 400 for escapes that are none and for text that is no UTF-8.
OrRefusal<Target> parse_target(std::string_view text);

} // namespace nodes
