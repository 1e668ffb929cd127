#include "nodes/check/baseline_match.hpp"

#include "mesh/graph/finding_identity.hpp"
#include "nodes/check/graph_input.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

namespace nodes {

namespace {

using mesh::KnownFinding;

/// The findings of one report, in its order. The reports are those of the set's realms.
std::vector<KnownFinding> known_findings_of(const mesh::RealmManifest& realm,
                                            const RealmReport& report) {
    const auto input = graph_input(realm);
    mesh::FindingIdentity identity(input);
    std::vector<KnownFinding> known;
    for (const auto& finding : report.graph.findings)
        known.push_back({finding.code, report.realm, identity.of(finding)});
    return known;
}

mesh::Finding unmatched(const mesh::Baseline::Entry& entry) {
    const auto& known = entry.finding;
    return mesh::make_finding(mesh::unmatched_baseline,
                              "the baseline knows the finding " + known.code +
                                  " that is not there any more: " + known.what.front() +
                                  (known.what.size() > 1 ? ", ..." : "") + "; take the entry out",
                              entry.place);
}

/// The report of a realm; a realm that is gone is told of in the first one.
RealmReport& report_of(const std::string& realm, std::vector<RealmReport>& reports) {
    if (reports.empty())
        reports.push_back({realm, {}});
    const auto found = std::ranges::find(reports, realm, &RealmReport::realm);
    return found == reports.end() ? reports.front() : *found;
}

} // namespace

std::vector<KnownFinding> known_findings(const mesh::ManifestSet& set,
                                         const std::vector<RealmReport>& reports) {
    std::vector<KnownFinding> all;
    for (std::size_t i = 0; i < reports.size(); ++i)
        std::ranges::move(known_findings_of(set.realms[i], reports[i]), std::back_inserter(all));
    std::erase_if(all, [](const KnownFinding& one) { return !belongs_in_baseline(one.code); });
    std::ranges::sort(all);
    return all;
}

bool belongs_in_baseline(std::string_view code) {
    return code != mesh::breaking_change.code;
}

BaselineMatch match_baseline(const mesh::Baseline& baseline, const std::string& file,
                             const mesh::ManifestSet& set, std::vector<RealmReport>& reports) {
    BaselineMatch match{file};
    // Equal entries stand for as many equal findings, the first entry for the first one.
    std::multimap<KnownFinding, const mesh::Baseline::Entry*> open;
    for (const auto& entry : baseline.entries)
        open.emplace(entry.finding, &entry);
    for (std::size_t i = 0; i < reports.size(); ++i) {
        const auto found = known_findings_of(set.realms[i], reports[i]);
        auto& findings = reports[i].graph.findings;
        std::vector<mesh::Finding> fresh;
        for (std::size_t f = 0; f < found.size(); ++f) {
            const auto known = open.lower_bound(found[f]);
            if (known == open.end() || known->first != found[f]) {
                fresh.push_back(std::move(findings[f]));
                continue;
            }
            open.erase(known);
            ++match.known_count;
        }
        match.new_count += fresh.size();
        findings = std::move(fresh);
    }
    match.gone_count = open.size();
    for (const auto& entry : baseline.entries) {
        const auto is_it = [&](const auto& one) { return one.second == &entry; };
        const auto [first, last] = open.equal_range(entry.finding);
        if (std::any_of(first, last, is_it))
            report_of(entry.finding.realm, reports).graph.findings.push_back(unmatched(entry));
    }
    return match;
}

std::size_t count_missing(std::vector<KnownFinding> from, std::vector<KnownFinding> other) {
    std::ranges::sort(from);
    std::ranges::sort(other);
    std::vector<KnownFinding> missing;
    std::ranges::set_difference(from, other, std::back_inserter(missing));
    return missing.size();
}

} // namespace nodes
