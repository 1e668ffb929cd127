#include "nodes/check/witness_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

namespace nodes {

namespace {

std::string step_text(const mesh::WalkStep& step) {
    const auto wildcard = step.on == step.event || step.on.empty()
                              ? std::string()
                              : fmt::format(" (received through {})", step.on);
    if (!step.receiver.empty())
        return fmt::format("{} emits {}, which {} receives", step.handler, step.emits,
                           step.receiver);
    return fmt::format("{} causes {}, by {}{}", step.event, step.emits, step.handler, wildcard);
}

void add_lines(std::string& text, const std::vector<WitnessStep>& steps) {
    for (const auto& step : steps) {
        const auto where = mesh::to_string(step.place);
        text += "\n  " + step.text + (where.empty() ? "" : "  at " + where);
    }
}

} // namespace

std::vector<WitnessStep> witness_steps(const mesh::Finding& finding) {
    std::vector<WitnessStep> steps;
    for (const auto* walk : {&finding.cycle, &finding.path})
        for (const auto& step : *walk)
            steps.push_back({step_text(step), step.emits_place});
    for (const auto& noted : finding.places)
        steps.push_back({noted.note, noted.place});
    return steps;
}

std::vector<WitnessStep> cut_steps(const mesh::Finding& finding) {
    std::vector<WitnessStep> steps;
    for (const auto& edge : finding.cut)
        steps.push_back(
            {fmt::format("cut: {} no longer emits {}", edge.handler, edge.emits), edge.place});
    return steps;
}

std::string headline(const mesh::Finding& finding) {
    constexpr std::size_t shown_max = 12;
    const auto& walk = finding.cycle.empty() ? finding.path : finding.cycle;
    if (walk.empty())
        return finding.message;
    auto text = finding.message + ": ";
    for (std::size_t i = 0; i < std::min(shown_max, walk.size()); ++i)
        text += walk[i].event + " -> ";
    return text + (walk.size() > shown_max ? "... -> " : "") + walk.back().emits;
}

std::string finding_lines(const mesh::Finding& finding) {
    auto text = finding.message;
    add_lines(text, witness_steps(finding));
    add_lines(text, cut_steps(finding));
    return text;
}

} // namespace nodes
