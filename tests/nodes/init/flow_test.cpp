#include "nodes/init/flow.hpp"
#include "nodes/init/flow_plan.hpp"
#include "tests/support/catch.hpp"

#include <string>
#include <utility>
#include <vector>

using namespace nodes;

namespace {

Flow flow(const std::vector<std::string>& texts) {
    const auto parsed = parse_flow(texts);
    UNSCOPED_INFO(texts.front() << ": " << (parsed ? "" : parsed.error().detail));
    REQUIRE(parsed);
    return *parsed;
}

std::string error(const std::string& text) {
    const auto parsed = parse_flow(std::vector{text});
    UNSCOPED_INFO(text);
    REQUIRE_FALSE(parsed);
    return parsed.error().detail;
}

/// `SERVICE.HANDLER: ON, ON -> EMITS`, one each.
std::vector<std::string> handlers(const std::string& text) {
    std::vector<std::string> lines;
    for (const auto& service : plan_flow(flow({text})).services)
        for (const auto& handler : service.handlers) {
            std::string on;
            for (const auto& one : handler.on)
                on += (on.empty() ? "" : ", ") + one;
            lines.push_back(service.name + "." + handler.name + ": " + on + " -> " + handler.emits);
        }
    return lines;
}

std::vector<std::string> outcomes(const std::string& text) {
    std::vector<std::string> lines;
    for (const auto& one : plan_flow(flow({text})).outcomes)
        lines.push_back(one.entry + " " + one.topic + " " + std::to_string(one.count));
    return lines;
}

} // namespace

TEST_CASE("chains, fans and several flows are read as one") {
    const std::vector<Arrow> fan{{"a.b", "c.d"}, {"a.b", "e.f"}, {"c.d", "g.h"}, {"e.f", "g.h"}};
    CHECK(flow({"a.b -> c.d, e.f -> g.h"}).arrows == fan);
    CHECK(flow({"a.b->c.d ; a.b->e.f;c.d->g.h;e.f->g.h;"}).arrows == fan);
    CHECK(flow({"a.b -> c.d", "a.b -> e.f", "c.d, e.f -> g.h", "a.b -> c.d"}).arrows == fan);
    CHECK(flow({"a.b -> c.d, e.f -> g.h"}).topics ==
          std::vector<std::string>{"a.b", "c.d", "e.f", "g.h"});
}

TEST_CASE("what is no flow says what was expected") {
    CHECK_THAT(error("a.b"), Catch::Contains("expected an arrow"));
    CHECK_THAT(error(""), Catch::Contains("expected a topic"));
    CHECK_THAT(error("a.b ->"), Catch::Contains("expected a topic on each side"));
    CHECK_THAT(error("a.b -> , c.d"), Catch::Contains("expected a topic on each side"));
    CHECK_THAT(error("a.* -> c.d"), Catch::Contains("found \"a.*\""));
    CHECK_THAT(error("a.b > c.d"), Catch::Contains("found \"a.b > c.d\""));
    CHECK_THAT(error("a..b -> c.d"), Catch::Contains("found \"a..b\""));
    CHECK_THAT(error("a.-b -> c.d"), Catch::Contains("at the beginning of a part"));
    CHECK_THAT(error("a/b -> c.d"), Catch::Contains("letters, digits"));
}

TEST_CASE("a topic is emitted by a handler of the service that it names first") {
    CHECK(handlers("user.registered -> order.created -> payment.settled") ==
          std::vector<std::string>{"order.created: user.registered -> order.created",
                                   "payment.settled: order.created -> payment.settled"});
    CHECK(handlers("a.b, x.y -> order.created.late; order.created.late -> order.done; "
                   "order.done -> end") ==
          std::vector<std::string>{"order.created-late: a.b, x.y -> order.created.late",
                                   "order.done: order.created.late -> order.done",
                                   "end.end: order.done -> end"});
    CHECK(handlers("a -> x.b-c; a -> x.b.c") ==
          std::vector<std::string>{"x.b-c: a -> x.b-c", "x.b-c-2: a -> x.b.c"});
}

TEST_CASE("a service that would stand in a circle of services gets a second one beside it") {
    CHECK(handlers("a.b -> order.created -> payment.settled -> order.paid") ==
          std::vector<std::string>{"order.created: a.b -> order.created",
                                   "payment.settled: order.created -> payment.settled",
                                   "order-paid.paid: payment.settled -> order.paid"});
}

TEST_CASE("what follows from one event of each entry is counted along all ways") {
    CHECK(outcomes("a.b -> c.d, e.f -> g.h; x.y -> g.h") ==
          std::vector<std::string>{"a.b c.d 1", "a.b e.f 1", "a.b g.h 2", "x.y g.h 1"});
    const auto plan = plan_flow(flow({"a.b -> c.d, e.f -> g.h; x.y -> g.h"}));
    CHECK(plan.entries == std::vector<std::string>{"a.b", "x.y"});
    CHECK(plan.ends == std::vector<std::string>{"g.h"});
    CHECK_FALSE(plan.is_cyclic);
}

TEST_CASE("more ways than can be counted on are cut") {
    std::string text = "a0 -> ";
    for (int i = 1; i <= 40; ++i)
        text += "b" + std::to_string(i) + ", c" + std::to_string(i) + " -> ";
    const auto plan = plan_flow(flow({text + "end"}));
    CHECK(plan.outcomes.back().count == flow_outcome_max + 1);
}

TEST_CASE("a flow with a cycle is planned as it is, so that the check can show it") {
    const auto plan = plan_flow(flow({"a.b -> c.d -> e.f -> c.d"}));
    CHECK(plan.is_cyclic);
    CHECK(plan.outcomes.empty());
    CHECK(plan.services.size() == 2);
}
