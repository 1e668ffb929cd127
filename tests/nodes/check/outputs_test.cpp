#include "nodes/check/check_github.hpp"
#include "nodes/check/check_junit.hpp"
#include "nodes/check/check_sarif.hpp"
#include "nodes/check/write_outputs.hpp"
#include "tests/support/catch.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>
#include <sstream>

namespace {

using Json = nlohmann::ordered_json;

const std::string broken = "dagmesh: 1\nrealm: a\nservices:\n"
                           "  s: {handlers: {h: {on: x, emits: [y]}}}\n"
                           "  t: {handlers: {h: {on: \"y\", emits: [x, x]}}}\n";

std::vector<nodes::RealmReport> reports_of(const std::string& file) {
    return nodes::check_realms(mesh::read_manifest_text(broken, file), {});
}

Json sarif_of(const std::string& file) {
    return nodes::check_sarif(reports_of(file), "/home/me/project");
}

Json location_of(const std::string& file) {
    return sarif_of(file)["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
}

std::string problem_of(const std::vector<std::string>& texts) {
    const auto outputs = nodes::parse_outputs(texts);
    return outputs ? "" : outputs.error().detail;
}

} // namespace

TEST_CASE("SARIF holds one result a finding, with its rule, its place and its walk") {
    const auto run = sarif_of("f")["runs"][0];
    const auto& rules = run["tool"]["driver"]["rules"];
    REQUIRE(run["results"].size() == 2);
    for (const auto& result : run["results"])
        CHECK(rules[result["ruleIndex"].get<std::size_t>()]["id"] == result["ruleId"]);
    const auto& cycle = run["results"][0];
    CHECK(cycle["level"] == "error");
    CHECK(cycle["message"]["text"] ==
          "event cycle of 2 handlers; the shortest in a group of 2: x -> y -> x");
    CHECK(cycle["locations"][0]["physicalLocation"]["region"]["startLine"] == 4);
    const auto& steps = cycle["codeFlows"][0]["threadFlows"][0]["locations"];
    REQUIRE(steps.size() == 2);
    CHECK(steps[0]["location"]["message"]["text"] == "x causes y, by s.h");
    CHECK(steps[1]["location"]["physicalLocation"]["region"]["startColumn"] == 39);
    CHECK(cycle["relatedLocations"][0]["message"]["text"] == "cut: t.h no longer emits x");
    CHECK(run["results"][1]["level"] == "warning");
    CHECK(!run["results"][1].contains("codeFlows"));
}

TEST_CASE("every kind of finding has a rule with words of its own") {
    const Json rules = sarif_of("f")["runs"][0]["tool"]["driver"]["rules"];
    REQUIRE(rules.size() == mesh::finding_kinds().size());
    std::set<std::string> texts;
    for (const auto& rule : rules)
        texts.insert(rule["help"]["text"].get<std::string>());
    CHECK(texts.size() == rules.size());
}

TEST_CASE("a place in SARIF is a reference relative to the folder, whatever was given") {
    CHECK(location_of("./a b/f.yaml")["artifactLocation"]["uri"] == "a%20b/f.yaml");
    CHECK(location_of("/home/me/project/x/f.yaml")["artifactLocation"]["uri"] == "x/f.yaml");
    CHECK(location_of("/home/me/f.yaml")["artifactLocation"]["uri"] == "../f.yaml");
    CHECK(location_of("\xFF.yaml")["artifactLocation"]["uri"] == "%FF.yaml");
}

TEST_CASE("a finding keeps its fingerprint when lines move, and shares it with no other") {
    const auto print_of = [](const Json& sarif, std::size_t i) {
        return sarif["runs"][0]["results"][i]["partialFingerprints"]["dagmeshFinding/v1"];
    };
    const auto moved = nodes::check_sarif(
        nodes::check_realms(mesh::read_manifest_text("# moved\n" + broken, "g"), {}), "/");
    CHECK(print_of(moved, 0) == print_of(sarif_of("f"), 0));
    CHECK(print_of(moved, 0) != print_of(moved, 1));
}

TEST_CASE("JUnit fails one test an error and passes one a kind that did not occur") {
    const auto xml = nodes::check_junit(reports_of("a<\x01&.yaml"));
    const auto count = std::to_string(mesh::finding_kinds().size());
    CHECK(xml.find("<testsuite name=\"dagmesh check a\" tests=\"" + count + "\" failures=\"1\"") !=
          std::string::npos);
    CHECK(xml.find("<failure type=\"E001\"") != std::string::npos);
    CHECK(xml.find("file=\"a&lt;\xE2\x90\x81&amp;.yaml\"") != std::string::npos);
    CHECK(xml.find("name=\"E002 self-loop\" time=\"0\"/>") != std::string::npos);
}

TEST_CASE("annotations keep a path with signs of the command apart") {
    const auto text = nodes::check_github(reports_of("a,b:c%.yaml"));
    CHECK(text.substr(0, text.find("::event")) ==
          "::error file=a%2Cb%3Ac%25.yaml,line=4,col=37,title=E001 event-cycle");
    CHECK(
        text.find("\n::warning file=a%2Cb%3Ac%25.yaml,line=5,col=42,title=W004 repeated-entry::") !=
        std::string::npos);
    CHECK(std::ranges::count(text, '\n') == 2);
}

TEST_CASE("what to write is FORMAT=FILE, and a mistake gets a suggestion") {
    const auto outputs = nodes::parse_outputs({"html=a=b.html", "json=-"});
    REQUIRE(outputs);
    CHECK(outputs->at(0).form == nodes::Form::html);
    CHECK(outputs->at(0).file == "a=b.html");
    CHECK(outputs->at(1).file == "-");
    CHECK(problem_of({"sariff=x"}) ==
          "--output: expected one of text, json, sarif, junit, github, dot, mermaid, svg, html, "
          "got \"sariff\"; did you mean \"sarif\"?");
    CHECK(problem_of({"html"}) ==
          "--output: expected FORMAT=FILE, got \"html\"; FILE `-` is stdout");
    CHECK(problem_of({"html="}) != "");
    CHECK(problem_of({"html=x", "svg=x"}) == "--output: two outputs go to x");
    CHECK(problem_of({"json=-", "sarif=-"}) == "--output: two outputs go to stdout");
}

TEST_CASE("one output that cannot be written does not keep the others from it") {
    const auto reports = reports_of("f");
    std::ostringstream out;
    std::ostringstream err;
    CHECK(!nodes::write_outputs({{nodes::Form::junit, "/nonexistent/x"}, {nodes::Form::json, "-"}},
                                {reports, {}}, out, err));
    CHECK(err.str() ==
          "check: --output junit=/nonexistent/x: cannot write: No such file or directory\n");
    CHECK(Json::parse(out.str())["version"] == 1);
}
