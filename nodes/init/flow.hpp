#pragma once

#include "mesh/base/result.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace nodes {

/// One arrow of a flow: a handler on `from` emits `to`.
struct Arrow {
    std::string from;
    std::string to;

    bool operator==(const Arrow&) const = default;
};

/// What leads to what, as somebody typed it: `a.b -> c.d -> e.f`, several chains behind `;`,
/// several topics of a step behind `,`.
struct Flow {
    std::vector<std::string> topics; ///< each once, as they came
    std::vector<Arrow> arrows;       ///< each once, as they came

    bool operator==(const Flow&) const = default;
};

inline constexpr std::size_t flow_topics_max = 200;

/// Reads the texts of all --flow as one flow. Pure. A token of a topic is of letters, digits, `_`
/// and `-`, because services, handlers and files are named after it.
/// Errors: `invalid`, naming what was expected and what was found; `limit`.
mesh::Result<Flow> parse_flow(std::span<const std::string> texts);

} // namespace nodes
