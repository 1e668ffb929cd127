#include "mesh/graph/checks/service_cycles.hpp"

#include "mesh/graph/groups.hpp"
#include "mesh/graph/service_graph.hpp"
#include "mesh/graph/witness.hpp"

#include <algorithm>
#include <limits>
#include <set>
#include <string>
#include <utility>

namespace mesh {

namespace {

using Index = InnerGraph::Index;

constexpr auto none = std::numeric_limits<Index>::max();

/// Visits, over all starts of one group, after which the shortest walk found so far has to do.
constexpr std::size_t cost_max = 20'000'000;

/// From one service to the next.
struct Hop {
    Index output = none; ///< in `outputs()`
    Index subscription = none;
};

/// Searches shortest closed walks over services, breadth first, each within its component.
class ServiceWalks {
public:
    ServiceWalks(const InnerGraph& graph, const ServiceGraph& services,
                 const std::vector<std::uint32_t>& component)
        : graph_(graph),
          services_(services),
          component_(component),
          mark_(services.services().size()),
          emitted_mark_(graph.emitted().size()),
          subscribed_mark_(graph.subscribed().size()),
          arrival_(services.services().size()),
          depth_(services.services().size()) {}

    std::vector<Hop> shortest(const std::vector<Index>& group) {
        std::vector<Hop> best;
        cost_ = 0;
        for (const auto start : group) {
            auto found = through(start, group.size(), best.size());
            if (!found.empty())
                best = std::move(found);
            if (best.size() == std::min<std::size_t>(group.size(), 2) || cost_ > cost_max)
                break;
        }
        return best;
    }

    Index sender(const Hop& hop) const { return services_.outputs()[hop.output].service; }

private:
    Index receiver(const Hop& hop) const {
        return services_.service_of(graph_.subscriptions()[hop.subscription].handler);
    }

    /// In a group of several services, what one sends to itself is no part of the walk.
    std::vector<Hop> through(Index start, std::size_t group_size, std::size_t length_max) {
        ++search_;
        queue_.assign(1, start);
        depth_[start] = 0;
        for (std::size_t next = 0; next < queue_.size(); ++next) {
            if (length_max != 0 && depth_[queue_[next]] + 1 >= length_max)
                return {};
            if (const auto last = expand(queue_[next], start, group_size > 1); last.output != none)
                return walk_back(last, start);
        }
        return {};
    }

    std::vector<Hop> walk_back(Hop last, Index start) const {
        std::vector<Hop> hops{last};
        while (sender(hops.back()) != start)
            hops.push_back(arrival_[sender(hops.back())]);
        std::ranges::reverse(hops);
        return hops;
    }

    /// Returns the hop that closes the walk, if there is one. A pattern is looked at again while
    /// the first service of the walk has it, which may not count as its own receiver.
    Hop expand(Index service, Index start, bool is_open) {
        const bool is_first = service == start && is_open;
        for (const auto output : services_.outputs_of(service)) {
            const auto pattern = services_.outputs()[output].pattern;
            ++cost_;
            if (emitted_mark_[pattern] == search_)
                continue;
            if (!is_first)
                emitted_mark_[pattern] = search_;
            for (const auto subscribed : graph_.met_by(pattern)) {
                ++cost_;
                if (subscribed_mark_[subscribed] == search_)
                    continue;
                if (!is_first)
                    subscribed_mark_[subscribed] = search_;
                for (const auto subscription : graph_.subscriptions_to(subscribed)) {
                    ++cost_;
                    const Hop hop{output, subscription};
                    const auto to = receiver(hop);
                    if (to == start && !is_first)
                        return hop;
                    if (to == start || mark_[to] == search_ || component_[to] != component_[start])
                        continue;
                    mark_[to] = search_;
                    arrival_[to] = hop;
                    depth_[to] = depth_[service] + 1;
                    queue_.push_back(to);
                }
            }
        }
        return {};
    }

