#pragma once

#include "tests/prove/graph/plants.hpp"

#include <cstdint>
#include <string>

namespace prove_graph {

struct Outcome {
    bool is_cyclic = false;
    bool has_patterns = false;
    std::string fault; ///< empty when all agrees
};

/// Makes the graph of a seed, asks the product, and compares: the report in the given order, in
/// another one, and with services judged. `plant` may be null.
Outcome prove_one(std::uint64_t seed, const Plant* plant);

} // namespace prove_graph
