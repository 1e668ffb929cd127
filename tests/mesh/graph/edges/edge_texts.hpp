#pragma once

#include "mesh/graph/edges/check_edges.hpp"
#include "mesh/graph/edges/edge_reader.hpp"
#include "tests/support/catch.hpp"

#include <cstddef>
#include <string>
#include <utility>

namespace edge_test {

/// The report on a text that is an edge list, called `f`.
inline mesh::GraphReport check(const std::string& text) {
    const auto list = mesh::read_edges(text);
    REQUIRE(list.has_value());
    return mesh::check_edges(*list, "f");
}

/// `count` edges, the i-th by `edge`.
template <class Make>
std::string text_of(std::size_t count, Make edge) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) {
        const auto [tail, head] = edge(i);
        text += "n" + std::to_string(tail) + " n" + std::to_string(head) + "\n";
    }
    return text;
}

using Pair = std::pair<std::size_t, std::size_t>;

} // namespace edge_test