    const InnerGraph& graph_;
    const ServiceGraph& services_;
    const std::vector<std::uint32_t>& component_;
    std::size_t cost_ = 0;
    std::uint32_t search_ = 0; // a mark counts only when it is this number
    std::vector<std::uint32_t> mark_;
    std::vector<std::uint32_t> emitted_mark_;
    std::vector<std::uint32_t> subscribed_mark_;
    std::vector<Hop> arrival_;
    std::vector<std::size_t> depth_;
    std::vector<Index> queue_;
};

std::vector<WalkStep> steps_of(const InnerGraph& graph, const ServiceGraph& services,
                               const std::vector<Hop>& hops) {
    std::vector<WalkStep> steps;
    for (std::size_t i = 0; i < hops.size(); ++i) {
        const auto& before = hops[(i + hops.size() - 1) % hops.size()];
        const auto& arrival = graph.subscriptions()[before.subscription];
        const auto& output = services.outputs()[hops[i].output];
        WalkStep step{graph.emitted()[services.outputs()[before.output].pattern].text(),
                      output.emitter,
                      graph.subscribed()[arrival.pattern].text(),
                      arrival.place,
                      graph.emitted()[output.pattern].text(),
                      output.place,
                      graph.handlers()[arrival.handler].label()};
        if (step.receiver == step.handler)
            step.receiver.clear();
        steps.push_back(std::move(step));
    }
    rotate_to_smallest(steps);
    return steps;
}

/// Components of services that an event cycle already explains.
std::set<std::uint32_t> explained(const InnerGraph& graph, const ServiceGraph& services,
                                  const std::vector<std::uint32_t>& component,
                                  const std::vector<std::size_t>& size) {
    std::set<std::uint32_t> all;
    const auto service_of = [&](Index handler) { return services.service_of(handler); };
    for (const auto& group : cyclic_groups(graph)) {
        const auto first = service_of(group.front());
        const auto is_other = [&](Index handler) { return service_of(handler) != first; };
        if (size[component[first]] == 1 || std::ranges::any_of(group, is_other))
            all.insert(component[first]);
    }
    for (const auto& loop : self_loops(graph)) {
        const auto service = service_of(graph.emissions()[loop.emission].handler);
        if (size[component[service]] == 1)
            all.insert(component[service]);
    }
    return all;
}

Finding cycle_finding(std::vector<WalkStep> steps) {
    auto message = steps.size() == 1 ? "possible cycle in one service: it listens to what it emits"
                                     : "possible cycle of " + counted(steps.size(), "service");
    auto finding = make_finding(service_cycle,
                                message + wildcard_note(steps) +
                                    "; handler by handler, no event causes itself",
                                steps.front().emits_place);
    finding.cycle = std::move(steps);
    return finding;
}

} // namespace

std::vector<Finding> find_service_cycles(const InnerGraph& graph, const GraphInput& input,
                                         bool has_single) {
    const ServiceGraph services(graph, input);
    const auto count = services.services().size();
    const auto component = strong_components(services.digraph());
    std::vector<std::vector<Index>> members(services.digraph().vertex_count());
    for (Index service = 0; service < count; ++service)
        members[component[service]].push_back(service);
    std::vector<std::size_t> size(members.size());
    for (std::size_t i = 0; i < members.size(); ++i)
        size[i] = members[i].size();
    std::vector<Finding> findings;
    const auto known = explained(graph, services, component, size);
    ServiceWalks walks(graph, services, component);
    for (Index service = 0; service < count; ++service) {
        const auto number = component[service];
        const auto& group = members[number];
        if (group.front() != service || known.contains(number) ||
            (group.size() == 1 && !has_single))
            continue;
        const auto hops = walks.shortest(group);
        if (!hops.empty())
            findings.push_back(cycle_finding(steps_of(graph, services, hops)));
    }
    return findings;
}

} // namespace mesh
