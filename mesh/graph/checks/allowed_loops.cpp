#include "mesh/graph/checks/allowed_loops.hpp"

#include "mesh/graph/digraph.hpp"
#include "mesh/graph/witness.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

namespace mesh {

namespace {

using Index = InnerGraph::Index;

Place place_of(const DeclaredContract& declared, std::size_t loop) {
    return loop < declared.places.loops.size() ? declared.places.loops[loop] : Place{};
}

std::string label_of(const DeclaredContract& declared, const LoopContract& loop) {
    return declared.contract.service + "." + loop.handler;
}

/// The emission that a loop allows, of each handler of that name: while services are renewed
/// there may be two.
std::vector<Index> emissions_of(const InnerGraph& whole, const DeclaredContract& declared,
                                const LoopContract& loop) {
    std::vector<Index> found;
    for (const auto handler : whole.handlers_named(declared.contract.service, loop.handler))
        for (const auto emission : whole.emissions_of(handler))
            if (whole.emitted()[whole.emissions()[emission].pattern] == loop.emits)
                found.push_back(emission);
    return found;
}

/// What a blocking handler is fed back with, by its number.
using Feedback = std::map<Index, std::vector<NotedPlace>>;

/// Notes every blocking handler that lies on a cycle with `emission`, and receives it.
/// Returns whether there is such a cycle.
bool follow(const InnerGraph& whole, const std::vector<std::uint32_t>& component, Index emission,
            const std::vector<bool>& is_blocking, Feedback& feedback) {
    const auto& from = whole.emissions()[emission];
    if (component[from.handler] != component[whole.emitted_vertex(from.pattern)])
        return false;
    const auto& text = whole.emitted()[from.pattern].text();
    for (const auto met : whole.met_by(from.pattern)) {
        for (const auto number : whole.subscriptions_to(met)) {
            const auto& to = whole.subscriptions()[number];
            if (component[to.handler] != component[from.handler] || !is_blocking[to.handler])
                continue;
            auto& notes = feedback[to.handler];
            notes.push_back(
                {"handler " + whole.handlers()[from.handler].label() + " feeds back " + text,
                 from.place});
            notes.push_back(
                {"it arrives by the subscription to " + whole.subscribed()[to.pattern].text(),
                 to.place});
        }
    }
    return true;
}

std::vector<bool> blocking_handlers(const InnerGraph& whole, const GraphInput& input) {
    std::vector<bool> is_blocking(whole.handlers().size());
    for (const auto& declared : input.contracts) {
        const auto& contract = declared.contract;
        const auto count = std::min(contract.handlers.size(), declared.handlers.size());
        for (std::size_t h = 0; h < count; ++h)
            if (declared.handlers[h].is_blocking)
                for (const auto handler :
                     whole.handlers_named(contract.service, contract.handlers[h].name))
                    is_blocking[handler] = true;
    }
    return is_blocking;
}

Finding blocking_finding(const InnerGraph& whole, Index handler, std::vector<NotedPlace> notes) {
    const auto& one = whole.handlers()[handler];
    auto finding = make_finding(blocking_feedback,
                                "handler " + one.label() +
                                    " blocks its publishers, and an allowed loop feeds it back: "
                                    "give it another policy than block",
                                one.place);
    sort_places(notes);
    finding.places = std::move(notes);
    return finding;
}

} // namespace

std::vector<Finding> find_loop_faults(const InnerGraph& whole, const GraphInput& input,
                                      std::optional<Date> today) {
    const auto has_loops = [](const DeclaredContract& one) { return !one.contract.loops.empty(); };
    if (std::ranges::none_of(input.contracts, has_loops))
        return {};
    const auto component = strong_components(whole.digraph({}));
    const auto is_blocking = blocking_handlers(whole, input);
    std::vector<Finding> findings;
    Feedback feedback;
    for (const auto& declared : input.contracts) {
        const auto& loops = declared.contract.loops;
        for (std::size_t i = 0; i < loops.size(); ++i) {
            const auto what = "the loop of handler " + label_of(declared, loops[i]) + " over " +
                              loops[i].emits.text();
            bool is_used = false;
            for (const auto emission : emissions_of(whole, declared, loops[i]))
                is_used |= follow(whole, component, emission, is_blocking, feedback);
            if (!is_used)
                findings.push_back(
                    make_finding(idle_loop, what + " is allowed and lies on no cycle: take it out",
                                 place_of(declared, i)));
            const auto until =
                i < declared.loops_until.size() ? declared.loops_until[i] : std::nullopt;
            if (today && until && *until < *today)
                findings.push_back(make_finding(expired_loop,
                                                what + " was allowed until " + date_text(*until) +
                                                    ", and today is " + date_text(*today),
                                                place_of(declared, i)));
        }
    }
    for (auto& [handler, notes] : feedback)
        findings.push_back(blocking_finding(whole, handler, std::move(notes)));
    return findings;
}

} // namespace mesh
