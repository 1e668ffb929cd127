#include "mesh/graph/answers/reach.hpp"
#include "mesh/graph/answers/walk.hpp"
#include "mesh/graph/answers/worst_case.hpp"
#include "tests/mesh/graph/contracts.hpp"
#include "tests/support/catch.hpp"

using namespace graph_test;

namespace {

/// The shop with a settled payment that updates the user.
mesh::GraphInput shop() {
    return input(
        {contract("user", {handler("remember", {"payment.settled"}, Names{"user.updated"})},
                  Names{"user.registered", "user.updated"}),
         contract("order", {handler("create", {"user.registered"}, Names{"order.created"})}),
         contract("payment", {handler("charge", {"order.created"}, Names{"payment.settled"})}),
         contract("audit", {handler("log", {">"}, Names{})})});
}

mesh::Selection selected(const mesh::CausalGraph& graph, const std::string& name) {
    return mesh::select(graph, name).value();
}

Names labels(const mesh::Reach& reach) {
    Names names;
    for (const auto& one : reach.handlers)
        names.push_back(std::to_string(one.steps) + " " + one.label);
    return names;
}

} // namespace

TEST_CASE("an event's impact is every handler that it causes to run, nearest first") {
    const mesh::CausalGraph graph(shop());
    const auto reach = mesh::reach_downstream(graph, selected(graph, "user.registered"));
    CHECK(labels(reach) ==
          Names{"1 audit.log", "1 order.create", "2 payment.charge", "3 user.remember"});
    REQUIRE(reach.events.size() == 3);
    CHECK(reach.events[2].name == "user.updated");
    CHECK(reach.events[2].steps == 3);
    REQUIRE(reach.services.size() == 4);
    CHECK(reach.services[3].name == "user");
}

TEST_CASE("a cause goes back to what begins by itself") {
    const mesh::CausalGraph graph(shop());
    const auto up = mesh::reach_upstream(graph, selected(graph, "user.updated"));
    CHECK(labels(up.reach) == Names{"1 user.remember", "2 payment.charge", "3 order.create"});
    REQUIRE(up.origins.size() == 2);
    CHECK(up.origins[0].event == "user.registered");
    CHECK(up.origins[0].who == "user");
    CHECK(up.origins[0].kind == mesh::Origin::Kind::publisher);
    CHECK(up.origins[1].event == "user.updated"); // the service may publish it as well
}

TEST_CASE("clocks, events from outside and events that nobody emits are origins too") {
    auto given = input(
        {contract("a", {handler("tick", {}, Names{"x"}), handler("h", {"o", "n"}, Names{"x"})})});
    given.events.push_back({pattern("o"), true, false, {}});
    const mesh::CausalGraph graph(given);
    const auto up = mesh::reach_upstream(graph, selected(graph, "x"));
    REQUIRE(up.origins.size() == 3);
    CHECK(up.origins[0].kind == mesh::Origin::Kind::outside);
    CHECK(up.origins[0].event == "o");
    CHECK(up.origins[1].kind == mesh::Origin::Kind::clock);
    CHECK(up.origins[1].who == "a.tick");
    CHECK(up.origins[2].kind == mesh::Origin::Kind::nobody);
    CHECK(up.origins[2].event == "n");
}

TEST_CASE("a path is the shortest walk, and says over what each handler received") {
    const mesh::CausalGraph graph(shop());
    const auto path = mesh::find_path(graph, selected(graph, "user.registered"),
                                      selected(graph, "payment.settled"));
    REQUIRE(path);
    REQUIRE(path->size() == 2);
    CHECK(path->front().event == "user.registered");
    CHECK(path->front().handler == "order.create");
    CHECK(path->front().emits == "order.created");
    CHECK(path->back().event == "order.created");
    CHECK(path->back().emits == "payment.settled");
    CHECK_FALSE(mesh::find_path(graph, selected(graph, "payment.settled"),
                                selected(graph, "order.created")));
}

TEST_CASE("handlers and services are ends of a path as well") {
    const mesh::CausalGraph graph(shop());
    const auto path = mesh::find_path(graph, selected(graph, "handler:order.create"),
                                      selected(graph, "service:user"));
    REQUIRE(path);
    REQUIRE(path->size() == 3);
    CHECK(path->front().event.empty());
    CHECK(path->front().handler == "order.create");
    CHECK(path->back().handler == "user.remember");
    CHECK(path->back().emits.empty());
    CHECK(mesh::find_path(graph, selected(graph, "service:user"),
                          selected(graph, "handler:audit.log"))
              ->size() == 1);
}

