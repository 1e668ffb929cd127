#include "mesh/graph/groups.hpp"
#include "mesh/graph/handler_graph.hpp"
#include "tests/mesh/graph/contracts.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <vector>

using namespace graph_test;
using mesh::HandlerGraph;

namespace {

std::shared_ptr<const mesh::Contract> shared(mesh::Contract contract) {
    return std::make_shared<const mesh::Contract>(std::move(contract));
}

bool everybody(HandlerGraph::Vertex) {
    return true;
}

} // namespace

TEST_CASE("a cycle over three contracts is found from each of its handlers, and reads the same") {
    HandlerGraph graph;
    const auto a = graph.add(shared(contract("a", {handler("h", {"x"}, Names{"y"})})));
    const auto b = graph.add(shared(contract("b", {handler("h", {"y"}, Names{"z"})})));
    const auto c = graph.add(shared(contract("c", {handler("h", {"z"}, Names{"x"})})));

    for (const auto slot : {a, b, c}) {
        const auto cycle = graph.cycle_through({slot, 0}, everybody);
        REQUIRE(cycle.size() == 3);
        CHECK(cycle.front().slot == slot);
        const auto steps = graph.walk(cycle);
        REQUIRE(steps.size() == 3);
        CHECK(steps[0].event == "x");
        CHECK(steps[0].vertex.slot == a);
        CHECK(steps[0].emits == "y");
        CHECK(steps[2].emits == "x");
    }
}

TEST_CASE("handlers that may not be passed break the cycle") {
    HandlerGraph graph;
    const auto a = graph.add(shared(contract("a", {handler("h", {"x"}, Names{"y"})})));
    const auto b = graph.add(shared(contract("b", {handler("h", {"y"}, Names{"x"})})));
    CHECK(graph.cycle_through({a, 0}, everybody).size() == 2);
    CHECK(graph.cycle_through({a, 0}, [b](auto vertex) { return vertex.slot != b; }).empty());
}

TEST_CASE("a handler that emits into its own wildcard is a cycle of one") {
    HandlerGraph graph;
    const auto a = graph.add(shared(contract("a", {handler("log", {">"}, Names{"log.x"})})));
    const auto steps = graph.walk(graph.cycle_through({a, 0}, everybody));
    REQUIRE(steps.size() == 1);
    CHECK(steps[0].event == "log.x");
    CHECK(steps[0].on == ">");
}

TEST_CASE("an allowed loop, a source and a sink are not on any cycle") {
    auto looping = contract("a", {handler("again", {"x"}, Names{"x"})});
    looping.loops.push_back({"again", pattern("x"), 3});
    CHECK_FALSE(mesh::relays(looping, looping.handlers[0]));
    const auto ends =
        contract("b", {handler("sink", {"x"}, Names{}), handler("tick", {}, Names{"x"})});
    CHECK_FALSE(mesh::relays(ends, ends.handlers[0]));
    CHECK_FALSE(mesh::relays(ends, ends.handlers[1]));
    auto timed = contract("c", {handler("later", {}, Names{"x"})});
    timed.handlers[0].after = patterns({"x"});
    CHECK(mesh::relays(timed, timed.handlers[0])); // what it remembers is a cause

    HandlerGraph graph;
    CHECK(graph.cycle_through({graph.add(shared(looping)), 0}, everybody).empty());
    CHECK(graph.cycle_through({graph.add(shared(timed)), 0}, everybody).size() == 1);
}

TEST_CASE("equal contracts share a slot until the last of them is released") {
    HandlerGraph graph;
    const auto one = contract("a", {handler("h", {"x"}, Names{"y"})});
    const auto back = graph.add(shared(contract("b", {handler("h", {"y"}, Names{"x"})})));
    const auto first = graph.add(shared(one));
    CHECK(graph.add(shared(one)) == first);
    graph.release(first);
    CHECK(graph.cycle_through({back, 0}, everybody).size() == 2);
    graph.release(first);
    CHECK(graph.cycle_through({back, 0}, everybody).empty());
}

TEST_CASE("contracts that come and go leave the same cycles as a graph made at once") {
    const unsigned seed = 20'261'201;
    CAPTURE(seed);
    std::mt19937 random(seed);
    const std::vector<std::string> names{"a.x", "a.y", "a.z", "b.x", "b",  "c",
                                         "d",   "e",   "b.y", "a.*", "b.>"};
    const auto draw = [&](std::size_t below) { return random() % below; };
    HandlerGraph graph;
    std::vector<std::pair<HandlerGraph::Slot, mesh::Contract>> held;
    int cyclic = 0;
    for (int round = 0; round < 2'000; ++round) {
        if (held.size() > 4 || (!held.empty() && draw(3) == 0)) {
            const auto at = held.begin() + static_cast<std::ptrdiff_t>(draw(held.size()));
            graph.release(at->first);
            held.erase(at);
        } else {
            auto made = contract(std::string(1, static_cast<char>('a' + draw(20))), {});
            for (auto count = 1 + draw(2); count > 0; --count)
                made.handlers.push_back(handler("h" + std::to_string(count),
                                                {names[draw(names.size())]},
                                                Names{names[draw(names.size())]}));
            held.emplace_back(graph.add(shared(made)), made);
        }
        std::vector<mesh::Contract> contracts;
        bool is_cyclic = false;
        for (const auto& [slot, one] : held) {
            contracts.push_back(one);
            for (std::uint32_t h = 0; h < one.handlers.size(); ++h)
                is_cyclic = is_cyclic || !graph.cycle_through({slot, h}, everybody).empty();
        }
        const mesh::InnerGraph whole(input(contracts));
        REQUIRE(is_cyclic == (!cyclic_groups(whole).empty() || !self_loops(whole).empty()));
        cyclic += is_cyclic ? 1 : 0;
    }
    CHECK(cyclic > 400);
    CHECK(cyclic < 1'600);
}
