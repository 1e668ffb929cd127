#include "mesh/manifest/read.hpp"
#include "tests/support/catch.hpp"

#include <string>
#include <vector>

namespace {

/// `LINE:COLUMN: MESSAGE` of every error.
std::vector<std::string> errors_of(const std::string& text) {
    std::vector<std::string> lines;
    for (const auto& error : mesh::read_manifest_text(text, "f").errors)
        lines.push_back(std::to_string(error.place.line) + ":" +
                        std::to_string(error.place.column) + ": " + error.message);
    return lines;
}

struct Case {
    const char* text;
    const char* place;   ///< `LINE:COLUMN: `
    const char* message; ///< a part of it
};

/// Each text has exactly one error.
void check_all(const std::vector<Case>& cases) {
    for (const auto& one : cases) {
        CAPTURE(one.text);
        const auto errors = errors_of(one.text);
        CAPTURE(errors);
        REQUIRE(errors.size() == 1);
        CHECK(errors[0].substr(0, std::string(one.place).size()) == one.place);
        CHECK(errors[0].find(one.message) != std::string::npos);
    }
}

/// The text of a service `s`, from line 4 on, indented by four.
std::string service(const std::string& text) {
    return "dagmesh: 1\nservices:\n  s:\n" + text;
}

/// A handler in line 5, column 7, its keys behind it.
std::string handler(const std::string& keys) {
    return service("    handlers:\n      h: {" + keys + "}\n");
}

void check_services(const std::vector<Case>& cases) {
    std::vector<std::string> texts;
    texts.reserve(cases.size());
    auto whole = cases;
    for (auto& one : whole)
        one.text = texts.emplace_back(service(one.text)).c_str();
    check_all(whole);
}

void check_handlers(const std::vector<Case>& cases) {
    std::vector<std::string> texts;
    texts.reserve(cases.size());
    auto whole = cases;
    for (auto& one : whole)
        one.text = texts.emplace_back(handler(one.text)).c_str();
    check_all(whole);
}

} // namespace

TEST_CASE("a document without its version, or of another one, is refused") {
    check_all({
        {"", "1:1: ", "empty file"},
        {"# nothing\n", "1:1: ", "empty file"},
        {"realm: shop\n", "1:1: ", "expected \"dagmesh: 1\""},
        {"realm: shop\ndagmesh: 2\n", "2:10: ", "expected format version 1, got \"2\""},
        {"dagmesh:\n", "1:1: ", "expected format version 1"},
        {"[dagmesh]\n", "1:1: ", "expected a mapping for a manifest, got a list"},
        {"dagmesh\n", "1:1: ", "got \"dagmesh\""},
        {"asyncapi: 3.0.0\ndagmesh: 1\n", "1:1: ", "unknown key \"asyncapi\""},
    });
}

TEST_CASE("an unquoted > or *.x is refused with the advice to quote it") {
    check_services({
        {"    handlers:\n      h:\n        on: >\n        emits: []\n",
         "6:13: ", "quote it: \">\""},
        {"    handlers:\n      h:\n        emits: []\n        on:\n          - >\n",
         "8:13: ", "quote it: \">\""},
        {"    handlers:\n      h: {on: [>]}\n", "5:16: ", "quote it: '>'"},
        {"    handlers:\n      h: {on: *.x}\n", "5:15: ", "quote it: '*.x'"},
        {"    handlers:\n      h: {on: [a, *]}\n", "5:19: ", "quote it: '*'"},
        {"    handlers:\n      h:\n        on: *\n", "6:13: ", "quote it: '*'"},
        {"    handlers:\n      h:\n        on: >.x\n", "6:13: ", "quote it: '>.x'"},
    });
    check_all({{"dagmesh: 1\nevents:\n  >: {entry: true}\n", "3:3: ", "quote it: '>'"},
               {"dagmesh: 1\nevents:\n  *: {entry: true}\n", "3:3: ", "quote it: '*'"}});
}

