#include "mesh/graph/checks/undo_order.hpp"

#include "mesh/graph/backward_search.hpp"
#include "mesh/graph/checks/undoing.hpp"
#include "mesh/graph/digraph.hpp"
#include "mesh/graph/walk_search.hpp"
#include "mesh/graph/witness.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace mesh {

namespace {

using Index = InnerGraph::Index;

/// A handler that undoes a step, and where it says so.
struct Undoer {
    Place place;
    Index handler;

    auto operator<=>(const Undoer&) const = default;
};

using Undoers = std::set<Undoer>;

/// A step of a finding's path holds some texts: that costs as much as so many visits.
constexpr std::size_t path_step_cost = 200;

/// The steps, each with what undoes it. What an undo handler does is no step: to undo it would be
/// to do again.
std::map<Index, Undoers> undoers_by_step(const InnerGraph& graph, const Undoing& undoing) {
    std::map<std::string, Undoers> by_label;
    for (const auto& [undo, all] : undoing)
        for (const auto& undone : all)
            by_label[undone.label].insert({undone.place, undo});
    std::map<Index, Undoers> steps;
    for (Index h = 0; h < graph.handlers().size(); ++h)
        if (const auto known = by_label.find(graph.handlers()[h].label());
            known != by_label.end() && !undoing.contains(h))
            steps.emplace(h, known->second);
    return steps;
}

class UndoOrder {
public:
    UndoOrder(const InnerGraph& graph, const InnerGraph& whole, const Undoing& undoing,
              std::map<Index, Undoers> steps, std::size_t cost_max)
        : graph_(graph),
          steps_(std::move(steps)),
          cost_max_(cost_max),
          is_end_(graph.handlers().size()),
          doing_(graph),
          undoing_(whole) {
        std::vector<bool> is_undo(graph.emissions().size());
        for (const auto& [undo, all] : undoing) {
            is_end_[undo] = true;
            for (const auto emission : graph.emissions_of(undo))
                is_undo[emission] = true;
        }
        for (const auto& [step, undoers] : steps_)
            is_end_[step] = true;
        component_ = strong_components(graph.digraph(is_undo));
    }

    std::vector<Finding> faults() {
        std::vector<Finding> findings;
        std::size_t judged = 0;
        for (const auto& step : steps_) {
            if (!judge(step, findings)) {
                findings.push_back(unjudged(step, steps_.size() - judged));
                break;
            }
            ++judged;
        }
        return findings;
    }

private:
    using StepEntry = std::pair<const Index, Undoers>;

    std::size_t cost() const { return told_cost_ + doing_.cost() + undoing_.cost(); }

    /// False when that would cost too much.
    bool judge(const StepEntry& step, std::vector<Finding>& findings) {
        if (cost() > cost_max_)
            return false;
        doing_.search_from(step.first, is_end_);
        std::vector<const StepEntry*> next;
        for (const auto handler : doing_.reached())
            if (const auto known = steps_.find(handler);
                known != steps_.end() && component_[handler] != component_[step.first])
                next.push_back(&*known);
        if (next.empty())
            return true;
        undoing_.search(handlers_of(step.second));
        for (const auto* later : next) {
            // Several handlers that undo one step are answers to different failures, or parts of
            // one undo, and no handler can wait for all of them: one way from one of them to one
            // of the others is order enough.
            const auto leads = [&](const Undoer& one) { return undoing_.is_reached(one.handler); };
            if (std::ranges::any_of(later->second, leads))
                continue;
            if (cost() > cost_max_)
                return false;
            findings.push_back(finding(step, *later));
        }
        return true;
    }

    static std::vector<Index> handlers_of(const Undoers& undoers) {
        std::vector<Index> handlers;
        for (const auto& one : undoers)
            handlers.push_back(one.handler);
        return handlers;
    }

    std::string label(Index handler) const { return graph_.handlers()[handler].label(); }

    Finding finding(const StepEntry& step, const StepEntry& later) {
        const auto& first = *step.second.begin();
        const auto& second = *later.second.begin();
        auto made = make_finding(undo_order,
                                 "handler " + label(first.handler) + " undoes " +
                                     label(step.first) + " and does not come after " +
                                     label(second.handler) + ", which undoes the later " +
                                     label(later.first) + ": let " + label(first.handler) +
                                     " listen to what " + label(second.handler) + " emits instead",
                                 first.place);
        made.places = {
            {"handler " + label(second.handler) + " undoes " + label(later.first), second.place}};
        add_way(later.first, made);
        sort_places(made.places);
        return made;
    }

    /// How the search before came to the handler.
    void add_way(Index handler, Finding& made) {
        auto walk = doing_.walk_to(handler);
        told_cost_ += walk.steps.size() * path_step_cost;
        const auto last = walk.steps.back();
        walk.steps.pop_back();
        const auto& arrival = graph_.subscriptions()[last.subscription];
        made.places.push_back(
            {"handler " + label(handler) + " listens to " + text(graph_.subscribed(), arrival),
             arrival.place});
        if (walk.first_subscription == Walk::no_subscription) {
            // Nothing arrives at a handler that the clock calls: the path begins with what it
            // emits.
            const auto first = walk.steps.empty() ? last : walk.steps.front();
            const auto& emission = graph_.emissions()[first.emission];
            made.places.push_back({"handler " + label(emission.handler) + " emits " +
                                       text(graph_.emitted(), emission),
                                   emission.place});
            if (walk.steps.empty())
                return;
            walk.first_subscription = first.subscription;
            walk.steps.erase(walk.steps.begin());
            made.path = path_steps(graph_, text(graph_.emitted(), emission), walk, last.emission);
            return;
        }
        const auto& first = graph_.subscriptions()[walk.first_subscription];
        made.path = path_steps(graph_, text(graph_.subscribed(), first), walk, last.emission);
    }

    /// The pattern of a subscription or an emission.
    template <class End>
    static const std::string& text(const std::vector<Pattern>& patterns, const End& end) {
        return patterns[end.pattern].text();
    }

    Finding unjudged(const StepEntry& step, std::size_t count) const {
        return make_finding(undo_order,
                            "the order of undoing was not judged for " + counted(count, "step") +
                                ", from " + label(step.first) +
                                " on: it takes too long in a graph of this size",
                            step.second.begin()->place);
    }

    const InnerGraph& graph_;
    std::map<Index, Undoers> steps_;
    std::size_t cost_max_;
    std::size_t told_cost_ = 0;
    std::vector<bool> is_end_; ///< of handlers: a step or an undo handler
    std::vector<std::uint32_t> component_;
    WalkSearch doing_;
    BackwardSearch undoing_;
};

} // namespace

std::vector<Finding> find_undo_disorder(const InnerGraph& graph, const InnerGraph& whole,
                                        const GraphInput& input, std::size_t cost_max) {
    const auto undoing = undo_handlers(graph, input);
    auto steps = undoers_by_step(graph, undoing);
    if (steps.size() < 2)
        return {};
    return UndoOrder(graph, whole, undoing, std::move(steps), cost_max).faults();
}

} // namespace mesh
