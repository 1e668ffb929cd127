#include "nodes/script/expecting.hpp"
#include "nodes/script/parse_step.hpp"
#include "tests/support/catch.hpp"

#include <chrono>
#include <string>
#include <variant>

using namespace std::chrono_literals;
using namespace nodes;
using Verdict = Expecting::Verdict;

namespace {

const mesh::TimePoint start{};

Expectation expectation(const std::string& text) {
    const auto step = parse_step("expect " + text);
    REQUIRE(step);
    return std::get<Expectation>(*step);
}

SeenEvent event(const std::string& topic, const std::string& data = "{}") {
    return {topic, data, "12:00 " + topic + " " + data};
}

} // namespace

TEST_CASE("an event that came before the expectation meets it") {
    SeenEvents seen;
    seen.add(event("a.b"));
    const auto wanted = expectation("a.b within 1s");
    CHECK(Expecting(wanted, 1, seen, start).look(start) == Verdict::met);
}

TEST_CASE("each event is taken once, the oldest first") {
    SeenEvents seen;
    const auto wanted = expectation("a.b within 1s");
    seen.add(event("a.b", "1"));
    seen.add(event("a.b", "2"));
    CHECK(Expecting(wanted, 7, seen, start).look(start) == Verdict::met);
    CHECK(seen.at(0).taken_by == 7);
    CHECK(seen.at(1).taken_by == 0);
    CHECK(Expecting(wanted, 8, seen, start).look(start) == Verdict::met);
    CHECK(Expecting(wanted, 9, seen, start).look(start) == Verdict::open);
}

TEST_CASE("a count takes so many events and no more") {
    SeenEvents seen;
    const auto wanted = expectation("a.b count 2 within 1s");
    seen.add(event("a.b"));
    Expecting expecting(wanted, 1, seen, start);
    CHECK(expecting.look(start) == Verdict::open);
    CHECK(seen.at(0).taken_by == 0);
    seen.add(event("a.b"));
    seen.add(event("a.b"));
    CHECK(expecting.look(start) == Verdict::met);
    CHECK(seen.at(2).taken_by == 0);
}

TEST_CASE("an expectation fails at its time, and not before") {
    SeenEvents seen;
    const auto wanted = expectation("a.b within 1s");
    Expecting expecting(wanted, 1, seen, start);
    CHECK(expecting.deadline() == start + 1s);
    CHECK(expecting.look(start + 1s - 1ns) == Verdict::open);
    CHECK(expecting.look(start + 1s) == Verdict::failed);
}

TEST_CASE("expect none looks at what comes from its beginning on, and takes nothing") {
    SeenEvents seen;
    const auto wanted = expectation("none of a.> where x==1 within 1s");
    seen.add(event("a.b", R"({"x":1})"));
    Expecting expecting(wanted, 1, seen, start);
    CHECK(expecting.look(start) == Verdict::open);
    seen.add(event("a.b", R"({"x":2})"));
    CHECK(expecting.look(start + 1s) == Verdict::met);
    seen.add(event("a.c", R"({"x":1})"));
    CHECK(expecting.look(start) == Verdict::failed);
    CHECK(seen.at(2).taken_by == 0);
    CHECK(expecting.summary() == "expected none of a.> where x==1 within 1s, found one");
}

TEST_CASE("a condition looks along a path, and compares as JSON does") {
    const auto holds_in = [](const std::string& condition, const std::string& data) {
        return holds(expectation("a where " + condition + " within 1s").where.front(), data);
    };
    CHECK(holds_in("x==1", R"({"x":1})"));
    CHECK(holds_in("x==1.0", R"({"x":1})"));
    CHECK_FALSE(holds_in("x==1", R"({"x":"1"})"));
    CHECK(holds_in("x==\"1\"", R"({"x":"1"})"));
    CHECK(holds_in("x==paid", R"({"x":"paid"})"));
    CHECK(holds_in("x==true", R"({"x":true})"));
    CHECK(holds_in("x==null", R"({"x":null})"));
    CHECK_FALSE(holds_in("x==null", "{}"));
    CHECK(holds_in("x.y.1.z==2", R"({"x":{"y":[0,{"z":2}]}})"));
    CHECK_FALSE(holds_in("x.y.2==2", R"({"x":{"y":[0,2]}})"));
    CHECK_FALSE(holds_in("x.y==2", R"({"x":2})"));
    CHECK(holds_in("x==[1,{\"a\":2}]", R"({"x":[1,{"a":2}]})"));
    CHECK_FALSE(holds_in("x==1", ""));
    CHECK_FALSE(holds_in("x==1", "<3 bytes>"));
}

TEST_CASE("a failure says what was expected, what was seen, and the last five events") {
    SeenEvents seen;
    for (int i = 0; i < 7; ++i)
        seen.add(event("a.b", std::to_string(i)));
    seen.add(event("other"));
    seen.take(6, 3);
    const auto wanted = expectation("a.b where x==1 count 2 within 500ms");
    Expecting expecting(wanted, 9, seen, start);
    CHECK(expecting.look(start + 500ms) == Verdict::failed);
    CHECK(expecting.summary() == "expected 2 events of a.b where x==1 within 500ms, found 0");
    CHECK(expecting.details() ==
          std::vector<std::string>{
              "seen since the script began: 7 events of a.b, 1 of them taken by earlier steps",
              "the last 5 events of a.b:", "  12:00 a.b 2", "  12:00 a.b 3", "  12:00 a.b 4",
              "  12:00 a.b 5", "  12:00 a.b 6 (taken by line 3)"});
}

TEST_CASE("more events than there is room for push the oldest out, which is told") {
    SeenEvents seen(2);
    for (int i = 0; i < 3; ++i)
        seen.add(event("a.b", std::to_string(i)));
    CHECK(seen.begin() == 1);
    CHECK(seen.end() == 3);
    CHECK(seen.at(1).data == "1");
    const auto wanted = expectation("a.b count 3 within 1s");
    Expecting expecting(wanted, 1, seen, start);
    CHECK(expecting.look(start + 1s) == Verdict::failed);
    CHECK_THAT(expecting.details().front(), Catch::Contains("1 older events are forgotten"));
}
