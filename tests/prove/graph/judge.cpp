#include "tests/prove/graph/judge.hpp"

#include <algorithm>
#include <set>

namespace prove_graph {

namespace {

bool has(const std::vector<PlainPattern>& list, const std::string& text, Loops loops) {
    return std::ranges::any_of(list, [&](const PlainPattern& one) {
        return one.text == text && (loops == Loops::kept || !one.is_allowed);
    });
}

std::string listed(const std::vector<std::string>& all) {
    std::string text = "[";
    for (const auto& one : all)
        text += (text.size() > 1 ? ", " : "") + one;
    return text + "]";
}

} // namespace

std::vector<mesh::Finding> Case::of(const std::string& code) const {
    std::vector<mesh::Finding> some;
    std::ranges::copy_if(report.findings, std::back_inserter(some),
                         [&](const mesh::Finding& finding) { return finding.code == code; });
    return some;
}

void expect_equal(std::string& fault, const std::string& what, std::size_t expected,
                  std::size_t found) {
    if (fault.empty() && expected != found)
        fault =
            what + ": expected " + std::to_string(expected) + ", found " + std::to_string(found);
}

void expect_equal(std::string& fault, const std::string& what,
                  const std::vector<std::string>& expected, const std::vector<std::string>& found) {
    auto wanted = expected;
    auto given = found;
    std::ranges::sort(wanted);
    std::ranges::sort(given);
    if (fault.empty() && wanted != given)
        fault = what + ": expected " + listed(wanted) + ", found " + listed(given);
}

std::string walk_fault(const PlainGraph& graph, const std::vector<mesh::WalkStep>& walk,
                       Loops loops, bool is_cycle) {
    std::set<std::string> seen;
    for (std::size_t i = 0; i < walk.size(); ++i) {
        const auto& step = walk[i];
        const auto number = graph.find(step.handler);
        if (number == graph.handlers.size())
            return "a walk goes through " + step.handler + ", which is no handler";
        const auto& handler = graph.handlers[number];
        if (!seen.insert(step.handler).second)
            return "a walk goes through " + step.handler + " twice";
        if (!has(handler.on, step.on, Loops::kept))
            return step.handler + " does not listen to " + step.on;
        if (!has(handler.emits, step.emits, loops))
            return step.handler + " may not emit " + step.emits;
        if ((topics_of(step.event) & topics_of(step.on)) == 0)
            return step.event + " does not reach " + step.on;
        const bool is_last = i + 1 == walk.size();
        if ((!is_last || is_cycle) && walk[(i + 1) % walk.size()].event != step.emits)
            return "a step emits " + step.emits + ", and the next begins with another event";
        if (is_cycle && step.event < walk.front().event)
            return "a cycle does not begin with its smallest event";
        if (step.emits_place.line == 0 || step.on_place.line == 0)
            return "a step has no place";
    }
    return {};
}

std::string text_of(const mesh::GraphReport& report) {
    std::string text =
        std::to_string(report.is_acyclic) + " " + std::to_string(report.longest_chain) + " " +
        std::to_string(report.counts.services) + " " + std::to_string(report.counts.events) + " " +
        std::to_string(report.counts.handlers) + " " + std::to_string(report.counts.edges) + "\n";
    for (const auto& row : report.levels) {
        for (const auto& name : row)
            text += name + " ";
        text += "\n";
    }
    for (const auto& finding : report.findings) {
        text += finding.code + " " + finding.message + " " + to_string(finding.place) +
                std::to_string(finding.is_cut_smallest) + "\n";
        for (const auto* walk : {&finding.cycle, &finding.path})
            for (const auto& step : *walk)
                text += "  " + step.event + " " + step.handler + " " + step.on + " " +
                        to_string(step.on_place) + " " + step.emits + " " +
                        to_string(step.emits_place) + " " + step.receiver + "\n";
        for (const auto& noted : finding.places)
            text += "  " + noted.note + " " + to_string(noted.place) + "\n";
        for (const auto& edge : finding.cut)
            text += "  x " + edge.handler + " " + edge.emits + " " + to_string(edge.place) + "\n";
    }
    return text;
}

} // namespace prove_graph
