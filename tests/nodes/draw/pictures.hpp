#pragma once

#include "mesh/manifest/read.hpp"
#include "nodes/check/check.hpp"
#include "nodes/check/graph_input.hpp"
#include "nodes/draw/make_picture.hpp"
#include "tests/support/catch.hpp"

#include <limits>
#include <string>

/// Short ways to make pictures of manifests in tests.
namespace picture_test {

struct Checked {
    mesh::GraphInput input;
    mesh::GraphReport report;
};

inline Checked checked(const std::string& services) {
    const auto set = mesh::read_manifest_text("dagmesh: 1\n" + services, "f");
    for (const auto& error : set.errors)
        FAIL(error.message);
    const auto input = nodes::graph_input(set.realms.at(0));
    return {input, nodes::check_realms(set, {}).at(0).graph};
}

inline nodes::Picture picture_of(const std::string& services,
                                 nodes::View view = nodes::View::events,
                                 std::size_t nodes_max = 200, std::size_t edges_max = 4000) {
    const auto [input, report] = checked(services);
    return nodes::make_picture(input, report, {"title", view, nodes_max, edges_max});
}

/// `a>b c>d`: the edges in order, with `#` for a step, `x` for a cut and `o` for a loop behind.
inline std::string edges_of(const nodes::Picture& picture) {
    std::string text;
    for (const auto& edge : picture.edges) {
        text += (text.empty() ? "" : " ") + picture.nodes[edge.from].name + ">" +
                picture.nodes[edge.to].name;
        for (const auto& mark : edge.marks)
            text += "#" + std::to_string(mark.step);
        text += edge.is_cut ? "x" : "";
        text += edge.rounds_max ? "o" : "";
    }
    return text;
}

} // namespace picture_test
