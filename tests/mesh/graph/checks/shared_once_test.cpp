#include "mesh/graph/check_graph.hpp"
#include "mesh/graph/checks/shared_once.hpp"
#include "tests/mesh/graph/contracts.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <string>
#include <vector>

using namespace graph_test;
using mesh::Level;

namespace {

mesh::DeclaredEvent event(const std::string& name, Level level) {
    return {pattern(name), false, false, {"events", 1, 1}, {}, level};
}

/// A service `s` whose handlers `h` hears these, and `other` something else.
mesh::GraphInput listening(const Names& on, std::vector<mesh::DeclaredEvent> events,
                           bool is_shared = true) {
    auto made = input({contract("s", {handler("h", on, {}), handler("other", {"quiet"}, {})})});
    made.contracts[0].places.handlers = {{{"f", 2, 2}, {}, {}, {}, {}},
                                         {{"f", 4, 4}, {}, {}, {}, {}}};
    made.contracts[0].handlers = {{false, {}, is_shared}, {false, {}, is_shared}};
    made.events = std::move(events);
    return made;
}

std::vector<mesh::Finding> shared(const mesh::GraphInput& graph) {
    std::vector<mesh::Finding> some;
    std::ranges::copy_if(mesh::check_graph(graph).findings, std::back_inserter(some),
                         [](const mesh::Finding& finding) { return finding.code == "W008"; });
    return some;
}

} // namespace

TEST_CASE("a handler of once events that replicas share is told, at its name") {
    const auto found = shared(listening({"paid"}, {event("paid", Level::once)}));
    REQUIRE(found.size() == 1);
    CHECK(found[0].message == "replicas share handler s.h, which listens to paid (once): where "
                              "another replica goes on, an event can be handled twice");
    CHECK(found[0].severity == mesh::Severity::warning);
    CHECK(found[0].place == mesh::Place{"f", 2, 2});
    REQUIRE(found[0].places.size() == 1);
    CHECK(found[0].places[0].place == mesh::Place{"events", 1, 1});
}

TEST_CASE("neither one replica, nor `each`, nor another level is told") {
    CHECK(shared(listening({"paid"}, {event("paid", Level::once)}, false)).empty());
    CHECK(shared(listening({"paid"}, {event("paid", Level::durable)})).empty());
    CHECK(shared(listening({"sent"}, {event("paid", Level::once)})).empty());
}

TEST_CASE("a pattern with once events among others is told") {
    CHECK(shared(listening({"order.*"}, {event("order.paid", Level::once)})).size() == 1);
    CHECK(shared(listening({"a", "order.>"}, {event("order.*.paid", Level::once)})).size() == 1);
    CHECK(shared(listening({"order.*"},
                           {event("order.*", Level::durable), event("order.a.b", Level::once)}))
              .empty());
}

TEST_CASE("handlers that were not looked at because it takes too long are told") {
    const auto graph = listening({"order.*"}, {event("order.paid", Level::once)});
    const auto found = mesh::find_shared_once(graph, 0);
    REQUIRE(found.size() == 1);
    CHECK(found[0].message == "shared handlers were not judged from s.h on: it takes too long with "
                              "so many patterns in events");
}
