#include "mesh/graph/answers/graph_diff.hpp"
#include "mesh/graph/answers/reach.hpp"
#include "tests/mesh/graph/contracts.hpp"
#include "tests/mesh/graph/naive_graph.hpp"
#include "tests/support/catch.hpp"

#include <random>
#include <set>

using namespace graph_test;
using Kind = mesh::GraphDiff::Part::Kind;
using Pair = mesh::ReachDiff::Pair;

namespace {

std::vector<std::string> texts(const std::vector<mesh::GraphDiff::Part>& parts) {
    std::vector<std::string> all;
    for (const auto& one : parts)
        all.push_back(std::to_string(static_cast<int>(one.kind)) + " " + one.name +
                      (one.pattern.empty() ? "" : " " + one.pattern));
    return all;
}

mesh::DeclaredEvent event(const std::string& name, std::vector<mesh::DeclaredField> fields) {
    return {pattern(name), true, false, {}, std::move(fields)};
}

std::vector<std::string> breaks(const mesh::GraphInput& before, const mesh::GraphInput& after) {
    std::vector<std::string> all;
    for (const auto& one : mesh::diff_graphs(before, after).breaks.listed)
        all.push_back(mesh::to_text(one));
    return all;
}

std::set<Pair> naive_reach(const mesh::GraphInput& graph) {
    std::set<Pair> pairs;
    const mesh::CausalGraph causal(graph);
    for (const auto& from : causal.events()) {
        const auto reach =
            mesh::reach_downstream(causal, mesh::select(causal, from.text()).value());
        for (const auto& to : causal.events())
            for (const auto& one : reach.events)
                if (mesh::intersects(pattern(one.name), to))
                    pairs.emplace(from.text(), to.text());
    }
    return pairs;
}

} // namespace

TEST_CASE("two equal graphs differ in nothing, wherever their parts stand") {
    const auto before = input({contract("a", {handler("h", {"x"}, Names{"y"})})});
    auto after = before;
    after.contracts[0].places.handlers = {{{"f", 9, 9}, {{"f", 9, 9}}, {{"f", 9, 9}}, {}, {}}};
    CHECK(mesh::diff_graphs(before, after).is_empty());
}

TEST_CASE("new and removed parts are told by kind and name") {
    const auto before = input({contract("a", {handler("h", {"x"}, Names{"y"})})});
    auto looping = contract("b", {handler("g", {"y"}, Names{"x"})});
    looping.loops.push_back({"g", pattern("x"), 1});
    const auto after = input({contract("a", {handler("h", {"x"}, Names{"y", "z"})}), looping});
    const auto diff = mesh::diff_graphs(before, after);
    CHECK(texts(diff.added) ==
          Names{"0 b", "1 z", "2 b.g", "3 b.g y", "4 a.h z", "4 b.g x", "5 b.g x"});
    CHECK(diff.removed.empty());
    CHECK(diff.added_cycles.empty()); // the loop is allowed
    CHECK(texts(mesh::diff_graphs(after, before).removed) == texts(diff.added));
}

TEST_CASE("a cycle is new when one of its steps is, whatever else the group holds") {
    const auto before =
        input({contract("s", {handler("a", {"x"}, Names{"y"}), handler("b", {"y"}, Names{"x"})})});
    const auto after =
        input({contract("s", {handler("a", {"x"}, Names{"y"}), handler("b", {"y"}, Names{"x"}),
                              handler("c", {"y"}, Names{"x"})})});
    const auto diff = mesh::diff_graphs(before, after);
    REQUIRE(diff.added_cycles.size() == 1);
    CHECK(diff.added_cycles[0][1].handler == "s.c");
    CHECK(diff.removed_cycles.empty());
    CHECK(mesh::diff_graphs(after, before).removed_cycles.size() == 1);
}

TEST_CASE("reach tells which events cause which now, over any number of handlers") {
    const auto before =
        input({contract("s", {handler("a", {"x"}, Names{"y"}), handler("c", {"z"}, Names{"w"})})});
    const auto after =
        input({contract("s", {handler("a", {"x"}, Names{"y"}), handler("b", {"y"}, Names{"z"}),
                              handler("c", {"z"}, Names{"w"})})});
    const auto diff = mesh::diff_graphs(before, after).reach;
    CHECK(diff.added == std::vector<Pair>{{"x", "w"}, {"x", "z"}, {"y", "w"}, {"y", "z"}});
    CHECK(diff.removed_count == 0);
}

