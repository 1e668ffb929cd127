#include "mesh/graph/checks/compensations.hpp"

#include "mesh/graph/checks/undoing.hpp"
#include "mesh/graph/cycle_search.hpp"
#include "mesh/graph/groups.hpp"
#include "mesh/graph/walk_search.hpp"
#include "mesh/graph/witness.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

namespace mesh {

namespace {

using Index = InnerGraph::Index;

/// A cycle through undo handlers, with what each of them undoes.
Finding cycle_finding(const InnerGraph& whole, const Undoing& undoing,
                      const std::vector<Step>& steps) {
    auto walk = cycle_steps(whole, steps);
    std::vector<NotedPlace> notes;
    for (const auto& step : steps) {
        const auto handler = whole.emissions()[step.emission].handler;
        if (const auto known = undoing.find(handler); known != undoing.end())
            for (const auto& undone : known->second)
                notes.push_back(
                    {"handler " + whole.handlers()[handler].label() + " undoes " + undone.label,
                     undone.place});
    }
    sort_places(notes);
    auto finding = make_finding(compensation_cycle,
                                "an undo comes back to itself over " +
                                    counted(walk.size(), "handler") + wildcard_note(walk),
                                walk.front().emits_place);
    finding.cycle = std::move(walk);
    finding.places = std::move(notes);
    return finding;
}

void find_cycles(const InnerGraph& whole, const Undoing& undoing, std::vector<Finding>& findings) {
    for (const auto& loop : self_loops(whole))
        if (undoing.contains(whole.emissions()[loop.emission].handler))
            findings.push_back(cycle_finding(whole, undoing, {{loop.emission, loop.subscription}}));
    CycleSearch search(whole);
    for (auto group : cyclic_groups(whole)) {
        std::erase_if(group, [&](Index handler) { return !undoing.contains(handler); });
        if (group.empty())
            continue;
        if (const auto found = search.shortest(group, {}))
            findings.push_back(cycle_finding(whole, undoing, found->steps));
    }
}

/// The walk from `undo` to the handler that it undoes, and the subscription at its end.
Finding trigger_finding(const InnerGraph& whole, const Walk& walk, Index undo, Index done,
                        const Undone& undone) {
    auto steps = walk.steps;
    const auto last = steps.back();
    steps.pop_back();
    const auto& arrival = whole.subscriptions()[last.subscription];
    const auto& label = whole.handlers()[undo].label();
    const auto first = whole.subscriptions()[walk.first_subscription].pattern;
    auto finding = make_finding(
        self_compensation,
        "handler " + label + " undoes " + undone.label + " and triggers it again", undone.place);
    finding.path = path_steps(whole, whole.subscribed()[first].text(),
                              {walk.first_subscription, std::move(steps)}, last.emission);
    finding.message += wildcard_note(finding.path);
    finding.places = {{"handler " + whole.handlers()[done].label() + " listens to " +
                           whole.subscribed()[arrival.pattern].text(),
                       arrival.place}};
    return finding;
}

void find_triggers(const InnerGraph& whole, const Undoing& undoing,
                   std::vector<Finding>& findings) {
    WalkSearch search(whole);
    for (const auto& [undo, all] : undoing) {
        search.search(whole.subscriptions_of(undo));
        std::map<std::string, const Undone*> wanted;
        for (const auto& undone : all)
            wanted.emplace(undone.label, &undone);
        for (const auto handler : search.reached()) {
            if (handler == undo)
                continue; // that it comes back is a cycle
            const auto known = wanted.find(whole.handlers()[handler].label());
            if (known == wanted.end())
                continue;
            findings.push_back(
                trigger_finding(whole, search.walk_to(handler), undo, handler, *known->second));
            wanted.erase(known);
            if (wanted.empty())
                break;
        }
    }
}

} // namespace

std::vector<Finding> find_compensation_faults(const InnerGraph& whole, const GraphInput& input) {
    const auto undoing = undo_handlers(whole, input);
    std::vector<Finding> findings;
    if (undoing.empty())
        return findings;
    find_cycles(whole, undoing, findings);
    find_triggers(whole, undoing, findings);
    return findings;
}

} // namespace mesh
