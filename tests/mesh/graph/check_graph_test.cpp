#include "mesh/graph/check_graph.hpp"
#include "tests/mesh/graph/contracts.hpp"
#include "tests/support/catch.hpp"

#include <chrono>
#include <string>

using namespace graph_test;

namespace {

/// `CODE: event -handler-> ...` of every cycle.
Names cycles_of(const mesh::GraphReport& report) {
    Names all;
    for (const auto& finding : report.findings) {
        if (finding.cycle.empty())
            continue;
        auto text = finding.code + ":";
        for (const auto& step : finding.cycle)
            text += " " + step.event + " -" + step.handler + "->";
        all.push_back(text);
    }
    return all;
}

/// `CODE message` of every finding without a cycle.
Names warnings_of(const mesh::GraphReport& report) {
    Names all;
    for (const auto& finding : report.findings)
        if (finding.cycle.empty())
            all.push_back(finding.code + " " + finding.message);
    return all;
}

} // namespace

TEST_CASE("a cycle is told as a walk that begins with the smallest event") {
    const auto report = mesh::check_graph(input({
        contract("s", {handler("c", {"z"}, Names{"x"}), handler("a", {"x"}, Names{"y"})}),
        contract("r", {handler("b", {"y"}, Names{"z"})}),
    }));
    CHECK_FALSE(report.is_acyclic);
    CHECK(cycles_of(report) == Names{"E001: x -s.a-> y -r.b-> z -s.c->"});
    const auto& finding = report.findings.at(0);
    CHECK(finding.severity == mesh::Severity::error);
    REQUIRE(finding.cut.size() == 1);
    CHECK(finding.is_cut_smallest);
    CHECK(finding.cycle[2].emits == "x");
}

TEST_CASE("every step has the places of its emission and its subscription") {
    auto graph = input({contract("s", {handler("a", {"x"}, Names{"p", "y"})}),
                        contract("t", {handler("b", {"q", "y"}, Names{"x"})})});
    graph.contracts[0].places.handlers = {
        {{"f", 1, 1}, {{"f", 2, 1}}, {{"f", 3, 1}, {"f", 3, 4}}, {}}};
    graph.contracts[1].places.handlers = {
        {{"g", 1, 1}, {{"g", 2, 1}, {"g", 2, 4}}, {{"g", 3, 1}}, {}}};
    const auto report = mesh::check_graph(graph);
    const auto& finding = report.findings.at(0);
    REQUIRE(finding.cycle.size() == 2);
    CHECK(mesh::to_string(finding.cycle[0].on_place) == "f:2:1");
    CHECK(mesh::to_string(finding.cycle[0].emits_place) == "f:3:4");
    CHECK(mesh::to_string(finding.cycle[1].on_place) == "g:2:4");
    CHECK(mesh::to_string(finding.cycle[1].emits_place) == "g:3:1");
    CHECK(finding.place == finding.cycle[0].emits_place);
}

TEST_CASE("a handler that emits what it listens to is a self-loop, also through a wildcard") {
    CHECK(cycles_of(mesh::check_graph(input({contract("s", {handler("h", {"x"}, Names{"x"})})}))) ==
          Names{"E002: x -s.h->"});
    CHECK(cycles_of(mesh::check_graph(
              input({contract("s", {handler("h", {"order.created"}, Names{"order.*"})})}))) ==
          Names{"E002: order.* -s.h->"});
    const auto logger =
        mesh::check_graph(input({contract("s", {handler("h", {">"}, Names{"log.x", "log.y"})})}));
    CHECK(cycles_of(logger) == Names{"E002: log.x -s.h->", "E002: log.y -s.h->"});
    CHECK(logger.findings[0].cycle[0].on == ">");
    CHECK(logger.findings[0].message.find("through a wildcard") != std::string::npos);
}

TEST_CASE("patterns that look alike and do not intersect make no edge") {
    CHECK(mesh::check_graph(input({contract("s", {handler("h", {"order.*"}, Names{"order.a.b"})})}))
              .is_acyclic);
    CHECK(mesh::check_graph(input({contract("s", {handler("h", {"order.>"}, Names{"order"})})}))
              .is_acyclic);
    // What one handler gets of a wildcard is not what it emits into another one.
    CHECK(mesh::check_graph(input({contract("s", {handler("a", {"order.created"}, Names{"done"}),
                                                  handler("b", {"order.*"}, Names{}),
                                                  handler("c", {"done"}, Names{"order.paid"})})}))
              .is_acyclic);
}

