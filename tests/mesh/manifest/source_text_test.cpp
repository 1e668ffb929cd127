#include "mesh/event/topic.hpp"
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

} // namespace

TEST_CASE("a file that is no text is an error at its first wrong byte") {
    CHECK(errors_of("dagmesh: 1\nrealm: a\xff\n") ==
          std::vector<std::string>{"2:9: expected UTF-8, got a byte that is none"});
    CHECK(errors_of("dagmesh: 1\nrealm: \x1b[0m\n") ==
          std::vector<std::string>{"2:8: expected text, got a control character"});
    CHECK(errors_of(std::string("d\0a", 3)) ==
          std::vector<std::string>{"1:2: expected text, got a control character"});
    CHECK(errors_of("a\rb").at(0).substr(0, 5) == "1:2: ");
}

TEST_CASE("what an error quotes of a text cannot move the cursor of a terminal") {
    CHECK(errors_of("\"a\\e[31m\\u0085\\u009b\\x7f\\t\\u00e4\"") ==
          std::vector<std::string>{
              "1:1: expected a mapping for a manifest, got \"a?[31m????\u00e4\""});
    // The parser tells the byte that it stumbled over, also when that is the end or half of a
    // character.
    CHECK(errors_of("\"a\\") ==
          std::vector<std::string>{"1:4: not valid YAML: unknown escape character: ?"});
    CHECK(errors_of("\"a\\\u00e4\"") ==
          std::vector<std::string>{"1:5: not valid YAML: unknown escape character: ?"});
    // Cut off at a character, not within one.
    std::string name = "*";
    for (int i = 0; i < 60; ++i)
        name += "\u00e4";
    const auto errors = errors_of("dagmesh: 1\nrealm: " + name + "\n");
    REQUIRE(errors.size() == 1);
    CHECK(mesh::is_utf8(errors[0]));
}

TEST_CASE("columns count characters, not bytes") {
    CHECK(
        errors_of("dagmesh: 1\nx-\u00e4\u6f22: 1\nevents: {\u00e4\u6f22: {levle: fast}}\n").at(0) ==
        "3:15: unknown key \"levle\" in an event; did you mean \"level\"?");
}