TEST_CASE(
    "a removed or retyped field breaks every handler whose pattern matches, an added one none") {
    auto before =
        input({contract("a", {handler("h", {"x.y"}, Names{}), handler("w", {"x.*"}, Names{}),
                              handler("o", {"o"}, Names{})})});
    auto after = before;
    before.events = {event("x.y", {{"id", "int"}, {"name", "str"}})};
    after.events = {event("x.y", {{"id", "str"}, {"extra", "str"}})};
    CHECK(
        breaks(before, after) ==
        Names{"handler a.h handles x.y, which no longer has the field \"name\" (str)",
              "handler a.w handles x.y, through x.*, which no longer has the field \"name\" (str)",
              "handler a.h handles x.y, whose field \"id\" was int and is str",
              "handler a.w handles x.y, through x.*, whose field \"id\" was int and is str"});
    after.events = {event("x.y", {{"id", "int"}, {"name", "str"}, {"extra", "str"}})};
    CHECK(breaks(before, after).empty());
}

TEST_CASE("the fields of an event are those of its own entry, else of the patterns that cover it") {
    auto before = input({contract("a", {handler("h", {"x.y"}, Names{})}, Names{"x.y"})});
    auto after = before;
    before.events = {event("x.*", {{"id", "int"}})};
    after.events = {event("x.*", {{"id", "int"}}), event("x.y", {})};
    CHECK(breaks(before, after) ==
          Names{"handler a.h handles x.y, which no longer has the field \"id\" (int)"});
    after.events = {event("x.y", {{"id", "int"}})};
    CHECK(breaks(before, after).empty());
}

TEST_CASE("an event that nobody emits any more breaks the handlers that are left with nothing") {
    const auto consumer =
        contract("b", {handler("h", {"x.y"}, Names{}), handler("log", {">"}, Names{})});
    const auto before = input({contract("a", {}, Names{"x.y", "x.z"}), consumer});
    const auto after = input({contract("a", {}, Names{"x.z"}), consumer});
    CHECK(breaks(before, after) == Names{"handler b.h waits for x.y, which nobody emits any more"});
    CHECK(breaks(after, before).empty());
}

TEST_CASE("random pairs of graphs differ in reach as a naive search says") {
    const auto seed = 77U;
    INFO("seed " << seed);
    std::mt19937 random(seed);
    std::size_t compared = 0;
    for (int round = 0; round < 300; ++round) {
        CAPTURE(round);
        const auto before = random_graph(random, true);
        const auto after = random_graph(random, true);
        const auto old_pairs = naive_reach(before);
        const auto new_pairs = naive_reach(after);
        std::vector<Pair> added;
        std::vector<Pair> removed;
        std::ranges::set_difference(new_pairs, old_pairs, std::back_inserter(added));
        std::ranges::set_difference(old_pairs, new_pairs, std::back_inserter(removed));
        const auto diff = mesh::diff_reach(mesh::CausalGraph(before), mesh::CausalGraph(after));
        REQUIRE(diff.is_compared);
        REQUIRE(diff.added_count == added.size());
        REQUIRE(diff.removed_count == removed.size());
        added.resize(std::min(added.size(), mesh::reach_listed_max));
        removed.resize(std::min(removed.size(), mesh::reach_listed_max));
        REQUIRE(diff.added == added);
        REQUIRE(diff.removed == removed);
        compared += added.size() + removed.size();
    }
    CHECK(compared > 1'000);
}

TEST_CASE("the reach of thousands of events is compared") {
    const auto chain = [](std::size_t count, std::size_t gap) {
        std::vector<mesh::HandlerContract> handlers;
        const auto name = [](std::size_t number) { return "t" + std::to_string(10'000 + number); };
        for (std::size_t i = 0; i + 1 < count; ++i)
            if (i != gap)
                handlers.push_back(handler("h" + std::to_string(i), {name(i)}, Names{name(i + 1)}));
        return input({contract("s", handlers)});
    };
    const auto diff = mesh::diff_reach(mesh::CausalGraph(chain(3'000, 999)),
                                       mesh::CausalGraph(chain(3'000, 3'000)));
    // Everything up to the gap now causes everything behind it.
    CHECK(diff.added_count == 1'000U * 2'000U);
    CHECK(diff.removed_count == 0);
    REQUIRE(diff.added.size() == mesh::reach_listed_max);
    CHECK(diff.added.front() == Pair{"t10000", "t11000"});
}
