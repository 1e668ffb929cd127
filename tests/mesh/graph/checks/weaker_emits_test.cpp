#include "mesh/graph/check_graph.hpp"
#include "mesh/graph/checks/weaker_emits.hpp"
#include "tests/mesh/graph/contracts.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <string>
#include <vector>

using namespace graph_test;
using mesh::Level;

namespace {

mesh::DeclaredEvent event(const std::string& name, Level level, bool is_terminal = false) {
    return {pattern(name), false, is_terminal, {"events", 1, 1}, {}, level};
}

/// A handler `s.h` between two names.
mesh::GraphInput between(const Names& on, const Names& emits,
                         std::vector<mesh::DeclaredEvent> events) {
    auto made = input({contract("s", {handler("h", on, emits)})});
    made.events = std::move(events);
    return made;
}

std::vector<mesh::Finding> weaker(const mesh::GraphInput& graph) {
    std::vector<mesh::Finding> some;
    std::ranges::copy_if(mesh::check_graph(graph).findings, std::back_inserter(some),
                         [](const mesh::Finding& finding) { return finding.code == "W010"; });
    return some;
}

/// `HEARD (LEVEL) EMITTED (LEVEL)` of each.
Names levels(const mesh::GraphInput& graph) {
    Names all;
    for (const auto& finding : weaker(graph)) {
        const auto& text = finding.message;
        const auto part = [&](const std::string& before) {
            const auto start = text.find(before) + before.size();
            return text.substr(start, text.find(')', start) + 1 - start);
        };
        all.push_back(part(" listens to ") + " " + part(" and emits "));
    }
    std::ranges::sort(all);
    return all;
}

} // namespace

TEST_CASE("what is emitted because of a durable event and is not durable itself is told") {
    auto graph = between({"in"}, {"out"}, {event("in", Level::durable)});
    graph.contracts[0].places.handlers = {
        {{"f", 1, 1}, {{"f", 2, 2}}, {{"f", 3, 3}}, {}, {}},
    };
    const auto found = weaker(graph);
    REQUIRE(found.size() == 1);
    CHECK(found[0].message == "handler s.h listens to in (durable) and emits out (reliable), which "
                              "can be lost when its node dies: give it the level durable too");
    CHECK(found[0].severity == mesh::Severity::warning);
    CHECK(to_string(found[0].place) == "f:3:3");
    REQUIRE(found[0].places.size() == 2);
    CHECK(found[0].places[0].note == "the level of in is durable");
    CHECK(found[0].places[1].note == "handler s.h listens to in");
    CHECK(to_string(found[0].places[1].place) == "f:2:2");
}

TEST_CASE("an event at least as strong as its cause is no finding, nor is one of a weak cause") {
    const std::vector all{Level::fast, Level::reliable, Level::durable, Level::once};
    for (const auto heard : all)
        for (const auto emitted : all) {
            CAPTURE(name_of(heard), name_of(emitted));
            const auto found =
                weaker(between({"in"}, {"out"}, {event("in", heard), event("out", emitted)}));
            CHECK(found.size() == (heard >= Level::durable && emitted < heard ? 1 : 0));
        }
}

TEST_CASE("a durable event that follows from a once event is not lost, but can come twice") {
    const auto found =
        weaker(between({"in"}, {"out"}, {event("in", Level::once), event("out", Level::durable)}));
    REQUIRE(found.size() == 1);
    CHECK(found[0].message == "handler s.h listens to in (once) and emits out (durable), which can "
                              "be handled twice when a node dies: give it the level once too");
}

TEST_CASE("each emission is told once, with the strongest event that the handler listens to") {
    const auto graph = between({"a", "b", "c"}, {"x", "y", "z"},
                               {event("a", Level::durable), event("b", Level::once),
                                event("y", Level::once), event("z", Level::fast)});
    CHECK(levels(graph) == Names{"b (once) x (reliable)", "b (once) z (fast)"});
}