TEST_CASE("braces that YAML takes for a mapping are refused with the advice to quote them") {
    check_services({
        {"    publishes: [order.{id}.paid]\n", "4:17: ", "quote it: 'order.{id}.paid'"},
        {"    publishes: [a, \"b\", order.{id}]\n", "4:25: ", "quote it: 'order.{id}'"},
        {"    publishes: {id}.paid\n", "4:16: ", "quote it: '{id}.paid'"},
        {"    handlers:\n      h: {on: order.{id}.paid, emits: []}\n",
         "5:15: ", "quote it: 'order.{id}.paid'"},
    });
    CHECK(errors_of(service("    publishes: order.{id}.paid\n")).empty());
    CHECK(errors_of(service("    publishes: [\"order.{id}.paid\", 'a.{b}']\n")).empty());
}

TEST_CASE("an unknown key is an error that names the nearest known one") {
    check_all({
        {"dagmesh: 1\nservice: {}\n", "2:1: ", "did you mean \"services\"?"},
        {"dagmesh: 1\nevents: {a: {levle: fast}}\n", "2:14: ", "did you mean \"level\"?"},
        {"dagmesh: 1\nzzzzzz: 1\n", "2:1: ", "unknown key \"zzzzzz\" in a manifest"},
    });
    check_services({{"    publish: [a]\n", "4:5: ", "did you mean \"publishes\"?"}});
}

TEST_CASE("duplicate keys are errors that name both places") {
    check_all({
        {"dagmesh: 1\nrealm: a\nrealm: b\n", "3:1: ", "duplicate key \"realm\", first at f:2:1"},
        {"dagmesh: 1\nservices:\n  s: {}\n  t: {}\n  s: {}\n", "5:3: ", "first at f:3:3"},
        {"dagmesh: 1\nevents: {\"a.{x}\": {}, a.*: {}}\n", "2:23: ", "stands here twice"},
    });
}

TEST_CASE("services and events that differ between documents are errors that name both places") {
    check_all({
        {"dagmesh: 1\nservices: {s: {}}\n---\ndagmesh: 1\nservices: {s: {replicas: 2}}\n",
         "5:12: ", "service \"s\" is described differently at f:2:12"},
        {"dagmesh: 1\nevents: {e: {}}\n---\ndagmesh: 1\nevents: {e: {level: fast}}\n",
         "5:10: ", "event \"e\" is described differently at f:2:10"},
    });
}

TEST_CASE("an empty value is an error, not a missing one") {
    check_all({{"dagmesh: 1\nrealm:\n", "2:1: ", "\"realm\": the value is empty"},
               {"dagmesh: 1\nrealm: null\n", "2:1: ", "the value is empty"},
               {"dagmesh: 1\nrealm: \"\"\n", "2:8: ", "the value is empty"},
               {"dagmesh: 1\nevents:\n  a:\n", "3:3: ", "\"a\": the value is empty"}});
    check_handlers({{"on: , emits: []", "5:11: ", "\"on\": the value is empty"},
                    {"on: a, emits: ~", "5:18: ", "\"emits\": the value is empty"},
                    {"on: []", "5:15: ", "at least one"},
                    {"on: [a, \"\"]", "5:19: ", "it is empty"}});
    check_services({{"    handlers:\n      h:\n        on:\n          - a\n          -\n",
                     "8:11: ", "an entry of the list is empty"}});
}

TEST_CASE("a handler needs one cause, and values of the right form") {
    check_handlers({
        {"emits: [a]", "5:7: ", "needs \"on\""},
        {"on: a, every: 5s", "5:18: ", "both \"on\" and \"every\""},
        {"on: a, after: b", "5:18: ", "\"after\" goes with \"every\""},
        {"every: 5", "5:18: ", "expected a duration above zero"},
        {"every: 0s", "5:18: ", "expected a duration above zero"},
        {"on: {a: b}", "5:15: ", "expected a topic or pattern, got a mapping"},
        {"on: a..b", "5:15: ", "empty token"},
        {"on: \"a b\"", "5:15: ", "blank"},
        {"on: a.>.b", "5:15: ", "`>` may only be the last token"},
        {"on: a, emits: [[b]]", "5:26: ", "got a list"},
        {"on: a, workers: 0", "5:27: ", "expected a whole number from 1 to 64, got \"0\""},
        {"on: a, workers: 1.5", "5:27: ", "got \"1.5\""},
        {"on: a, workers: many", "5:27: ", "got \"many\""},
        {"on: a, order: by_key", "5:25: ", "did you mean \"by-key\"?"},
        {"on: a, policy: [block]", "5:26: ", "expected one of block, drop-oldest"},
        {"on: a, group: every", "5:25: ", "expected one of share, each"},
        {"on: a, retry: 5", "5:25: ", "expected a mapping for \"retry\""},
        {"on: a, retry: {attempts: 0}", "5:36: ", "from 1 to"},
        {"on: a, retry: {backoff: 5s..1s}", "5:35: ", "the shorter duration first"},
        {"on: a, retry: {backoff: 1s..}", "5:35: ", "expected a range such as 100ms..5s"},
    });
}

