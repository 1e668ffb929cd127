#pragma once

#include "nodes/bench/goal.hpp"
#include "nodes/bench/side_by_side.hpp"

#include <functional>
#include <vector>

namespace nodes {

/// What a match is run for: a goal, and the figure of its results, which are in the order of its
/// contenders; nothing where the reference is missing.
struct MatchGoal {
    Goal goal;
    std::function<std::optional<double>(const std::vector<MatchResult>&)> value;
};

struct GoalMatch {
    Match match;
    std::vector<MatchGoal> goals;
};

/// Every match that has a goal, in the order of the table.
std::vector<GoalMatch> goal_matches(mesh::Duration time);

} // namespace nodes
