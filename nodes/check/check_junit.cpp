#include "nodes/check/check_junit.hpp"

#include "nodes/check/witness_text.hpp"
#include "nodes/text/escape.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nodes {

namespace {

struct Suite {
    std::string cases;
    std::size_t tests = 0;
    std::size_t failures = 0;
};

/// Without the line, which moves with every edit: a server follows a test by its name.
std::string case_name(const mesh::Finding& finding) {
    return finding.code + " " + finding.name + ": " + headline(finding);
}

void add_finding(const mesh::Finding& finding, Suite& suite) {
    ++suite.tests;
    suite.cases += fmt::format("    <testcase classname=\"dagmesh.{}\" name=\"{}\" time=\"0\"",
                               escape_xml(finding.name), escape_xml(case_name(finding)));
    if (!finding.place.file.empty())
        suite.cases += fmt::format(" file=\"{}\"", escape_xml(finding.place.file));
    if (finding.place.line > 0)
        suite.cases += fmt::format(" line=\"{}\"", finding.place.line);
    const auto where = mesh::to_string(finding.place);
    const auto text = escape_xml((where.empty() ? "" : where + ": ") + finding_lines(finding));
    if (finding.severity == mesh::Severity::error) {
        ++suite.failures;
        suite.cases += fmt::format(">\n      <failure type=\"{}\" message=\"{}\">{}</failure>\n",
                                   escape_xml(finding.code), escape_xml(finding.message), text);
    } else {
        suite.cases += fmt::format(">\n      <system-out>{}</system-out>\n", text);
    }
    suite.cases += "    </testcase>\n";
}

void add_passed(const mesh::FindingKind& kind, Suite& suite) {
    ++suite.tests;
    suite.cases += fmt::format("    <testcase classname=\"dagmesh.{0}\" name=\"{1} {0}\" "
                               "time=\"0\"/>\n",
                               kind.name, kind.code);
}

Suite make_suite(const RealmReport& report) {
    Suite suite;
    const auto& findings = report.graph.findings;
    for (const auto& kind : mesh::finding_kinds())
        if (std::ranges::find(findings, kind.code, &mesh::Finding::code) == findings.end())
            add_passed(kind, suite);
    for (const auto& finding : findings)
        add_finding(finding, suite);
    return suite;
}

} // namespace

std::string check_junit(const std::vector<RealmReport>& reports) {
    std::string suites;
    std::size_t tests = 0;
    std::size_t failures = 0;
    for (const auto& report : reports) {
        const auto suite = make_suite(report);
        tests += suite.tests;
        failures += suite.failures;
        suites += fmt::format("  <testsuite name=\"dagmesh check{}{}\" tests=\"{}\" "
                              "failures=\"{}\" errors=\"0\" skipped=\"0\" time=\"0\">\n{}"
                              "  </testsuite>\n",
                              report.realm.empty() ? "" : " ", escape_xml(report.realm),
                              suite.tests, suite.failures, suite.cases);
    }
    return fmt::format("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                       "<testsuites name=\"dagmesh check\" tests=\"{}\" failures=\"{}\" "
                       "errors=\"0\" time=\"0\">\n{}</testsuites>\n",
                       tests, failures, suites);
}

} // namespace nodes
