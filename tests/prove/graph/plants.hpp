#pragma once

#include "mesh/graph/check_graph.hpp"

#include <functional>
#include <span>
#include <string_view>

namespace prove_graph {

/// A bug that the proof has to catch. It is planted around the product: in the input that the
/// product gets, which is not the one that the pencil sees, or in the report that it gives.
struct Plant {
    std::string_view name;
    std::string_view what;
    void (*change_input)(mesh::GraphInput&) = nullptr;
    void (*change_report)(mesh::GraphReport&) = nullptr;
};

std::span<const Plant> plants();

} // namespace prove_graph
