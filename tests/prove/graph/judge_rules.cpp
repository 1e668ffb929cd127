#include "tests/prove/graph/judge.hpp"

#include <algorithm>
#include <bit>
#include <map>

namespace prove_graph {

namespace {

/// Steps to every handler from what arrives of some topics; the first counts one, 0: never.
std::vector<std::size_t> depths_from(const PlainGraph& graph, Topics topics) {
    const auto matrix = graph.handlers_matrix(Loops::kept);
    std::vector<std::size_t> depth(graph.handlers.size());
    for (std::size_t start = 0; start < depth.size(); ++start) {
        if (!triggers({"", topics}, graph.handlers[start]))
            continue;
        depth[start] = 1;
        for (std::size_t to = 0; to < depth.size(); ++to)
            if (const auto steps = matrix.distance(start, to);
                to != start && steps != 0 && (depth[to] == 0 || steps + 1 < depth[to]))
                depth[to] = steps + 1;
    }
    return depth;
}

/// Of every forbidden pattern that is reached, how many handlers the shortest walk to it has.
std::map<std::string, std::size_t> reached(const PlainGraph& graph, const mesh::ReachRule& rule) {
    const auto depth = depths_from(graph, topics_of(rule.from.text()));
    const auto forbidden = topics_of(rule.must_not_reach.text());
    std::map<std::string, std::size_t> all;
    for (std::size_t h = 0; h < graph.handlers.size(); ++h)
        for (const auto& emits : graph.handlers[h].emits) {
            if (depth[h] == 0 || (emits.topics & forbidden) == 0)
                continue;
            const auto [known, is_new] = all.emplace(emits.text, depth[h]);
            if (!is_new)
                known->second = std::min(known->second, depth[h]);
        }
    return all;
}

void expect_reach(const Case& one, std::string& fault) {
    std::vector<std::string> expected;
    for (const auto& rule : one.input.reach_rules)
        for (const auto& [pattern, steps] : reached(one.plain, rule))
            expected.push_back(to_string(rule.place) + " " + pattern + " " + std::to_string(steps));
    std::vector<std::string> found;
    for (const auto& finding : one.of("E003")) {
        if (finding.path.empty())
            fault = "a broken rule without a walk";
        if (fault.empty())
            fault = walk_fault(one.plain, finding.path, Loops::kept, false);
        if (!fault.empty())
            return;
        found.push_back(to_string(finding.place) + " " + finding.path.back().emits + " " +
                        std::to_string(finding.path.size()));
        for (const auto& rule : one.input.reach_rules)
            if (rule.place == finding.place &&
                (topics_of(rule.from.text()) & topics_of(finding.path.front().event)) == 0)
                fault = "the walk begins with " + finding.path.front().event +
                        ", which is not of " + rule.from.text();
    }
    expect_equal(fault, "forbidden events that are reached", expected, found);
}

/// Of all topics that match, the most handlers that one goes to.
std::size_t widest(const PlainGraph& graph, Topics topics) {
    std::size_t most = 0;
    for (std::size_t topic = 0; topic < topic_count; ++topic) {
        if ((topics >> topic & 1U) == 0)
            continue;
        const auto count = std::ranges::count_if(graph.handlers, [&](const PlainHandler& handler) {
            return triggers({"", Topics{1} << topic}, handler);
        });
        most = std::max(most, static_cast<std::size_t>(count));
    }
    return most;
}

void expect_fan_out(const Case& one, std::string& fault) {
    std::vector<std::string> expected;
    for (const auto& rule : one.input.fan_out_rules)
        if (const auto count = widest(one.plain, topics_of(rule.event.text()));
            count > rule.max_fan_out)
            expected.push_back(to_string(rule.place) + " goes to " + std::to_string(count) +
                               " handler");
    std::vector<std::string> found;
    for (const auto& finding : one.of("E004")) {
        const auto start = finding.message.find(" goes to ");
        const auto end = finding.message.find(" handler");
        found.push_back(to_string(finding.place) + finding.message.substr(start, end + 8 - start));
    }
    expect_equal(fault, "events with too many handlers", expected, found);
}

} // namespace

std::string judge_rules(const Case& one) {
    std::string fault;
    expect_reach(one, fault);
    expect_fan_out(one, fault);
    return fault;
}

} // namespace prove_graph