TEST_CASE("a service has keys of the right form") {
    check_services({
        {"    publishes: {a: b}\n", "4:16: ", "expected a topic or pattern, got a mapping"},
        {"    run: []\n", "4:10: ", "got an empty list"},
        {"    run: [\"\", x]\n", "4:11: ", "the value is empty"},
        {"    run: {a: b}\n", "4:10: ", "expected a text, got a mapping"},
        {"    speaks: line\n", "4:13: ", "did you mean \"lines\"?"},
        {"    cwd: [a]\n", "4:10: ", "expected a text, got a list"},
        {"    env: [A=1]\n", "4:10: ", "expected a mapping of environment variables, got a list"},
        {"    env: {A: [1]}\n", "4:14: ", "expected a text for \"A\""},
        {"    env: {A=B: 1}\n", "4:11: ", "expected the name of a variable"},
        {"    restart: yes\n", "4:14: ", "expected one of no, on-failure"},
        {"    replicas: -1\n", "4:15: ", "got \"-1\""},
        {"    replicas: 99999999999999999999\n", "4:15: ", "expected a whole number"},
        {"    handlers: [a]\n", "4:15: ", "expected a mapping of handlers, got a list"},
        {"    publishes: [a.*]\n    handlers: {h: {on: x, emits: [a.b, c.d]}}\n",
         "5:40: ", "emits \"c.d\", which lies outside of the \"publishes\" of \"s\""},
    });
    check_all({
        {"dagmesh: 1\nservices: [s]\n", "2:11: ", "expected a mapping of services, got a list"},
        {"dagmesh: 1\nservices: {a/b: {}}\n", "2:12: ", "it holds `/`"},
        {"dagmesh: 1\nservices: {..: {}}\n", "2:12: ", "it is a path"},
        {"dagmesh: 1\nrealm: \"a b\"\n", "2:8: ", "holds a blank"},
        {"dagmesh: 1\nrealm: [a]\n", "2:8: ", "expected a text, got a list"},
        {"dagmesh: 1\nrealm: \"a\\u0085\"\n", "2:8: ", "control character"},
    });
}

TEST_CASE("an event has keys of the right form") {
    check_all({
        {"dagmesh: 1\nevents: {a..b: {}}\n", "2:10: ", "empty token"},
        {"dagmesh: 1\nevents: {a: {level: fats}}\n", "2:21: ", "did you mean \"fast\"?"},
        {"dagmesh: 1\nevents: {a: {compress: lots}}\n",
         "2:24: ", "\"compress\": expected a size such as 512B, 4KiB or 1MiB, got \"lots\""},
        {"dagmesh: 1\nevents: {a: {comprss: 4KiB}}\n", "2:14: ", "did you mean \"compress\"?"},
        {"dagmesh: 1\nevents: {e: {}}\n---\ndagmesh: 1\nevents: {e: {compress: 4KiB}}\n",
         "5:10: ", "e"},
        {"dagmesh: 1\nevents: {a: {entry: yes}}\n", "2:21: ", "expected one of true, false"},
        {"dagmesh: 1\nevents: {a: {key: a..b}}\n", "2:19: ", "expected a dotted path"},
        {"dagmesh: 1\nevents: {a: {fields: [b]}}\n", "2:22: ", "expected a mapping of fields"},
        {"dagmesh: 1\nevents: {a: {fields: {b: {redact: true}}}}\n",
         "2:23: ", "expected a \"type\""},
        {"dagmesh: 1\nevents: {a: {fields: {b: [int]}}}\n",
         "2:26: ", "expected a text, got a list"},
    });
}

