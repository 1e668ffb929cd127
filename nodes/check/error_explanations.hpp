#pragma once

#include "nodes/check/explain.hpp"

#include <span>

namespace nodes {

/// The explanations of errors, in order of code; `explanations()` has those of warnings too.
std::span<const Explanation> error_explanations();

} // namespace nodes
