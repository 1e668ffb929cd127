#include "mesh/graph/check_graph.hpp"
#include "tests/mesh/graph/contracts.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <string>
#include <vector>

using namespace graph_test;

namespace {

std::vector<mesh::Finding> of(const mesh::GraphReport& report, const std::string& code) {
    std::vector<mesh::Finding> some;
    std::ranges::copy_if(report.findings, std::back_inserter(some),
                         [&](const mesh::Finding& finding) { return finding.code == code; });
    return some;
}

Names messages(const mesh::GraphReport& report, const std::string& code) {
    Names all;
    for (const auto& finding : of(report, code))
        all.push_back(finding.message);
    return all;
}

/// `event -handler-> event ...`
std::string path_text(const mesh::Finding& finding) {
    std::string text;
    for (const auto& step : finding.path)
        text += step.event + " -" + step.handler + "-> ";
    return text + (finding.path.empty() ? "" : finding.path.back().emits);
}

/// A charge that fails is retried over an allowed loop; `is_blocking` is the policy of both.
mesh::GraphInput retrying(bool is_blocking) {
    auto order = contract("order", {handler("reopen", {"payment.failed"}, Names{"order.created"})});
    order.loops = {{"reopen", pattern("order.created"), 3}};
    auto made =
        input({order, contract("payment",
                               {handler("charge", {"order.created"}, Names{"payment.failed"})})});
    made.contracts[0].loops_until = {mesh::parse_date("2026-06-30")};
    made.contracts[0].places.loops = {{"f", 9, 9}};
    for (auto& declared : made.contracts)
        declared.handlers = {{is_blocking, {}}};
    return made;
}

} // namespace

TEST_CASE("an allowed loop that lies on a cycle and is in time is no finding") {
    CHECK(mesh::check_graph(retrying(false), {mesh::parse_date("2026-06-30")}).findings.empty());
}

TEST_CASE("a loop is past its date on the day after, and without a date of today on none") {
    const auto late = mesh::check_graph(retrying(false), {mesh::parse_date("2026-07-01")});
    REQUIRE(late.findings.size() == 1);
    CHECK(late.findings[0].code == "E006");
    CHECK(late.findings[0].message == "the loop of handler order.reopen over order.created was "
                                      "allowed until 2026-06-30, and today is 2026-07-01");
    CHECK(to_string(late.findings[0].place) == "f:9:9");
    CHECK(late.is_acyclic);
    CHECK(mesh::check_graph(retrying(false)).findings.empty());
}

TEST_CASE("an allowed loop on no cycle is an error") {
    auto graph = retrying(false);
    graph.contracts[1].contract.handlers[0].emits = patterns({"payment.settled"});
    CHECK(messages(mesh::check_graph(graph), "E005") ==
          Names{"the loop of handler order.reopen over order.created is allowed and lies on no "
                "cycle: take it out"});
}

TEST_CASE("only the handlers on the cycle that the loop feeds may not block") {
    auto graph = retrying(true);
    auto audit = contract("audit", {handler("log", {"order.>"}, Names{})});
    graph.contracts.push_back({audit, {}, {{true, {}}}});
    const auto findings = of(mesh::check_graph(graph), "E009");
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].message.find("handler payment.charge blocks") == 0);
    CHECK(findings[0].places.at(0).note == "handler order.reopen feeds back order.created");
}

TEST_CASE("must_not_reach is broken over other handlers, patterns and allowed loops") {
    auto graph = retrying(false);
    graph.contracts.push_back(
        {contract("mail", {handler("send", {"order.*"}, Names{"user.secret.read"})}), {}});
    graph.reach_rules = {{pattern("payment.>"), pattern("user.secret.>"), {"f", 20, 5}}};
    const auto findings = of(mesh::check_graph(graph), "E003");
    REQUIRE(findings.size() == 1);
    CHECK(path_text(findings[0]) ==
          "payment.failed -order.reopen-> order.created -mail.send-> user.secret.read");
    CHECK(findings[0].message ==
          "payment.failed causes user.secret.read over 2 handlers, through a wildcard; the rule "
          "says that payment.> must not reach user.secret.>");
    CHECK(to_string(findings[0].place) == "f:20:5");
    graph.reach_rules = {{pattern("user.>"), pattern("payment.>"), {}}};
    CHECK(of(mesh::check_graph(graph), "E003").empty());
}

