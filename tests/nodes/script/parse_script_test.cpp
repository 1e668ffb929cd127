#include "nodes/script/parse_script.hpp"
#include "tests/support/catch.hpp"

#include <chrono>
#include <string>
#include <variant>
#include <vector>

using namespace std::chrono_literals;
using namespace nodes;

namespace {

/// The one step of a script.
StepBody step(const std::string& text) {
    const auto script = parse_script(text, "a.demo");
    UNSCOPED_INFO(text << ": " << (script ? "" : script.error().front()));
    REQUIRE(script);
    REQUIRE(script->steps.size() == 1);
    return script->steps.front().body;
}

/// Why a script cannot be read, without the file.
std::string error(const std::string& text) {
    const auto script = parse_script(text, "a.demo");
    UNSCOPED_INFO(text);
    REQUIRE_FALSE(script);
    return script.error().front().substr(std::string("a.demo:").size());
}

mesh::Pattern pattern(const std::string& text) {
    return *mesh::Pattern::parse(text);
}

} // namespace

TEST_CASE("each step is read") {
    CHECK(step("wait ready 4 within 5s") == StepBody(WaitReady{4, 5s}));
    CHECK(step("pub a.b {\"x\": [1, 2]}") == StepBody(Publish{"a.b", "{\"x\": [1, 2]}"}));
    CHECK(step("pub a.b hello # there") == StepBody(Publish{"a.b", "hello # there"}));
    CHECK(step("pub a.b") == StepBody(Publish{"a.b", ""}));
    CHECK(step("kill -9 order") == StepBody(Order{Order::Kind::kill, {"order", {}}}));
    CHECK(step("stop order/2") == StepBody(Order{Order::Kind::stop, {"order", 2}}));
    CHECK(step("start order") == StepBody(Order{Order::Kind::start, {"order", {}}}));
    CHECK(step("pause order") == StepBody(Order{Order::Kind::pause, {"order", {}}}));
    CHECK(step("resume order") == StepBody(Order{Order::Kind::resume, {"order", {}}}));
    CHECK(step("partition a b | c for 3s") ==
          StepBody(Partition{{{{"a", {}}, {"b", {}}}, {{"c", {}}}}, 3s}));
    CHECK(step("replicas order 3") == StepBody(Replicas{"order", 3}));
    CHECK(step("ledger balanced") == StepBody(LedgerBalanced{10s}));
    CHECK(step("ledger balanced within 2s") == StepBody(LedgerBalanced{2s}));
    CHECK(step("check") == StepBody(CheckMesh{}));
    CHECK(step("run echo a | tr a b # c") == StepBody(RunShell{"echo a | tr a b # c"}));
}

TEST_CASE("an expectation has a pattern, conditions, a count and a time") {
    CHECK(step("expect a.b within 2s") == StepBody(Expectation{pattern("a.b"), {}, 1, false, 2s}));
    CHECK(step("expect a.> count 3 within 2s") ==
          StepBody(Expectation{pattern("a.>"), {}, 3, false, 2s}));
    CHECK(step("expect none of a.* within 100ms") ==
          StepBody(Expectation{pattern("a.*"), {}, 1, true, 100ms}));
    const std::vector<Condition> where{
        {{"x", "y"}, "1"}, {{"name"}, "\"Ada Lovelace\""}, {{"state"}, "\"paid\""}};
    CHECK(step(R"(expect a.b where x.y==1 name=="Ada Lovelace" state==paid within 2s)") ==
          StepBody(Expectation{pattern("a.b"), where, 1, false, 2s}));
    CHECK(
        step(
            R"(expect a.b where x.y==1 where name=="Ada Lovelace" count 1 where state==paid within 2s)") ==
        StepBody(Expectation{pattern("a.b"), where, 1, false, 2s}));
    CHECK(step(R"(expect a.b where list==[1, {"a": "] }"}] within 2s)") ==
          StepBody(Expectation{pattern("a.b"), {{{"list"}, R"([1,{"a":"] }"}])"}}, 1, false, 2s}));
}