TEST_CASE("the path of a handler to itself goes round") {
    const mesh::CausalGraph graph(
        input({contract("s", {handler("a", {"x"}, Names{"y"}), handler("b", {"y"}, Names{"x"})})}));
    const auto path =
        mesh::find_path(graph, selected(graph, "handler:s.a"), selected(graph, "handler:s.a"));
    REQUIRE(path);
    CHECK(path->size() == 3);
    CHECK(mesh::find_path(graph, selected(graph, "x"), selected(graph, "x"))->size() == 2);
}

TEST_CASE(
    "a name that nobody says is unknown, with a suggestion, although a wildcard would take it") {
    const mesh::CausalGraph graph(shop());
    const auto wrong = mesh::select(graph, "order.craeted");
    REQUIRE_FALSE(wrong);
    CHECK(wrong.error().detail ==
          "no event \"order.craeted\" in the graph; did you mean \"order.created\"?");
    CHECK(mesh::select(graph, "payment.charge").error().detail ==
          "no event \"payment.charge\" in the graph; did you mean \"handler:payment.charge\"?");
    CHECK(mesh::select(graph, "handler:payment.charg").error().detail ==
          "no handler \"payment.charg\" in the graph; did you mean \"handler:payment.charge\"?");
    CHECK(mesh::select(graph, "service:ordre").error().detail ==
          "no service \"ordre\" in the graph; did you mean \"service:order\"?");
    CHECK_FALSE(mesh::select(graph, "a..b"));
    CHECK(mesh::select(graph, "order.*"));
    CHECK(mesh::select(graph, "order.*")->ends.size() == 1);
}

TEST_CASE("the worst case counts every run, and knows no bound behind a cycle") {
    // x -> two handlers, each emits y; y -> two handlers.
    const mesh::CausalGraph graph(
        input({contract("s", {handler("a", {"x"}, Names{"y"}),
                              handler("b", {"x", "x.*"}, Names{"y"}), handler("c", {"y"}, Names{}),
                              handler("d", {"y"}, Names{"z"}), handler("e", {"w"}, Names{"w"})})}));
    const auto worst = mesh::find_worst_case(graph, selected(graph, "x"));
    CHECK(worst.runs == 6);
    REQUIRE(worst.longest_chain);
    REQUIRE(worst.longest_chain->size() == 2);
    CHECK(worst.longest_chain->back().emits == "z");
    CHECK(mesh::find_worst_case(graph, selected(graph, "handler:s.a")).runs == 3);
    const auto endless = mesh::find_worst_case(graph, selected(graph, "w"));
    CHECK_FALSE(endless.runs);
    CHECK_FALSE(endless.longest_chain);
}

TEST_CASE("the worst case does not overflow") {
    // Two handlers a level: the runs double 100 times.
    std::vector<mesh::HandlerContract> handlers;
    for (int level = 0; level < 100; ++level)
        for (const auto* side : {"a", "b"})
            handlers.push_back(handler(side + std::to_string(level), {"t" + std::to_string(level)},
                                       Names{"t" + std::to_string(level + 1)}));
    const mesh::CausalGraph graph(input({contract("s", handlers)}));
    const auto worst = mesh::find_worst_case(graph, selected(graph, "t0"));
    CHECK(worst.runs == mesh::WorstCase::runs_max);
    CHECK(worst.longest_chain->size() == 100);
    CHECK(mesh::find_worst_case(graph, selected(graph, "t60")).runs == (1ULL << 41U) - 2);
}

TEST_CASE("an allowed loop is a cause, and leaves the worst case bounded") {
    auto looping =
        contract("s", {handler("a", {"x"}, Names{"y"}), handler("b", {"y"}, Names{"x"})});
    looping.loops.push_back({"b", pattern("x"), 3});
    const mesh::CausalGraph graph(input({looping}));
    CHECK(mesh::find_path(graph, selected(graph, "y"), selected(graph, "y"))->size() == 2);
    CHECK(mesh::find_worst_case(graph, selected(graph, "x")).runs == 2);
    const auto up = mesh::reach_upstream(graph, selected(graph, "x"));
    CHECK(up.reach.handlers.at(0).is_loop);
    CHECK_FALSE(up.reach.handlers.at(1).is_loop);
}

TEST_CASE("a narrow point is passed on every way") {
    const mesh::CausalGraph graph(input(
        {contract("s", {handler("gate", {"x"}, Names{"a", "b"}), handler("l", {"a"}, Names{"c"}),
                        handler("r", {"b"}, Names{"c"}), handler("end", {"c"}, Names{"d"})})}));
    const auto points = mesh::find_narrow_points(graph, selected(graph, "x"));
    REQUIRE(points.size() == 1);
    CHECK(points[0].handler == "s.gate");
    CHECK(points[0].event_count == 4);
    // `c` comes over two handlers, so none of them is narrow; `end` has one event only.
}