TEST_CASE("a loop names one exact edge, with all that belongs to it") {
    const std::string rest = ", max_rounds: 3, reason: r, until: 2027-06-30}\n"
                             "    handlers: {h: {on: a, emits: [b.c, d.*]}}\n";
    const auto with = [&](const std::string& edge) {
        return "    loops:\n      - {edge: " + edge + rest;
    };
    const auto unknown_handler = with("{handler: g, emits: b.c}");
    const auto unknown_event = with("{handler: h, emits: b.x}");
    const auto pattern = with("{handler: h, emits: d.*}");
    const auto half = with("{handler: h}");
    check_services({
        {unknown_handler.c_str(), "5:26: ", "\"s\" has no handler \"g\""},
        {unknown_event.c_str(), "5:36: ", "does not emit \"b.x\"; did you mean \"b.c\"?"},
        {pattern.c_str(), "5:36: ", "expected one topic"},
        {half.c_str(), "5:16: ", "expected an \"emits\""},
        {"    loops: {a: b}\n", "4:12: ", "expected a list"},
        {"    loops:\n      - {edge: {handler: h, emits: b}, max_rounds: 3, reason: r, until: "
         "2027-02-29}\n"
         "    handlers: {h: {on: a, emits: b}}\n",
         "5:73: ", "expected a date such as 2027-06-30"},
        {"    loops:\n      - {edge: {handler: h, emits: b}, reason: r, until: 2027-02-28}\n"
         "    handlers: {h: {on: a, emits: b}}\n",
         "5:9: ", "expected \"max_rounds\""},
    });
}

TEST_CASE("a rule is one of two pairs") {
    check_all({
        {"dagmesh: 1\nrules: [{from: a}]\n", "2:9: ", "expected a rule of"},
        {"dagmesh: 1\nrules: [{from: a, max_fan_out: 1}]\n", "2:9: ", "expected a rule of"},
        {"dagmesh: 1\nrules: [{event: a, max_fan_out: -1}]\n", "2:33: ", "whole number"},
        {"dagmesh: 1\nrules: {from: a}\n", "2:8: ", "expected a list"},
        {"dagmesh: 1\nrules: [a]\n", "2:9: ", "expected a mapping for a rule"},
    });
}

TEST_CASE("what is no YAML is an error at its place") {
    check_all({
        {"dagmesh: 1\nservices:\n\ts: {}\n", "3:1: ", "tabs"},
        {"dagmesh: 1\nrealm: a: b\n", "2:9: ", "not valid YAML"},
        {"dagmesh: 1\nrealm: \"shop\n", "2:8: ", "the quote is not closed"},
        {"dagmesh: 1\nrealm: 'it''s\n", "2:8: ", "the quote is not closed"},
        {"dagmesh: 1\nservices: {\n", "3:1: ", "not valid YAML"},
        {"dagmesh: 1\nrealm: @a\n", "2:8: ", "not valid YAML"},
        {", ", "1:1: ", "not valid YAML"},
        {"dagmesh: 1\nx-a: &a [*a]\n", "2:10: ", "inside its own anchor"},
        {"dagmesh: 1\nrealm: !secret x\n", "2:8: ", "unknown tag \"!secret\""},
        {"dagmesh: 1\n<<: [1]\n", "2:6: ", "expected a mapping to merge"},
        {"dagmesh: 1\n<<: 1\n", "2:1: ", "to merge"},
        {"dagmesh: 1\n? [a]\n: b\n", "2:3: ", "expected a name as key"},
    });
}

TEST_CASE("all errors of all documents are told, in order of place") {
    const auto errors =
        errors_of("dagmesh: 1\nrealm:\nevents: {a: {level: x}}\nservices:\n"
                  "  s: {speaks: x, handlers: {h: {emits: [a..b]}}}\n---\n"
                  "dagmesh: 1\nrules: 5\n---\nrealm: b\n---\ndagmesh: 1\nrealm: *\n");
    std::vector<std::string> places;
    for (const auto& error : errors)
        places.push_back(error.substr(0, error.find(": ")));
    CHECK(places ==
          std::vector<std::string>{"2:1", "3:21", "5:15", "5:29", "5:41", "8:8", "10:1", "13:8"});
}
