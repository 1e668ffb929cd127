#include "tests/nodes/draw/pictures.hpp"

using nodes::View;
using picture_test::edges_of;
using picture_test::picture_of;

namespace {

const std::string broken = R"(
services:
  a: {handlers: {h: {on: x, emits: [y]}}}
  b: {handlers: {h: {on: y, emits: [z]}}}
  c: {handlers: {h: {on: z, emits: [x]}, tail: {on: z, emits: [end]}}}
)";

std::string chain(std::size_t count, bool is_ring) {
    std::string text = "services:\n";
    for (std::size_t i = 0; i < count; ++i)
        text += "  s" + std::to_string(i) + ": {handlers: {h: {on: e" + std::to_string(i) +
                ", emits: [e" + std::to_string(is_ring ? (i + 1) % count : i + 1) + "]}}}\n";
    return text;
}

} // namespace

TEST_CASE("the three views show the same cycle, with its steps and its cut") {
    CHECK(edges_of(picture_of(broken)) == "x>y#1 y>z#2 z>end z>x#3x");
    CHECK(edges_of(picture_of(broken, View::handlers)) ==
          "a.h>b.h#1 b.h>c.h#2 b.h>c.tail c.h>a.h#3x");
    CHECK(edges_of(picture_of(broken, View::services)) == "a>b#1 b>c#2 c>a#3x");
}

TEST_CASE("a step knows its edge, its ends and where it is written") {
    const auto picture = picture_of(broken);
    REQUIRE(picture.cycles.size() == 1);
    const auto& step = picture.cycles[0].steps[1];
    CHECK(step.event == "y");
    CHECK(step.handler == "b.h");
    REQUIRE(step.edge);
    CHECK(picture.edges[*step.edge].vias[0].name == "b.h");
    CHECK(picture.nodes[*step.from].name == "y");
    CHECK(picture.nodes[*step.to].name == "z");
    CHECK(mesh::to_string(step.place) == "f:5:37");
    CHECK(picture.nodes[*step.from].is_on_cycle);
    CHECK(picture.group_count == 1);
}

TEST_CASE("levels are those of the check, and without the cut edges every arrow goes up") {
    for (const auto view : {View::events, View::handlers, View::services}) {
        const auto picture = picture_of(broken, view);
        for (const auto& edge : picture.edges)
            if (!edge.is_cut)
                CHECK(picture.nodes[edge.from].level < picture.nodes[edge.to].level);
    }
    CHECK(picture_of(broken).levels.size() == 4);
}

TEST_CASE("parallel edges are one, with a count") {
    const auto picture = picture_of("services:\n  a: {handlers: {h: {on: x, emits: [y]}, "
                                    "i: {on: x, emits: [y]}, j: {on: '*', emits: [y.z]}}}\n");
    CHECK(edges_of(picture) == "x>y y>y.z");
    CHECK(picture.edges[0].via_count == 2);
    CHECK(picture.edges[0].vias[1].name == "a.i");
    CHECK(picture.edges[1].vias[0].is_wild);
}

TEST_CASE("an allowed loop is drawn, with its rounds, and is no cycle") {
    const auto picture = picture_of(R"(
services:
  a:
    handlers: {h: {on: x, emits: [y]}, back: {on: y, emits: [x]}}
    loops: [{edge: {handler: back, emits: x}, max_rounds: 5, reason: r, until: 2999-01-01}]
)");
    CHECK(edges_of(picture) == "x>y y>xo");
    CHECK(picture.edges[1].rounds_max == 5U);
    CHECK(mesh::to_string(picture.edges[1].vias[0].to_place) == "f:5:62");
    CHECK(picture.cycles.empty());
    CHECK(picture.group_count == 0);
}

TEST_CASE("a self-loop through a wildcard is an edge from the event to itself") {
    const auto picture =
        picture_of("services: {a: {handlers: {log: {on: '>', emits: [log.x]}}}}\n");
    CHECK(edges_of(picture) == "log.x>log.x#1x");
}

