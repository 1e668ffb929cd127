#include "tests/prove/graph/judge.hpp"

#include <set>

namespace prove_graph {

namespace {

void expect_self_loops(const Case& one, std::string& fault) {
    std::vector<std::string> expected;
    for (const auto& handler : one.plain.handlers)
        for (const auto& emits : handler.emits)
            if (!emits.is_allowed && triggers(emits, handler))
                expected.push_back(handler.label + " " + emits.text);
    std::vector<std::string> found;
    for (const auto& finding : one.of("E002")) {
        expect_equal(fault, "steps of a self-loop", 1, finding.cycle.size());
        if (fault.empty())
            fault = walk_fault(one.plain, finding.cycle, Loops::left_out, true);
        if (fault.empty())
            found.push_back(finding.cycle.front().handler + " " + finding.cycle.front().emits);
    }
    expect_equal(fault, "self-loops", expected, found);
}

void expect_cycles(const Case& one, std::string& fault) {
    const auto matrix = one.plain.handlers_matrix(Loops::left_out);
    const auto groups = groups_of(matrix.closure());
    const auto findings = one.of("E001");
    expect_equal(fault, "groups with a cycle", groups.size(), findings.size());
    std::set<Members> told;
    for (const auto& finding : findings) {
        if (fault.empty() && finding.cycle.empty())
            fault = "a cycle without a witness";
        if (fault.empty())
            fault = walk_fault(one.plain, finding.cycle, Loops::left_out, true);
        if (!fault.empty())
            return;
        const auto start = one.plain.find(finding.cycle.front().handler);
        for (const auto group : groups)
            if ((group >> start & 1U) != 0) {
                told.insert(group);
                expect_equal(fault, "steps of the shortest cycle",
                             shortest_cycle(matrix, group, group), finding.cycle.size());
            }
    }
    expect_equal(fault, "groups that are told", groups.size(), told.size());
}

} // namespace

std::string judge_cycles(const Case& one) {
    std::string fault;
    const bool is_cyclic = is_cyclic_over_handlers(one.plain);
    expect_equal(fault, "cyclic over events, as over handlers", is_cyclic ? 1 : 0,
                 is_cyclic_over_events(one.plain) ? 1 : 0);
    expect_equal(fault, "cyclic over the flow, as over handlers", is_cyclic ? 1 : 0,
                 is_cyclic_over_flow(one.plain) ? 1 : 0);
    expect_equal(fault, "cyclic", is_cyclic ? 1 : 0, one.report.is_acyclic ? 0 : 1);
    expect_self_loops(one, fault);
    expect_cycles(one, fault);
    return fault;
}

} // namespace prove_graph
