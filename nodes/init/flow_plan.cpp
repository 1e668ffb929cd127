#include "nodes/init/flow_plan.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace nodes {

namespace {

std::vector<std::string> causes_of(const Flow& flow, const std::string& topic) {
    std::vector<std::string> causes;
    for (const auto& arrow : flow.arrows)
        if (arrow.to == topic)
            causes.push_back(arrow.from);
    return causes;
}

/// Causes before effects; what lies on a cycle, or behind one, comes last, as it was typed.
std::vector<std::string> in_order(const Flow& flow, bool& is_cyclic) {
    std::vector<std::string> order;
    const auto is_placed = [&](const std::string& topic) {
        return std::ranges::find(order, topic) != order.end();
    };
    for (bool has_grown = true; has_grown;) {
        has_grown = false;
        for (const auto& topic : flow.topics)
            if (!is_placed(topic) && std::ranges::all_of(causes_of(flow, topic), is_placed)) {
                order.push_back(topic);
                has_grown = true;
            }
    }
    is_cyclic = order.size() < flow.topics.size();
    for (const auto& topic : flow.topics)
        if (!is_placed(topic))
            order.push_back(topic);
    return order;
}

/// Which service leads to which, and who is in it.
class ServiceGraph {
public:
    /// Names the service that is to emit the topic because of others.
    const std::string& place(const std::string& topic, const std::vector<std::string>& causes) {
        auto name = topic.substr(0, topic.find('.'));
        if (closes_circle(name, causes)) {
            name = topic;
            std::ranges::replace(name, '.', '-');
            while (followers_.contains(name))
                name += "-2";
        }
        followers_[name];
        for (const auto& cause : causes)
            if (const auto from = service_of_.find(cause);
                from != service_of_.end() && from->second != name)
                followers_[from->second].insert(name);
        return service_of_[topic] = name;
    }

private:
    bool closes_circle(const std::string& name, const std::vector<std::string>& causes) const {
        return std::ranges::any_of(causes, [&](const std::string& cause) {
            const auto from = service_of_.find(cause);
            return from != service_of_.end() && from->second != name && leads(name, from->second);
        });
    }

    bool leads(const std::string& from, const std::string& to) const {
        std::set<std::string> seen;
        std::vector<std::string> open{from};
        while (!open.empty()) {
            const auto service = open.back();
            open.pop_back();
            if (service == to)
                return true;
            const auto next = followers_.find(service);
            if (seen.insert(service).second && next != followers_.end())
                open.insert(open.end(), next->second.begin(), next->second.end());
        }
        return false;
    }

    std::map<std::string, std::string> service_of_; ///< by the topic that it emits
    std::map<std::string, std::set<std::string>> followers_;
};

/// `order.created` -> `created`; a topic of one token is its own.
std::string handler_name(const FlowService& service, const std::string& topic) {
    const auto dot = topic.find('.');
    auto name = dot == std::string::npos ? topic : topic.substr(dot + 1);
    std::ranges::replace(name, '.', '-');
    while (std::ranges::find(service.handlers, name, &FlowHandler::name) != service.handlers.end())
        name += "-2"; // of `a.b-c` and `a.b.c`
    return name;
}

FlowService& service_named(FlowPlan& plan, const std::string& name) {
    const auto found = std::ranges::find(plan.services, name, &FlowService::name);
    return found != plan.services.end() ? *found
                                        : plan.services.emplace_back(FlowService{name, {}});
}

void count_outcomes(const Flow& flow, const std::vector<std::string>& order, FlowPlan& plan) {
    for (const auto& entry : plan.entries) {
        std::map<std::string, std::uint64_t> counts{{entry, 1}};
        for (const auto& topic : order) {
            for (const auto& cause : causes_of(flow, topic))
                counts[topic] = std::min(counts[topic] + counts[cause], flow_outcome_max + 1);
            if (topic != entry && counts[topic] > 0)
                plan.outcomes.push_back({entry, topic, counts[topic]});
        }
    }
}

} // namespace

FlowPlan plan_flow(const Flow& flow) {
    FlowPlan plan;
    const auto order = in_order(flow, plan.is_cyclic);
    ServiceGraph graph;
    for (const auto& topic : order) {
        const auto causes = causes_of(flow, topic);
        if (causes.empty()) {
            plan.entries.push_back(topic);
            continue;
        }
        auto& service = service_named(plan, graph.place(topic, causes));
        service.handlers.push_back({handler_name(service, topic), causes, topic});
    }
    for (const auto& topic : order)
        if (std::ranges::find(flow.arrows, topic, &Arrow::from) == flow.arrows.end())
            plan.ends.push_back(topic);
    if (!plan.is_cyclic)
        count_outcomes(flow, order, plan);
    return plan;
}

} // namespace nodes
