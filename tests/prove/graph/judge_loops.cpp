#include "tests/prove/graph/judge.hpp"

#include <algorithm>

namespace prove_graph {

namespace {

std::vector<std::string> places_of(const std::vector<mesh::Finding>& findings) {
    std::vector<std::string> all;
    for (const auto& finding : findings)
        all.push_back(to_string(finding.place));
    return all;
}

} // namespace

std::string judge_loops(const Case& one) {
    const auto closure = one.plain.handlers_matrix(Loops::kept).closure();
    std::vector<std::string> idle;
    std::vector<std::string> expired;
    std::vector<std::string> blocking;
    for (const auto& declared : one.input.contracts) {
        for (std::size_t i = 0; i < declared.contract.loops.size(); ++i) {
            const auto& loop = declared.contract.loops[i];
            const auto from = one.plain.find(declared.contract.service + "." + loop.handler);
            const auto topics = topics_of(loop.emits.text());
            bool is_used = false;
            for (std::size_t to = 0; to < one.plain.handlers.size(); ++to) {
                const auto& handler = one.plain.handlers[to];
                if (!triggers({loop.emits.text(), topics}, handler) ||
                    (to != from && !closure.has(to, from)))
                    continue;
                is_used = true;
                const auto place = "f:" + std::to_string(handler.line) + ":1";
                if (handler.is_blocking && std::ranges::find(blocking, place) == blocking.end())
                    blocking.push_back(place);
            }
            const auto place = to_string(declared.places.loops[i]);
            if (!is_used)
                idle.push_back(place);
            if (declared.loops_until[i] && *declared.loops_until[i] < judged_day)
                expired.push_back(place);
        }
    }
    std::string fault;
    expect_equal(fault, "loops on no cycle", idle, places_of(one.of("E005")));
    expect_equal(fault, "loops past their day", expired, places_of(one.of("E006")));
    expect_equal(fault, "blocking handlers that are fed back", blocking, places_of(one.of("E009")));
    return fault;
}

} // namespace prove_graph