TEST_CASE("two unrelated handlers of one service do not make a cycle") {
    CHECK(mesh::check_graph(input({contract("s", {handler("a", {"x"}, Names{"y"})}),
                                   contract("t", {handler("b", {"y"}, Names{"z"}),
                                                  handler("c", {"w"}, Names{"x"})})}))
              .is_acyclic);
}

TEST_CASE("a group with several cycles tells its shortest, self-loops apart, and a smallest cut") {
    const auto report = mesh::check_graph(
        input({contract("s", {handler("a", {"1"}, Names{"2"}), handler("b", {"2"}, Names{"3", "2"}),
                              handler("c", {"3"}, Names{"1", "2"})})}));
    CHECK(cycles_of(report) == Names{"E001: 2 -s.b-> 3 -s.c->", "E002: 2 -s.b->"});
    REQUIRE(report.findings[0].cut.size() == 1);
    CHECK(report.findings[0].cut[0].handler == "s.b");
    CHECK(report.findings[0].cut[0].emits == "3"); // the only one on both cycles
}

TEST_CASE("groups that do not touch are findings of their own") {
    const auto report = mesh::check_graph(
        input({contract("s", {handler("a", {"1"}, Names{"2"}), handler("b", {"2"}, Names{"1"}),
                              handler("c", {"3"}, Names{"4"}), handler("d", {"4"}, Names{"3"})})}));
    CHECK(cycles_of(report) == Names{"E001: 1 -s.a-> 2 -s.b->", "E001: 3 -s.c-> 4 -s.d->"});
}

TEST_CASE("an allowed loop edge is left out of the check and still feeds its subscribers") {
    auto order = contract("s", {handler("a", {"x"}, Names{"y"}), handler("b", {"y"}, Names{"x"})});
    order.loops = {{"b", pattern("x"), 3}};
    const auto report = mesh::check_graph(input({order}));
    CHECK(report.findings.empty());
    CHECK(report.counts.edges == 4);
    order.loops = {{"a", pattern("x"), 3}};
    CHECK_FALSE(mesh::check_graph(input({order})).is_acyclic);
}

TEST_CASE("a timer starts a chain, and closes a cycle over what it remembers") {
    auto timer = handler("t", {}, Names{"x"});
    CHECK(mesh::check_graph(input({contract("s", {timer, handler("h", {"x"}, Names{"y"}),
                                                  handler("z", {"y"}, Names{})})}))
              .is_acyclic);
    timer.after = patterns({"y"});
    CHECK(cycles_of(mesh::check_graph(
              input({contract("s", {timer, handler("h", {"x"}, Names{"y"})})}))) ==
          Names{"E001: x -s.h-> y -s.t->"});
}

TEST_CASE("levels count the longest way from what nobody causes") {
    const auto report = mesh::check_graph(input(
        {contract("u", {}, Names{"user.registered", "user.updated"}),
         contract("o", {handler("create", {"user.registered"}, Names{"order.created"}),
                        handler("both", {"order.created", "user.updated"}, Names{"mail.sent"})}),
         contract("a", {handler("log", {">"}, Names{})})}));
    CHECK(report.findings.empty());
    CHECK(report.levels == std::vector<Names>{{"user.registered", "user.updated"},
                                              {"order.created"},
                                              {"mail.sent"}});
    CHECK(report.longest_chain == 3);
    CHECK(report.counts.services == 3);
    CHECK(report.counts.events == 4);
    CHECK(report.counts.handlers == 3);
    CHECK(report.counts.edges == 6);
}

TEST_CASE("with a cycle the levels are those of what is left after the cut") {
    const auto report = mesh::check_graph(input(
        {contract("s", {handler("a", {"1"}, Names{"2"}), handler("b", {"2"}, Names{"1", "3"})})}));
    CHECK(report.longest_chain == 3);
    CHECK(report.levels == std::vector<Names>{{"1"}, {"2"}, {"3"}});
}

