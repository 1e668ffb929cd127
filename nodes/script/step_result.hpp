#pragma once

#include "mesh/base/result.hpp"

#include <string>
#include <utility>
#include <vector>

namespace nodes {

/// Why a step did not do what it says.
struct StepFailure {
    std::string summary;              ///< what was expected and what was found
    std::vector<std::string> details; ///< lines
};

using StepResult = tl::expected<void, StepFailure>;

inline tl::unexpected<StepFailure> fail_step(std::string summary,
                                             std::vector<std::string> details = {}) {
    return tl::unexpected(StepFailure{std::move(summary), std::move(details)});
}

} // namespace nodes
