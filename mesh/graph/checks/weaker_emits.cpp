#include "mesh/graph/checks/weaker_emits.hpp"

#include "mesh/graph/checks/event_levels.hpp"
#include "mesh/graph/witness.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace mesh {

namespace {

using Index = InnerGraph::Index;

std::string leveled(const NamedLevel& named) {
    return named.name + " (" + std::string(name_of(named.level)) + ")";
}

class WeakerEmits {
public:
    WeakerEmits(const InnerGraph& graph, const GraphInput& input, std::size_t cost_max)
        : graph_(graph),
          levels_(input.events, cost_max),
          heard_(graph.subscribed().size()),
          emitted_(graph.emitted().size()) {}

    std::vector<Finding> all() {
        std::vector<Finding> findings;
        for (Index h = 0; h < graph_.handlers().size(); ++h)
            if (!judge(h, findings)) {
                findings.push_back(unjudged(h));
                break;
            }
        return findings;
    }

private:
    /// False when that costs too much.
    bool judge(Index handler, std::vector<Finding>& findings) {
        if (graph_.emissions_of(handler).empty())
            return true;
        const auto cause = strongest_cause(handler);
        if (levels_.is_exhausted())
            return false;
        if (!cause || heard(*cause).level < Level::durable)
            return true;
        for (const auto number : graph_.emissions_of(handler)) {
            const auto& weakest = emitted(number);
            if (levels_.is_exhausted())
                return false;
            if (weakest && weakest->level < heard(*cause).level)
                findings.push_back(finding(*cause, number, *weakest));
        }
        return true;
    }

    /// The subscription by which the strongest event comes.
    std::optional<Index> strongest_cause(Index handler) {
        std::optional<Index> best;
        for (const auto number : graph_.subscriptions_of(handler))
            if (!best || heard(number).level > heard(*best).level)
                best = number;
        return best;
    }

    const NamedLevel& heard(Index subscription) {
        const auto pattern = graph_.subscriptions()[subscription].pattern;
        auto& known = heard_[pattern];
        if (!known)
            known = levels_.strongest(graph_.subscribed()[pattern]);
        return *known;
    }

    const std::optional<NamedLevel>& emitted(Index emission) {
        const auto pattern = graph_.emissions()[emission].pattern;
        auto& known = emitted_[pattern];
        if (!known)
            known = levels_.weakest(graph_.emitted()[pattern]);
        return *known;
    }

    Finding finding(Index cause, Index emission, const NamedLevel& weakest) {
        const auto& from = heard(cause);
        const auto& arrival = graph_.subscriptions()[cause];
        const auto& label = graph_.handlers()[arrival.handler].label();
        // A durable event is kept: it is only no longer handled exactly once.
        const bool is_lost = weakest.level < Level::durable;
        auto made = make_finding(
            weaker_emit,
            "handler " + label + " listens to " + leveled(from) + " and emits " + leveled(weakest) +
                (is_lost ? ", which can be lost when its node dies"
                         : ", which can be handled twice when a node dies") +
                ": give it the level " + std::string(name_of(from.level)) + " too",
            graph_.emissions()[emission].place);
        made.places = {
            {"handler " + label + " listens to " + graph_.subscribed()[arrival.pattern].text(),
             arrival.place}};
        for (const auto* one : {&from, &weakest})
            if (one->place)
                made.places.push_back(
                    {"the level of " + one->name + " is " + std::string(name_of(one->level)),
                     *one->place});
        sort_places(made.places);
        return made;
    }

    Finding unjudged(Index first) const {
        return make_finding(weaker_emit,
                            "the levels of what is emitted were not judged for " +
                                counted(graph_.handlers().size() - first, "handler") + ", from " +
                                graph_.handlers()[first].label() +
                                " on: it takes too long with so many patterns in events",
                            graph_.handlers()[first].place);
    }

    const InnerGraph& graph_;
    EventLevels levels_;
    std::vector<std::optional<NamedLevel>> heard_; ///< by subscribed pattern
    std::vector<std::optional<std::optional<NamedLevel>>> emitted_;
};

} // namespace

std::vector<Finding> find_weaker_emits(const InnerGraph& whole, const GraphInput& input,
                                       std::size_t cost_max) {
    // Without any of them there is no promise that could end, and nothing to look at.
    const auto is_lasting = [](const DeclaredEvent& event) {
        return event.level >= Level::durable;
    };
    if (std::ranges::none_of(input.events, is_lasting))
        return {};
    return WeakerEmits(whole, input, cost_max).all();
}

} // namespace mesh
