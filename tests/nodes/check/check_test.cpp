#include "nodes/check/check.hpp"
#include "nodes/check/check_json.hpp"
#include "nodes/check/check_text.hpp"
#include "tests/support/catch.hpp"

#include <nlohmann/json.hpp>

#include <sstream>
#include <string>

namespace {

const std::string broken = "dagmesh: 1\nrealm: a\nservices:\n"
                           "  s: {handlers: {h: {on: x, emits: [y]}}}\n"
                           "  t: {handlers: {h: {on: \"y\", emits: [x, x]}}}\n";

std::vector<nodes::RealmReport> reports_of(const std::string& text, bool is_strict = false) {
    const auto set = mesh::read_manifest_text(text, "f");
    REQUIRE(set.errors.empty());
    nodes::CheckOptions options;
    options.is_strict = is_strict;
    return nodes::check_realms(set, options);
}

std::string text_of(const std::string& text, bool use_colour = false) {
    std::ostringstream out;
    nodes::print_check(reports_of(text), nodes::View::events, use_colour, out);
    return out.str();
}

} // namespace

TEST_CASE("the text tells a cycle as a walk with positions, and what to cut") {
    CHECK(text_of(broken) == R"(error[E001]: event cycle of 2 handlers; the shortest in a group of 2

  x
     | f:4:37   s.h   emits y
     | f:4:26         on x
     v
  y
     | f:5:39   t.h   emits x
     | f:5:26         on y
     v
  x   <- back at the start

  without this emission there is no such cycle:
     f:5:39   t.h -x- x

  why it is an error: dagmesh check --explain E001

warning[W004]: "emits" names "x" twice
  at f:5:42
  why: dagmesh check --explain W004

1 error, 1 warning   2 services, 2 events, 2 handlers, 4 edges   longest chain 2   cyclic
)");
}

TEST_CASE("colour adds escape sequences and changes nothing else") {
    auto coloured = text_of(broken, true);
    CHECK(coloured.find("\033[1;31merror[E001]\033[0m") != std::string::npos);
    for (auto at = coloured.find('\033'); at != std::string::npos; at = coloured.find('\033'))
        coloured.erase(at, coloured.find('m', at) - at + 1);
    CHECK(coloured == text_of(broken));
}

TEST_CASE("the JSON has the documented form") {
    const auto json = nodes::check_json(reports_of(broken));
    CHECK(
        json.dump() ==
        R"({"version":1,"acyclic":false,"counts":{"services":2,"events":2,"handlers":2,"edges":4,)"
        R"("errors":1,"warnings":1},"longest_chain":2,"levels":[["x"],["y"]],"findings":[)"
        R"({"code":"E001","name":"event-cycle","severity":"error","message":)"
        R"("event cycle of 2 handlers; the shortest in a group of 2","file":"f","line":4,"column":37,)"
        R"("cycle":{"events":["x","y"],"steps":[)"
        R"({"event":"x","handler":"s.h","emits":"y","file":"f","line":4,"column":37,)"
        R"("on":{"pattern":"x","file":"f","line":4,"column":26}},)"
        R"({"event":"y","handler":"t.h","emits":"x","file":"f","line":5,"column":39,)"
        R"("on":{"pattern":"y","file":"f","line":5,"column":26}}]},)"
        R"("cut":[{"handler":"t.h","emits":"x","file":"f","line":5,"column":39}]},)"
        R"({"code":"W004","name":"repeated-entry","severity":"warning","message":)"
        R"("\"emits\" names \"x\" twice","file":"f","line":5,"column":42}]})");
}

TEST_CASE("several realms are several graphs, and their sum comes first") {
    const auto text =
        broken + "---\ndagmesh: 1\nrealm: b\nservices: {s: {handlers: {h: {on: x, emits: []}}}}\n";
    const auto json = nodes::check_json(reports_of(text));
    CHECK(json["acyclic"] == false);
    CHECK(json["counts"]["services"] == 3);
    CHECK(json["counts"]["warnings"] == 2);
    CHECK(json["findings"][2]["realm"] == "b");
    REQUIRE(json["realms"].size() == 2);
    CHECK(json["realms"][1]["realm"] == "b");
    CHECK(json["realms"][1]["acyclic"] == true);
    CHECK(text_of(text).find("\nb: 0 errors, 1 warning   1 service, ") != std::string::npos);
}

TEST_CASE("warnings are errors when strict") {
    const std::string text = "dagmesh: 1\nservices: {s: {handlers: {h: {on: x, emits: []}}}}\n";
    CHECK(reports_of(text).at(0).graph.findings.at(0).severity == mesh::Severity::warning);
    CHECK(reports_of(text, true).at(0).graph.findings.at(0).severity == mesh::Severity::error);
}

TEST_CASE("input that cannot be used exits 2 and says where, whatever else is found") {
    std::ostringstream out;
    std::ostringstream err;
    CHECK(nodes::check({"/nonexistent/a.mesh.yaml"}, {}, out, err) == 2);
    CHECK(out.str().empty());
    CHECK(err.str().substr(0, 33) == "/nonexistent/a.mesh.yaml: error: ");
}
