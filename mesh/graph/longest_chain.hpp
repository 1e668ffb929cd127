#pragma once

#include "mesh/event/contract.hpp"

#include <cstddef>
#include <span>

namespace mesh {

/// How many emissions can follow one another at most, one because of the other, among these
/// contracts. Allowed loop edges are no emissions here; handlers on a cycle, which there should be
/// none of, count once each.
std::size_t longest_chain(std::span<const Contract> contracts);

} // namespace mesh
