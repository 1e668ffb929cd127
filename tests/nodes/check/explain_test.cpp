#include "mesh/graph/finding.hpp"
#include "nodes/check/check.hpp"
#include "nodes/check/explain.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

namespace {

std::string findings_document() {
    std::ifstream file("docs/findings.md"); // tests run in the folder of the sources
    REQUIRE(file.is_open());
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

} // namespace

TEST_CASE("every kind of finding is explained, in order of code, and nothing else is") {
    CHECK(std::ranges::equal(mesh::finding_kinds(), nodes::explanations(), {},
                             &mesh::FindingKind::code, &nodes::Explanation::code));
    CHECK(std::ranges::is_sorted(mesh::finding_kinds(), {}, &mesh::FindingKind::code));
    for (const auto& kind : mesh::finding_kinds())
        CHECK((kind.code.front() == 'E') == (kind.severity == mesh::Severity::error));
}

TEST_CASE("the example of every explanation shows just what it explains") {
    for (const auto& explanation : nodes::explanations()) {
        if (!explanation.is_manifest)
            continue;
        CAPTURE(explanation.code);
        const auto set = mesh::read_manifest_text(explanation.example, "f");
        REQUIRE(set.errors.empty());
        nodes::CheckOptions options;
        options.today = mesh::parse_date("2026-01-01");
        const auto reports = nodes::check_realms(set, options);
        REQUIRE(reports.size() == 1);
        const auto& findings = reports.front().graph.findings;
        CHECK(std::ranges::count(findings, explanation.code, &mesh::Finding::code) > 0);
        for (const auto& finding : findings) {
            INFO("also " << finding.code << ": " << finding.message);
            // An undo that comes back to itself is an event cycle too.
            const bool is_implied = explanation.code == "E007" && finding.code == "E001";
            CHECK((finding.code == explanation.code || is_implied ||
                   finding.severity == mesh::Severity::warning));
        }
    }
}

TEST_CASE("docs/findings.md says what --explain says, word by word") {
    const auto document = findings_document();
    std::string expected;
    for (const auto& explanation : nodes::explanations())
        expected += "\n## " + nodes::explanation_text(explanation);
    const auto start = document.find("\n## ");
    REQUIRE(start != std::string::npos);
    CHECK(document.substr(start) == expected);
}

TEST_CASE("a finding is explained by code or by name, and a near miss is suggested") {
    const auto text = nodes::explain("E001").value();
    CHECK(text.substr(0, text.find('\n')) == "E001 event-cycle (error)");
    CHECK(nodes::explain("e001").value() == text);
    CHECK(nodes::explain("event-cycle").value() == text);
    CHECK(nodes::explain("event-cycel").error().detail.find("did you mean \"event-cycle\"?") !=
          std::string::npos);
    CHECK(nodes::explain("E999").error().detail.find("there are E001 E002 ") != std::string::npos);
    CHECK_FALSE(nodes::explain("").has_value());
}
