#include "tests/prove/graph/plants.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace prove_graph {

namespace {

using mesh::Finding;
using mesh::GraphInput;
using mesh::GraphReport;
using mesh::HandlerContract;
using mesh::Pattern;

bool is_self_fed(const HandlerContract& handler, const Pattern& emits) {
    const auto meets = [&](const Pattern& on) { return mesh::intersects(on, emits); };
    return std::ranges::any_of(handler.on, meets) || std::ranges::any_of(handler.after, meets);
}

template <class Test>
void drop_emissions(GraphInput& input, Test test) {
    for (auto& declared : input.contracts)
        for (auto& handler : declared.contract.handlers)
            if (handler.emits)
                std::erase_if(*handler.emits,
                              [&](const Pattern& emits) { return test(handler, emits); });
}

/// Replaces every subscribed pattern by another one.
template <class Change>
void change_subscriptions(GraphInput& input, Change change) {
    for (auto& declared : input.contracts)
        for (auto& handler : declared.contract.handlers)
            for (auto& on : handler.on)
                on = Pattern::parse(change(on.text())).value();
}

template <class Change>
void change_findings(GraphReport& report, std::string_view code, Change change) {
    for (auto& finding : report.findings)
        if (finding.code == code)
            change(finding);
}

void drop(GraphReport& report, std::string_view code) {
    std::erase_if(report.findings, [&](const Finding& one) { return one.code == code; });
}

void add_needless_cut(Finding& finding) {
    for (const auto& step : finding.cycle) {
        const mesh::CutEdge edge{step.handler, step.emits, step.emits_place};
        if (std::ranges::find(finding.cut, edge) == finding.cut.end()) {
            finding.cut.push_back(edge);
            return;
        }
    }
}

/// Each event gets the level of the widest entry that covers it.
void take_widest_levels(GraphInput& input) {
    const auto written = input.events;
    for (auto& event : input.events) {
        auto widest = event.name;
        for (const auto& other : written)
            if (mesh::contains(other.name, widest)) {
                widest = other.name;
                event.level = other.level;
            }
    }
}

constexpr std::array<Plant, 22> all{{
    {"skip-self-loops", "a handler that emits what it listens to is no cycle",
     [](GraphInput& input) { drop_emissions(input, is_self_fed); }},
    {"prefix-matching", "order.* matches order.a.b",
     [](GraphInput& input) {
         change_subscriptions(input, [](std::string text) {
             if (text.ends_with(".*"))
                 text.back() = '>';
             return text;
         });
     }},
    {"wide-includes-short", "order.> matches order",
     [](GraphInput& input) {
         change_subscriptions(input, [](const std::string& text) {
             return text.ends_with(".>") ? text.substr(0, text.size() - 2) : text;
         });
     }},
    {"equality-only", "a subscribed wildcard meets nothing that is written otherwise",
     [](GraphInput& input) {
         change_subscriptions(input, [](std::string text) {
             std::ranges::replace(text, '*', 'q');
             std::ranges::replace(text, '>', 'q');
             return text;
         });
     }},
    {"no-pattern-pairs", "two patterns with wildcards have nothing in common",
     [](GraphInput& input) {
         drop_emissions(input, [](const HandlerContract& handler, const Pattern& emits) {
             return !emits.is_topic() && std::ranges::any_of(handler.on, [](const Pattern& on) {
                 return !on.is_topic();
             });
         });
     }},
    {"first-subscription-only", "only the first pattern of `on` counts",
     [](GraphInput& input) {
         for (auto& declared : input.contracts)
             for (auto& handler : declared.contract.handlers)
                 if (handler.on.size() > 1)
                     handler.on.erase(handler.on.begin() + 1, handler.on.end());
     }},
    {"no-assumption", "a missing `emits` is read as nothing",
     [](GraphInput& input) {
         for (auto& declared : input.contracts)
             for (auto& handler : declared.contract.handlers)
                 if (!handler.emits)
                     handler.emits.emplace();
     }},
    {"forget-loops", "allowed loops close cycles",
     [](GraphInput& input) {
         for (auto& declared : input.contracts)
             declared.contract.loops.clear();
     }},
    {"forget-timers", "what a timer remembers is no cause",
     [](GraphInput& input) {
         for (auto& declared : input.contracts)
             for (auto& handler : declared.contract.handlers)
                 handler.after.clear();
     }},
    {"needless-cut", "a cut holds one emission too many", nullptr,
     [](GraphReport& report) { change_findings(report, "E001", add_needless_cut); }},
    {"half-cut", "a cut holds one emission too few", nullptr,
     [](GraphReport& report) {
         change_findings(report, "E001", [](Finding& finding) {
             if (finding.cut.size() > 1)
                 finding.cut.pop_back();
         });
     }},
    {"torn-walk", "a cycle leaves out a step", nullptr,
     [](GraphReport& report) {
         change_findings(report, "E001", [](Finding& finding) {
             if (finding.cycle.size() > 2)
                 finding.cycle.erase(finding.cycle.begin() + 1);
         });
     }},
    {"unturned-walk", "a cycle begins anywhere", nullptr,
     [](GraphReport& report) {
         change_findings(report, "E001", [](Finding& finding) {
             std::rotate(finding.cycle.begin(), finding.cycle.begin() + 1, finding.cycle.end());
         });
     }},
    {"first-finding-only", "the first error hides the others", nullptr,
     [](GraphReport& report) {
         if (report.findings.size() > 1)
             report.findings.resize(1);
     }},
    {"blind-for-services", "cycles of services are not told", nullptr,
     [](GraphReport& report) { drop(report, "W006"); }},
    {"blind-for-undoing", "an undo may trigger what it undoes", nullptr,
     [](GraphReport& report) { drop(report, "E008"); }},
    {"blind-for-feedback", "a handler may block on a feedback edge", nullptr,
     [](GraphReport& report) { drop(report, "E009"); }},
    {"first-compensates-only", "only the first entry of `compensates` counts",
     [](GraphInput& input) {
         for (auto& declared : input.contracts)
             for (auto& handler : declared.handlers)
                 if (handler.compensates.size() > 1)
                     handler.compensates.resize(1);
     }},
    {"blind-for-order", "steps may be undone in any order", nullptr,
     [](GraphReport& report) { drop(report, "W009"); }},
    {"blind-for-weak-emits", "a handler may emit what is weaker than what it hears", nullptr,
     [](GraphReport& report) { drop(report, "W010"); }},
    {"widest-level", "the widest pattern gives the level of an event", take_widest_levels},
    {"long-reach", "the way to a forbidden event is not the shortest that there is", nullptr,
     [](GraphReport& report) {
         change_findings(report, "E003",
                         [](Finding& finding) { finding.path.push_back(finding.path.back()); });
     }},
}};

} // namespace

std::span<const Plant> plants() {
    return all;
}

} // namespace prove_graph