TEST_CASE("every forbidden event is told, nearest first, up to a bound") {
    std::vector<mesh::HandlerContract> handlers;
    for (int i = 0; i < 150; ++i)
        handlers.push_back(handler("h" + std::to_string(i), {"e" + std::to_string(i)},
                                   Names{"e" + std::to_string(i + 1), "x." + std::to_string(i)}));
    auto graph = input({contract("s", handlers)});
    graph.reach_rules = {{pattern("e0"), pattern("x.*"), {}}};
    const auto findings = of(mesh::check_graph(graph), "E003");
    CHECK(findings.size() == 100);
    for (const auto& finding : findings)
        CHECK(finding.path.size() <= 100);
}

TEST_CASE("fan-out counts handlers, each once, of the topic that has most") {
    auto graph =
        input({contract("s", {handler("a", {"o.x", "o.*"}, Names{}), handler("b", {"o.>"}, Names{}),
                              handler("c", {"o.y"}, Names{}), handler("d", {"o.y.z"}, Names{})})});
    graph.fan_out_rules = {{pattern("o.x"), 2, {}}, {pattern("o.*"), 3, {}}};
    CHECK(messages(mesh::check_graph(graph), "E004").empty());
    graph.fan_out_rules = {{pattern("o.x"), 1, {}}, {pattern("o.>"), 2, {}}};
    CHECK(messages(mesh::check_graph(graph), "E004") ==
          Names{"o.x goes to 2 handlers, and at most 1 is allowed",
                "o.y, an event of o.>, goes to 3 handlers, and at most 2 are allowed"});
}

TEST_CASE("undo handlers may neither go in a circle nor trigger what they undo") {
    auto graph = input({contract("s", {handler("do", {"start"}, Names{"done"}),
                                       handler("undo", {"failed"}, Names{"undone"}),
                                       handler("next", {"undone"}, Names{"start"})})});
    graph.contracts[0].handlers = {{}, {false, {"do"}}, {}};
    const auto again = of(mesh::check_graph(graph), "E008");
    REQUIRE(again.size() == 1);
    CHECK(path_text(again[0]) == "failed -s.undo-> undone -s.next-> start");
    CHECK(again[0].message == "handler s.undo undoes s.do and triggers it again");
    CHECK(again[0].places.at(0).note == "handler s.do listens to start");

    graph.contracts[0].contract.handlers[2].emits = patterns({"failed"});
    const auto circle = mesh::check_graph(graph);
    CHECK(of(circle, "E007").size() == 1);
    CHECK(of(circle, "E008").empty());
    graph.contracts[0].contract.loops = {{"next", pattern("failed"), 1}};
    CHECK(of(mesh::check_graph(graph), "E007").size() == 1); // an allowed loop counts
}

TEST_CASE("a cycle of services that no event goes round is a warning, and an error when asked") {
    const auto graph =
        input({contract("s", {handler("a", {"x"}, Names{"y"})}),
               contract("t", {handler("b", {"y"}, Names{"z"}), handler("c", {"w"}, Names{"x"})})});
    const auto report = mesh::check_graph(graph);
    CHECK(report.is_acyclic);
    const auto found = of(report, "W006");
    REQUIRE(found.size() == 1);
    CHECK(found[0].severity == mesh::Severity::warning);
    REQUIRE(found[0].cycle.size() == 2);
    CHECK(found[0].cycle[1].receiver == "t.b");
    CHECK(found[0].cycle[1].handler == "t.c");
    const auto strict = mesh::check_graph(graph, {std::nullopt, true});
    CHECK_FALSE(strict.is_acyclic);
    CHECK(of(strict, "W006").at(0).severity == mesh::Severity::error);
}

TEST_CASE(
    "services are not told of when an event cycle explains them, nor is a service by itself") {
    CHECK(messages(mesh::check_graph(input({contract("s", {handler("a", {"x"}, Names{"y"})}),
                                            contract("t", {handler("b", {"y"}, Names{"x"})})})),
                   "W006")
              .empty());
    const auto chain =
        input({contract("s", {handler("a", {"x"}, Names{"y"}), handler("b", {"y"}, Names{})})});
    CHECK(messages(mesh::check_graph(chain), "W006").empty());
    CHECK(messages(mesh::check_graph(chain, {std::nullopt, true}), "W006").size() == 1);
}

TEST_CASE("an event of several services is told once, unless it comes from outside") {
    auto graph = input({contract("s", {}, Names{"order.created", "order.*"}),
                        contract("t", {handler("h", {"in.door"}, Names{"order.created"})}),
                        contract("u", {}, Names{"in.door"}), contract("v", {}, Names{"in.door"})});
    graph.events = {{pattern("in.door"), true, false, {}}};
    const auto found = of(mesh::check_graph(graph), "W007");
    REQUIRE(found.size() == 1);
    CHECK(found[0].message == "order.created comes from 2 services: s, t");
    CHECK(found[0].places.size() == 2);
}
