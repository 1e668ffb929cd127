#pragma once

#include "mesh/event/contract.hpp"

#include <cstddef>
#include <memory>
#include <random>
#include <vector>

namespace joining_test {

using Random = std::mt19937_64;

/// Contracts of `count` nodes that often make cycles, over patterns too. Among them are replicas,
/// other versions of the same service, allowed loops, handlers that only receive, and rings: each
/// but the last fits with the others.
std::vector<std::shared_ptr<const mesh::Contract>> draw_contracts(Random& random,
                                                                  std::size_t count);

struct NamedContracts {
    const char* name;
    std::vector<std::shared_ptr<const mesh::Contract>> contracts;
};

/// Graphs of three nodes, a ring first.
std::vector<NamedContracts> contracts_of_three();

} // namespace joining_test