TEST_CASE("what nobody needs to handle may be weaker") {
    CHECK(levels(between({"in"}, {"out"},
                         {event("in", Level::once), event("out", Level::reliable, true)}))
              .empty());
    CHECK(levels(between({"in"}, {"log.x"},
                         {event("in", Level::once), event("log.>", Level::reliable, true)}))
              .empty());
    // The exact entry wins, and it does not say so.
    CHECK(levels(between({"in"}, {"log.x"},
                         {event("in", Level::once), event("log.>", Level::reliable, true),
                          event("log.x", Level::fast)})) == Names{"in (once) log.x (fast)"});
}

TEST_CASE("the exact entry gives the level, else the narrowest pattern, of two the stronger") {
    const std::vector events{event(">", Level::once), event("log.>", Level::fast),
                             event("log.a", Level::once), event("log.*.end", Level::durable)};
    CHECK(levels(between({"in"}, {"out", "log.a"}, events)).empty());
    CHECK(levels(between({"in"}, {"log.b", "log.b.end"}, events)) ==
          Names{"in (once) log.b (fast)", "in (once) log.b.end (durable)"});
    CHECK(levels(between({"in"}, {"a.b"},
                         {event("in", Level::once), event("a.*", Level::once),
                          event("*.b", Level::fast)}))
              .empty());
    // A third pattern that does not match the topic has no say in it.
    CHECK(levels(between({"in"}, {"a.b"},
                         {event("in", Level::once), event("a.>", Level::once),
                          event("*.b", Level::durable), event("a.x.>", Level::fast)}))
              .empty());
}

TEST_CASE("a pattern is heard with its strongest event and emitted with its weakest") {
    CHECK(levels(between({"order.*"}, {"out"}, {event("order.created", Level::once)})) ==
          Names{"order.created (once) out (reliable)"});
    CHECK(levels(between({"in"}, {"order.*"},
                         {event("in", Level::once), event("order.>", Level::once)}))
              .empty());
    CHECK(levels(between({"in"}, {"order.*"},
                         {event("in", Level::once), event("order.>", Level::once),
                          event("*.debug", Level::fast), event("order.log", Level::durable)})) ==
          Names{"in (once) order.log (durable)"});
    CHECK(levels(between({"in"}, {"order.*"},
                         {event("in", Level::once), event("order.created", Level::once)})) ==
          Names{"in (once) order.* (reliable)"});
}

TEST_CASE("patterns that together cover what is emitted leave nothing weaker") {
    CHECK(levels(between({"in"}, {"a.>"},
                         {event("in", Level::once), event("a.*", Level::once),
                          event("a.*.>", Level::once)}))
              .empty());
    CHECK(levels(between({"in"}, {"a.>"},
                         {event("in", Level::once), event("a.*", Level::once),
                          event("a.*.*", Level::once)})) == Names{"in (once) a.> (reliable)"});
}

TEST_CASE("an emission that a loop allows is an emission, and a remembered event is a cause") {
    auto graph = between({"in"}, {"out"}, {event("in", Level::once)});
    graph.contracts[0].contract.loops = {{"h", pattern("out"), 3}};
    CHECK(levels(graph).size() == 1);
    auto timed = between({}, {"out"}, {event("in", Level::once)});
    timed.contracts[0].contract.handlers[0].after = patterns({"in"});
    CHECK(levels(timed).size() == 1);
}

TEST_CASE("handlers whose levels would take too long to judge are told, from where on") {
    std::vector<mesh::HandlerContract> handlers;
    std::vector<mesh::DeclaredEvent> events;
    for (int i = 0; i < 100; ++i) {
        const auto number = std::to_string(10 + i);
        handlers.push_back(handler("h" + number, {"*.a" + number}, Names{"out" + number}));
        events.push_back(event("b" + number + ".*", Level::once));
    }
    auto graph = input({contract("s", handlers)});
    graph.events = events;
    const mesh::InnerGraph inner(graph);
    CHECK(mesh::find_weaker_emits(inner, graph).size() == 100);
    const auto some = mesh::find_weaker_emits(inner, graph, 2'000);
    REQUIRE(some.size() > 1);
    CHECK(some.size() < 100);
    CHECK(some.back().message.starts_with("the levels of what is emitted were not judged for " +
                                          std::to_string(101 - some.size()) +
                                          " handlers, from s.h"));
}