TEST_CASE("a service that publishes by itself causes who receives it") {
    const auto picture = picture_of("services:\n  a: {publishes: [x]}\n"
                                    "  b: {handlers: {h: {on: x, emits: []}}}\n",
                                    View::services);
    CHECK(edges_of(picture) == "a>b");
}

TEST_CASE("above the limit a cyclic graph shows its groups and one step around") {
    const auto tail = [](std::size_t count) {
        std::string text;
        for (std::size_t i = 0; i < count; ++i)
            text += "  t" + std::to_string(i) + ": {handlers: {h: {on: t" + std::to_string(i) +
                    ", emits: [t" + std::to_string(i + 1) + "]}}}\n";
        return text;
    };
    const auto picture =
        picture_of(broken + tail(300) + "  u: {handlers: {h: {on: end, emits: [t7]}}}\n");
    CHECK(edges_of(picture) == "x>y#1 y>z#2 z>end z>x#3x");
    REQUIRE(picture.notes.size() == 1);
    CHECK(picture.notes[0] ==
          "shows 4 of 305 events: the groups with a cycle, and one step around them");
}

TEST_CASE("a ring larger than the picture is drawn as far as there is room") {
    const auto picture = picture_of(chain(1000, true));
    CHECK(picture.nodes.size() == 200);
    REQUIRE(picture.notes.size() == 2);
    CHECK(picture.notes[1] == "800 more of these have no room in the picture");
    CHECK(picture.cycles[0].steps.size() == 1000);
}

TEST_CASE("above the limit a graph without a cycle is folded by prefix, no more than needed") {
    std::string text = "services:\n";
    for (int i = 0; i < 300; ++i)
        text += "  s" + std::to_string(i) + ": {handlers: {h: {on: in." + std::to_string(i % 30) +
                ".e" + std::to_string(i) + ", emits: [out.a" + std::to_string(i) + "]}}}\n";
    const auto picture = picture_of(text, View::events, 50);
    CHECK(picture.nodes.size() == 31);
    CHECK(picture.nodes[0].name == "in.0.");
    CHECK(picture.nodes[0].folded_count == 10);
    CHECK(picture.nodes[30].name == "out.");
    CHECK(picture.edges.size() == 30);
    CHECK(picture.edges[0].via_count == 10);
    CHECK(picture.notes == std::vector<std::string>{"600 events folded by prefix into 31"});
    CHECK(picture_of(text, View::events, 5).nodes.size() == 2);
}

TEST_CASE("names that no prefix folds become one node, and nothing gets lost") {
    const auto picture = picture_of(chain(1000, false));
    CHECK(picture.nodes.size() == 200);
    std::size_t count = 0;
    for (const auto& node : picture.nodes)
        count += std::max<std::size_t>(1, node.folded_count);
    CHECK(count == 1001);
    CHECK(picture.cycles.empty());
    for (const auto& node : picture.nodes)
        CHECK(!node.is_on_cycle); // a fold that looks cyclic is no cycle
}

TEST_CASE("too many edges are left out, those of cycles last, and the picture says so") {
    std::string text = "services:\n";
    for (int i = 0; i < 20; ++i) {
        text += "  s" + std::to_string(i) + ": {handlers: {h: {on: e" + std::to_string(i) +
                ", emits: [";
        for (int j = 0; j < 20; ++j)
            text += (j == i ? "" : "e" + std::to_string(j) + ",");
        text += "]}}}\n";
    }
    const auto picture = picture_of(text, View::events, 200, 30);
    CHECK(picture.edges.size() == 30);
    CHECK(picture.notes == std::vector<std::string>{"350 more edges are not drawn"});
    REQUIRE(picture.cycles.size() == 1);
    for (const auto& step : picture.cycles[0].steps)
        CHECK(step.edge);
}

TEST_CASE("a graph without events is an empty picture") {
    const auto picture = picture_of("services: {a: {}}\n");
    CHECK(picture.nodes.empty());
    CHECK(picture.edges.empty());
}
