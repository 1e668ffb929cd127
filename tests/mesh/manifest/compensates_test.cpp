#include "mesh/manifest/read.hpp"
#include "tests/support/catch.hpp"

#include <string>
#include <vector>

namespace {

/// Handlers of the services `order` and `ship.it`, one a line: the first in line 5.
std::string with(const std::string& handlers) {
    return "dagmesh: 1\nservices:\n  order:\n    handlers:\n" + handlers +
           "  ship.it:\n    handlers:\n      send: {on: paid, emits: []}\n";
}

std::vector<std::string> errors_of(const std::string& text) {
    std::vector<std::string> lines;
    for (const auto& error : mesh::read_manifest_text(text, "f").errors)
        lines.push_back(mesh::to_string(error.place) + ": " + error.message);
    return lines;
}

} // namespace

TEST_CASE("a handler names what it compensates, in its own service or in another one") {
    const auto set = mesh::read_manifest_text(with("      take: {on: placed, emits: [taken]}\n"
                                                   "      undo: {on: failed, compensates: take}\n"
                                                   "      more: {on: failed, compensates: [take,\n"
                                                   "        order.take, ship.it.send]}\n"),
                                              "f");
    REQUIRE(set.errors.empty());
    const auto& handlers = set.realms.at(0).services.at(0).handlers;
    CHECK(handlers.at(0).compensates.empty());
    CHECK(handlers.at(1).compensates == std::vector<std::string>{"take"});
    CHECK(mesh::to_string(handlers.at(1).compensates_places.at(0)) == "f:6:39");
    CHECK(handlers.at(2).compensates ==
          std::vector<std::string>{"take", "order.take", "ship.it.send"});
    REQUIRE(handlers.at(2).compensates_places.size() == 3);
    CHECK(mesh::to_string(handlers.at(2).compensates_places.at(2)) == "f:8:21");
}

TEST_CASE("a handler that is compensated has to exist where its service is known") {
    CHECK(
        errors_of(with("      take: {on: placed}\n      undo: {on: x, compensates: tkae}\n")) ==
        std::vector<std::string>{
            "f:6:34: \"compensates\": \"order\" has no handler \"tkae\"; did you mean \"take\"?"});
    CHECK(errors_of(with("      undo: {on: x, compensates: ship.it.sent}\n")) ==
          std::vector<std::string>{
              "f:5:34: \"compensates\": \"ship.it\" has no handler \"sent\"; did you mean "
              "\"send\"?"});
    // A service of another file, which was not given.
    CHECK(errors_of(with("      undo: {on: x, compensates: billing.charge}\n")).empty());
}

TEST_CASE("what compensates is a name or a list of names") {
    const auto first = [](const std::string& value) {
        const auto errors = errors_of(with("      h: {on: x, compensates: " + value + "}\n"));
        return errors.size() == 1 ? errors[0] : std::to_string(errors.size()) + " errors";
    };
    CHECK(first("[]") ==
          "f:5:31: \"compensates\": expected at least one handler, got an empty list");
    CHECK(first("").find("f:5:18: \"compensates\": the value is empty") == 0);
    CHECK(first("{a: b}") == "f:5:31: \"compensates\": expected a text, got a mapping");
    CHECK(first("[a/b]").find("f:5:32: \"compensates\": expected a name, got \"a/b\"") == 0);
}

TEST_CASE("a compensated handler that is named twice is warned of, and replicas name the same") {
    const auto set = mesh::read_manifest_text(
        "dagmesh: 1\nservices: {s: {handlers: {h: {on: a}, u: {on: b, compensates: [h, h]}}}}\n"
        "---\ndagmesh: 1\nservices: {s: {handlers: {h: {on: a}, u: {on: b}}}}\n",
        "f");
    REQUIRE(set.errors.size() == 1);
    CHECK(set.errors[0].message.find("described differently") != std::string::npos);
    REQUIRE(set.realms.at(0).warnings.size() == 1);
    CHECK(set.realms[0].warnings[0].message == "\"compensates\" names \"h\" twice");
}
