#include "nodes/check/comparison.hpp"

#include "nodes/graph/answer_text.hpp"
#include "nodes/text/output_file.hpp"

#include <algorithm>
#include <filesystem>
#include <ostream>
#include <tuple>
#include <utility>

namespace nodes {

namespace {

void add_breaks(const std::vector<RealmDiff>& diffs, std::vector<RealmReport>& reports) {
    for (const auto& diff : diffs) {
        const auto report = std::ranges::find(reports, diff.realm, &RealmReport::realm);
        if (report == reports.end())
            continue; // a realm that is gone has no handlers to break
        auto& findings = report->graph.findings;
        const auto& breaks = diff.graph.breaks;
        for (const auto& one : breaks.listed)
            findings.push_back(
                mesh::make_finding(mesh::breaking_change, mesh::to_text(one), one.place));
        if (breaks.count > breaks.listed.size())
            findings.push_back(mesh::make_finding(
                mesh::breaking_change,
                "and " + std::to_string(breaks.count - breaks.listed.size()) + " more such changes",
                breaks.listed.back().place));
    }
}

void sort_findings(std::vector<RealmReport>& reports) {
    for (auto& report : reports)
        std::ranges::stable_sort(report.graph.findings, {}, [](const mesh::Finding& finding) {
            return std::tie(finding.severity, finding.code, finding.place, finding.message);
        });
}

int compare_with_version(const mesh::ManifestSet& set, const CheckOptions& options,
                         std::vector<RealmReport>& reports, Comparison& comparison,
                         std::ostream& err) {
    const auto old_set = mesh::read_manifests({*options.against});
    if (!old_set.errors.empty()) {
        print_errors(old_set.errors, err);
        return 2;
    }
    comparison.against = *options.against;
    comparison.diffs = diff_realms(old_set, set);
    add_breaks(*comparison.diffs, reports);
    return 0;
}

int write_baseline(const mesh::ManifestSet& set, const CheckOptions& options,
                   std::vector<RealmReport>& reports, Comparison& comparison, std::ostream& err) {
    const auto& file = *options.write_baseline;
    const auto found = known_findings(set, reports);
    mesh::Baseline before;
    if (std::filesystem::exists(file))
        before = mesh::read_baseline(file);
    if (const auto written = write_file(file, mesh::baseline_text(found)); !written) {
        err << "dagmesh: " << file << ": " << written.error().detail << '\n';
        return 5;
    }
    std::vector<mesh::KnownFinding> old_findings;
    for (auto& entry : before.entries)
        old_findings.push_back(std::move(entry.finding));
    comparison.is_written = true;
    comparison.written_count = found.size();
    comparison.baseline = BaselineMatch{file, 0, count_missing(found, old_findings),
                                        count_missing(old_findings, found)};
    comparison.baseline->known_count = found.size() - comparison.baseline->new_count;
    for (auto& report : reports)
        std::erase_if(report.graph.findings, [](const mesh::Finding& finding) {
            return belongs_in_baseline(finding.code);
        });
    return 0;
}

} // namespace

int compare(const mesh::ManifestSet& set, const CheckOptions& options,
            std::vector<RealmReport>& reports, Comparison& comparison, std::ostream& err) {
    if (options.against)
        if (const int code = compare_with_version(set, options, reports, comparison, err))
            return code;
    sort_findings(reports);
    if (options.write_baseline)
        return write_baseline(set, options, reports, comparison, err);
    if (!options.baseline)
        return 0;
    const auto baseline = mesh::read_baseline(*options.baseline);
    if (!baseline.errors.empty()) {
        print_errors(baseline.errors, err);
        return 2;
    }
    comparison.baseline = match_baseline(baseline, *options.baseline, set, reports);
    sort_findings(reports);
    return 0;
}

void print_comparison(const Comparison& comparison, std::ostream& out) {
    if (comparison.diffs) {
        out << "\nagainst " << comparison.against << ":\n";
        print_diff(*comparison.diffs, out);
    }
    if (!comparison.baseline)
        return;
    const auto& match = *comparison.baseline;
    if (comparison.is_written)
        out << "wrote " << counted(comparison.written_count, "finding") << " to " << match.file
            << '\n';
    out << "baseline: " << match.known_count << " known, " << match.new_count << " new, "
        << match.gone_count << " gone\n";
}

void add_comparison(const Comparison& comparison, Json& into) {
    if (comparison.diffs) {
        Json against{{"name", comparison.against}, {"realms", Json::array()}};
        for (const auto& diff : *comparison.diffs)
            against["realms"].push_back(diff_json(diff));
        into["against"] = std::move(against);
    }
    if (comparison.baseline)
        into["baseline"] = {{"file", comparison.baseline->file},
                            {"known", comparison.baseline->known_count},
                            {"new", comparison.baseline->new_count},
                            {"gone", comparison.baseline->gone_count},
                            {"written", comparison.is_written}};
}

} // namespace nodes
