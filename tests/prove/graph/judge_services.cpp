#include "tests/prove/graph/judge.hpp"

#include <algorithm>
#include <bit>

namespace prove_graph {

namespace {

std::string service_in(const std::string& label) {
    return label.substr(0, label.find('.'));
}

/// Whether an event cycle, told by E001, goes through two services of the group.
bool is_explained(const PlainGraph& graph, Members group) {
    for (const auto handlers : groups_of(graph.handlers_matrix(Loops::left_out).closure())) {
        Members services = 0;
        for (std::size_t h = 0; h < graph.handlers.size(); ++h)
            if ((handlers >> h & 1U) != 0)
                services |= Members{1} << graph.handlers[h].service;
        if (std::popcount(services & group) > 1)
            return true;
    }
    return false;
}

/// Whether service `from` emits or publishes the pattern by `emitter`.
bool sends(const PlainGraph& graph, const std::string& emitter, const std::string& text) {
    for (const auto& [service, pattern] : graph.published)
        if (graph.services[service] == emitter && pattern.text == text && !pattern.is_allowed)
            return true;
    const auto number = graph.find(emitter);
    return number < graph.handlers.size() &&
           std::ranges::any_of(graph.handlers[number].emits, [&](const PlainPattern& one) {
               return one.text == text && !one.is_allowed;
           });
}

std::string service_walk_fault(const PlainGraph& graph, const std::vector<mesh::WalkStep>& walk) {
    for (std::size_t i = 0; i < walk.size(); ++i) {
        const auto& step = walk[i];
        const auto& receiver = step.receiver.empty() ? step.handler : step.receiver;
        const auto number = graph.find(receiver);
        if (number == graph.handlers.size() ||
            std::ranges::none_of(graph.handlers[number].on,
                                 [&](const PlainPattern& on) { return on.text == step.on; }))
            return receiver + " does not listen to " + step.on;
        if (service_in(receiver) != service_in(step.handler))
            return receiver + " and " + step.handler + " are of different services";
        if (!sends(graph, step.handler, step.emits))
            return step.handler + " does not send " + step.emits;
        if ((topics_of(step.event) & topics_of(step.on)) == 0 ||
            walk[(i + 1) % walk.size()].event != step.emits)
            return "a walk over services is torn";
    }
    return {};
}

} // namespace

std::string judge_services(const Case& one) {
    std::string fault;
    const auto matrix = one.plain.services_matrix();
    std::vector<std::string> expected;
    for (const auto group : groups_of(matrix.closure()))
        if (!is_explained(one.plain, group))
            expected.push_back(std::to_string(shortest_cycle(matrix, group, group)));
    std::vector<std::string> found;
    for (const auto& finding : one.of("W006")) {
        if (fault.empty())
            fault = service_walk_fault(one.plain, finding.cycle);
        found.push_back(std::to_string(finding.cycle.size()));
    }
    expect_equal(fault, "steps of cycles of services", expected, found);
    return fault;
}

std::string judge_service_view(const Case& one) {
    const auto closure = one.plain.services_matrix().closure();
    bool is_cyclic = false;
    for (std::size_t s = 0; s < closure.size(); ++s)
        is_cyclic = is_cyclic || closure.has(s, s);
    std::string fault;
    expect_equal(fault, "cyclic over services", is_cyclic ? 1 : 0, one.report.is_acyclic ? 0 : 1);
    return fault;
}

} // namespace prove_graph
