#include "tests/prove/graph/judge.hpp"

#include <set>

namespace prove_graph {

namespace {

Members undo_handlers(const PlainGraph& graph) {
    Members all = 0;
    for (std::size_t h = 0; h < graph.handlers.size(); ++h)
        if (!graph.handlers[h].compensates.empty())
            all |= Members{1} << h;
    return all;
}

void expect_cycles(const Case& one, const Matrix& matrix, std::string& fault) {
    const auto undo = undo_handlers(one.plain);
    // By the steps of each: self-loops count by emission, groups once.
    std::vector<std::string> expected;
    for (std::size_t h = 0; h < one.plain.handlers.size(); ++h)
        for (const auto& emits : one.plain.handlers[h].emits)
            if ((undo >> h & 1U) != 0 && triggers(emits, one.plain.handlers[h]))
                expected.emplace_back("1");
    for (const auto group : groups_of(matrix.closure()))
        if ((group & undo) != 0)
            expected.push_back(std::to_string(shortest_cycle(matrix, group, undo)));
    std::vector<std::string> found;
    for (const auto& finding : one.of("E007")) {
        if (finding.cycle.empty() || finding.places.empty())
            fault = "an undo that comes back without a witness";
        if (fault.empty())
            fault = walk_fault(one.plain, finding.cycle, Loops::kept, true);
        found.push_back(std::to_string(finding.cycle.size()));
    }
    expect_equal(fault, "steps of cycles of undo handlers", expected, found);
}

void expect_triggers(const Case& one, const Matrix& matrix, std::string& fault) {
    std::set<std::string> expected;
    for (std::size_t undo = 0; undo < one.plain.handlers.size(); ++undo)
        for (const auto& label : one.plain.handlers[undo].compensates) {
            const auto done = one.plain.find(label);
            const auto& undoing = one.plain.handlers[undo];
            // A timer that remembers nothing is triggered by nobody.
            if (done == undo || undoing.on.empty() || matrix.distance(undo, done) == 0)
                continue;
            expected.insert(undoing.label + " " + label + " " +
                            std::to_string(matrix.distance(undo, done)));
        }
    std::vector<std::string> found;
    for (const auto& finding : one.of("E008")) {
        if (finding.path.empty() || finding.places.size() != 1)
            fault = "an undo that triggers what it undoes without a witness";
        if (fault.empty())
            fault = walk_fault(one.plain, finding.path, Loops::kept, false);
        if (!fault.empty())
            return;
        const auto& note = finding.places.front().note; // handler DONE listens to PATTERN
        found.push_back(finding.path.front().handler + " " +
                        note.substr(8, note.find(" listens") - 8) + " " +
                        std::to_string(finding.path.size()));
    }
    expect_equal(fault, "undo handlers that trigger what they undo",
                 {expected.begin(), expected.end()}, found);
}

} // namespace

std::string judge_compensations(const Case& one) {
    std::string fault;
    const auto matrix = one.plain.handlers_matrix(Loops::kept);
    expect_cycles(one, matrix, fault);
    expect_triggers(one, matrix, fault);
    return fault;
}

} // namespace prove_graph
