#include "mesh/graph/checks/reach_rules.hpp"

#include "mesh/graph/walk_search.hpp"
#include "mesh/graph/witness.hpp"

#include <string>
#include <utility>

namespace mesh {

namespace {

using Index = InnerGraph::Index;

/// All subscriptions that an event of `pattern` may arrive by.
std::vector<Index> subscriptions_for(const InnerGraph& graph, const Pattern& pattern) {
    std::vector<Index> all;
    for (Index s = 0; s < graph.subscribed().size(); ++s)
        if (intersects(graph.subscribed()[s], pattern))
            for (const auto number : graph.subscriptions_to(s))
                all.push_back(number);
    return all;
}

/// What to call the event of `from` that arrives by the subscription: one that is emitted, else
/// the narrower of the two patterns.
std::string first_event(const InnerGraph& graph, const Pattern& from, Index subscription) {
    const auto pattern = graph.subscriptions()[subscription].pattern;
    for (const auto emitted : graph.feeding(pattern))
        if (contains(from, graph.emitted()[emitted]))
            return graph.emitted()[emitted].text();
    const auto& on = graph.subscribed()[pattern];
    return contains(from, on) ? on.text() : from.text();
}

class Rule {
public:
    Rule(const InnerGraph& whole, const ReachRule& rule, WalkSearch& search)
        : whole_(whole), rule_(rule), search_(search), is_told_(whole.emitted().size()) {
        for (Index e = 0; e < whole.emitted().size(); ++e)
            is_told_[e] = !intersects(whole.emitted()[e], rule.must_not_reach);
    }

    std::vector<Finding> broken() {
        search_.search(subscriptions_for(whole_, rule_.from));
        std::vector<Finding> findings;
        for (const auto handler : search_.reached())
            for (const auto emission : whole_.emissions_of(handler))
                if (findings.size() < unwanted_max && needs_telling(emission))
                    findings.push_back(finding(search_.walk_to(handler), emission));
        return findings;
    }

private:
    bool needs_telling(Index emission) {
        const auto pattern = whole_.emissions()[emission].pattern;
        const bool is_new = !is_told_[pattern];
        is_told_[pattern] = true;
        return is_new;
    }

    Finding finding(const Walk& walk, Index last) const {
        auto path = path_steps(whole_, first_event(whole_, rule_.from, walk.first_subscription),
                               walk, last);
        auto made = make_finding(unwanted_reach,
                                 path.front().event + " causes " + path.back().emits + " over " +
                                     counted(path.size(), "handler") + wildcard_note(path) +
                                     "; the rule says that " + rule_.from.text() +
                                     " must not reach " + rule_.must_not_reach.text(),
                                 rule_.place);
        made.path = std::move(path);
        return made;
    }

    const InnerGraph& whole_;
    const ReachRule& rule_;
    WalkSearch& search_;
    std::vector<bool> is_told_; ///< by emitted pattern
};

} // namespace

std::vector<Finding> find_unwanted_reach(const InnerGraph& whole, const GraphInput& input) {
    std::vector<Finding> findings;
    WalkSearch search(whole);
    for (const auto& rule : input.reach_rules)
        for (auto& finding : Rule(whole, rule, search).broken())
            findings.push_back(std::move(finding));
    return findings;
}

} // namespace mesh
