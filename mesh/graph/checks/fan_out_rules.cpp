#include "mesh/graph/checks/fan_out_rules.hpp"

#include "mesh/graph/checks/fan_out.hpp"
#include "mesh/graph/witness.hpp"

#include <string>
#include <utility>

namespace mesh {

namespace {

/// So many subscriptions of one event are listed.
constexpr std::size_t listed_max = 100;

Finding wide_finding(const InnerGraph& graph, const FanOutRule& rule, const FanOut& widest) {
    auto what = widest.topic == rule.event.text() || widest.topic.empty()
                    ? rule.event.text()
                    : widest.topic + ", an event of " + rule.event.text() + ",";
    auto finding =
        make_finding(fan_out,
                     what + " goes to " + (widest.is_widest ? "" : "at least ") +
                         counted(widest.handler_count, "handler") + ", and at most " +
                         std::to_string(rule.max_fan_out) +
                         (rule.max_fan_out == 1 ? " is allowed" : " are allowed") +
                         (widest.is_widest ? "" : "; its patterns are too many to try all topics"),
                     rule.place);
    for (const auto number : widest.subscriptions) {
        if (finding.places.size() == listed_max)
            break;
        const auto& subscription = graph.subscriptions()[number];
        finding.places.push_back({"handler " + graph.handlers()[subscription.handler].label() +
                                      " listens to " +
                                      graph.subscribed()[subscription.pattern].text(),
                                  subscription.place});
    }
    sort_places(finding.places);
    return finding;
}

} // namespace

std::vector<Finding> find_wide_fan_out(const InnerGraph& graph, const GraphInput& input) {
    std::vector<Finding> findings;
    for (const auto& rule : input.fan_out_rules) {
        const auto widest = widest_fan_out(graph, rule.event);
        // What cannot be counted is not proven, so it is told.
        if (widest.handler_count > rule.max_fan_out || !widest.is_widest)
            findings.push_back(wide_finding(graph, rule, widest));
    }
    return findings;
}

} // namespace mesh