TEST_CASE("comments and empty lines are no steps, and lines are counted with them") {
    const auto script = parse_script("# a demo\r\n\n  check # of all\r\n\tstop a\n", "a.demo");
    REQUIRE(script);
    REQUIRE(script->steps.size() == 2);
    CHECK(script->steps[0].line == 3);
    CHECK(script->steps[0].text == "check # of all");
    CHECK(script->steps[1].line == 4);
}

TEST_CASE("what cannot be read says what was expected, what was found, and where") {
    CHECK(error("\nexpct a.b within 1s") ==
          "2: expected a step (check, expect, kill, ledger, partition, pause, pub, replicas, "
          "resume, run, start, stop, wait), found \"expct\"; did you mean \"expect\"?");
    CHECK(error("wait ready four within 5s") ==
          "1: expected a number of nodes of at most 1000000, found \"four\"");
    CHECK(error("wait ready 4") == "1: expected \"within\" and a time, such as `within 5s`, found "
                                   "nothing");
    CHECK(error("wait ready 4 within 5") ==
          "1: expected a time behind \"within\", such as 5s or 200ms, found \"5\"");
    CHECK(error("expect a.b witin within 1s") ==
          "1: expected where, count or within, found \"witin\"; did you mean \"within\"?");
    CHECK(error("expect a.b where x = 1 within 1s") ==
          "1: expected PATH==VALUE without blanks around \"==\", found \"x\"");
    CHECK(error("expect a.b where x==\"open within 1s") ==
          "1: expected a value behind \"==\", JSON or a word, found \"x==\"open\"");
    CHECK_THAT(error("expect a.b count 0 within 1s"), Catch::Contains("from 1 on, found 0"));
    CHECK(error("expect none a.b within 1s") == "1: expected \"of\", found \"a.b\"");
    CHECK_THAT(error("expect a..b within 1s"), Catch::Contains("a..b"));
    CHECK_THAT(error("expect 'a.>' within 1s"), Catch::Contains("without quotes"));
    CHECK_THAT(error("pub 'a.b' 1"), Catch::Contains("without quotes"));
    CHECK_THAT(error("pub a.b '{\"x\": 1}'"), Catch::Contains("without the quotes of a shell"));
    CHECK_THAT(error("pub a.b {\"x\": }"), Catch::Contains("expected JSON"));
    CHECK_THAT(error("kill order"), Catch::Contains("expected \"-9\""));
    CHECK(error("stop") == "1: expected a service, found nothing");
    CHECK_THAT(error("stop order/0"), Catch::Contains("SERVICE/REPLICA"));
    CHECK(error("check twice") == "1: expected the end of the step, found \"twice\"");
    CHECK_THAT(error("partition a b for 3s"), Catch::Contains("both sides of a \"|\""));
    CHECK_THAT(error("partition | b for 3s"), Catch::Contains("each side"));
    CHECK_THAT(error("partition a | b a for 3s"), Catch::Contains("\"a\" twice"));
    CHECK_THAT(error("partition a | b"), Catch::Contains("\"for\""));
    CHECK_THAT(error("replicas a 65"), Catch::Contains("at most 64"));
    CHECK_THAT(error("run"), Catch::Contains("a command"));
    CHECK(error("# nothing\n") == " expected a step, found none");
}

TEST_CASE("all wrong lines are told at once, and no more than twenty") {
    std::string text;
    for (int i = 0; i < 30; ++i)
        text += "nonsense\n";
    const auto script = parse_script(text, "a.demo");
    REQUIRE_FALSE(script);
    CHECK(script.error().size() == 20);
}

TEST_CASE("a service that is not started is told, with the one that was meant") {
    const auto script = parse_script("stop odrer\npartition user | mail for 1s\n", "a.demo");
    REQUIRE(script);
    CHECK(unknown_services(*script, std::vector<std::string>{"order", "user"}) ==
          std::vector<std::string>{
              "a.demo:1: expected a service that is started, found \"odrer\"; did you mean "
              "\"order\"?",
              "a.demo:2: expected a service that is started, found \"mail\""});
}