TEST_CASE("an empty graph is acyclic and has no levels") {
    const auto report = mesh::check_graph({});
    CHECK(report.is_acyclic);
    CHECK(report.longest_chain == 0);
    CHECK(report.levels.empty());
}

TEST_CASE("an event that nobody handles is warned of unless it is terminal") {
    auto graph = input({contract("s", {handler("h", {"in"}, Names{"out", "log.a"})},
                                 Names{"in", "out", "log.a"})});
    CHECK(warnings_of(mesh::check_graph(graph)) ==
          Names{"W002 nobody handles log.a, which s publishes",
                "W002 nobody handles out, which s publishes"});
    graph.events = {{pattern("log.*"), false, true, {}}, {pattern("out"), false, true, {}}};
    CHECK(warnings_of(mesh::check_graph(graph)).empty());
    // The entry of exactly that name wins over a pattern.
    graph.events.push_back({pattern("log.a"), false, false, {}});
    CHECK(warnings_of(mesh::check_graph(graph)).size() == 1);
}

TEST_CASE("a subscription that nobody feeds is warned of unless its event is an entry") {
    auto graph = input({contract("s", {handler("h", {"in", "other.*"}, Names{})})});
    CHECK(warnings_of(mesh::check_graph(graph)) ==
          Names{"W003 nobody emits in, which handler s.h waits for",
                "W003 nobody emits other.*, which handler s.h waits for"});
    graph.events = {{pattern("in"), true, false, {}}, {pattern("other.>"), true, false, {}}};
    CHECK(warnings_of(mesh::check_graph(graph)).empty());
    graph.events = {{pattern(">"), true, false, {}}, {pattern("in"), false, false, {}}};
    CHECK(warnings_of(mesh::check_graph(graph)).empty());
}

TEST_CASE("a missing emits is read as everything published, and said to be") {
    const auto report = mesh::check_graph(
        input({contract("s", {handler("h", {"x"}, std::nullopt)}, Names{"x", "y"}),
               contract("t", {handler("h", {"y"}, std::nullopt)})}));
    CHECK(cycles_of(report) == Names{"E002: x -s.h->"});
    CHECK(warnings_of(report) == Names{"W001 handler s.h does not say what it emits; assumed is "
                                       "everything that its service publishes"});
}

TEST_CASE("depth has no limit") {
    std::vector<mesh::HandlerContract> handlers;
    constexpr int count = 100'000;
    for (int i = 0; i < count; ++i)
        handlers.push_back(handler("h" + std::to_string(i), {"e" + std::to_string(i)},
                                   Names{"e" + std::to_string(i + 1)}));
    CHECK(mesh::check_graph(input({contract("s", handlers)})).longest_chain == count + 1);
    handlers.back().emits = patterns({"e0"});
    const auto ring = mesh::check_graph(input({contract("s", handlers)}));
    REQUIRE(ring.findings.size() == 1);
    CHECK(ring.findings[0].cycle.size() == count);
    CHECK(ring.findings[0].cut.size() == 1);
}

TEST_CASE("two thousand services are checked within a second") {
    std::vector<mesh::Contract> contracts;
    for (int i = 0; i < 2'000; ++i) {
        const auto own = "s" + std::to_string(i);
        const auto next = "s" + std::to_string((i + 1) % 2'000);
        contracts.push_back(contract(
            own, {handler("a", {own + ".in"}, Names{own + ".out", next + ".in"}),
                  handler("b", {own + ".*", "all." + own + ".>"}, Names{own + ".deep.done"}),
                  handler("c", {next + ".out"}, Names{own + ".in"})}));
    }
    const auto start = std::chrono::steady_clock::now();
    const auto report = mesh::check_graph(input(contracts));
    const auto took = std::chrono::steady_clock::now() - start;
    CHECK_FALSE(report.is_acyclic);
    CHECK(report.counts.handlers == 6'000);
    INFO("checked in " << std::chrono::duration_cast<std::chrono::milliseconds>(took).count()
                       << " ms");
    CHECK(took < std::chrono::seconds(10)); // the sanitizers' share; the figure is printed
}
