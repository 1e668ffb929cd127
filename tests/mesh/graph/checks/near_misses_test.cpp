#include "mesh/graph/check_graph.hpp"
#include "mesh/graph/checks/name_distance.hpp"
#include "tests/mesh/graph/contracts.hpp"
#include "tests/support/catch.hpp"

#include <string>

using namespace graph_test;

namespace {

Names misses(const mesh::GraphInput& graph) {
    Names all;
    for (const auto& finding : mesh::check_graph(graph).findings)
        if (finding.code == "W005")
            all.push_back(finding.message);
    return all;
}

/// One service publishes, the other listens.
mesh::GraphInput pair_of(const std::string& published, const std::string& on) {
    return input(
        {contract("s", {}, Names{published}), contract("t", {handler("h", {on}, Names{})})});
}

} // namespace

TEST_CASE("a misspelled name is told once, at the subscription, with the name that is meant") {
    CHECK(misses(pair_of("order.created", "order.creatd")) ==
          Names{"nobody emits order.creatd; did you mean order.created?"});
    CHECK(misses(pair_of("order.created", "ordre.*")) ==
          Names{"nobody emits ordre.*; did you mean order.created?"});
    CHECK(misses(pair_of("order.created", "Order.Created")).size() == 1);
    CHECK(misses(pair_of("order.created", "ordercreated")).size() == 1);
}

TEST_CASE("names that are alike for a reason of their own are left alone") {
    CHECK(misses(pair_of("sensor.1", "sensor.2")).empty());
    CHECK(misses(pair_of("user.add", "user.all")).empty());
    CHECK(misses(pair_of("a.x", "a.y")).empty());
    CHECK(misses(pair_of("order.paid", "order.failed")).empty());
    CHECK(misses(pair_of("order.created", "order.created")).empty());
}

TEST_CASE("two names that only differ in the plural are told when both lead nowhere") {
    auto graph = pair_of("order.paid", "orders.paid");
    CHECK(misses(graph).size() == 1);
    graph.contracts.push_back({contract("u", {handler("h", {"order.paid"}, Names{})}), {}});
    CHECK(misses(graph).empty());
}

TEST_CASE("names that the events hold are spelled as they are meant") {
    auto graph = pair_of("order.created", "order.creatd");
    graph.events = {{pattern("order.creatd"), false, false, {}},
                    {pattern("order.created"), false, true, {}}};
    CHECK(misses(graph).empty());
}

TEST_CASE("a name that works and that the events nearly have is told") {
    auto graph = pair_of("order.creatd", "order.creatd");
    graph.events = {{pattern("order.created"), false, false, {}}};
    CHECK(misses(graph) ==
          Names{"the events do not name order.creatd; did you mean order.created?"});
}

TEST_CASE("the distance of names adds up over tokens, and stops at two") {
    CHECK(mesh::misspelling_distance("order.created", "order.created") == std::nullopt);
    CHECK(mesh::misspelling_distance("order.created", "ordr.creatd") == std::size_t{2});
    CHECK(mesh::misspelling_distance("order.created", "ordr.crtd") == std::nullopt);
    CHECK(mesh::misspelling_distance("order.>", "ordre.a.b") == std::size_t{1});
}
