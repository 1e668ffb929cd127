#include "nodes/bench/goal.hpp"

namespace nodes {

bool is_reached(const Goal& goal, double value) {
    return goal.is_at_least ? value >= goal.limit : value <= goal.limit;
}

BenchRow row_of(const Goal& goal, std::optional<double> value) {
    const std::string verdict = !value                     ? "not measured"
                                : is_reached(goal, *value) ? "reached"
                                                           : "not reached";
    return {{"bench", std::string("all"), true},
            {"measure", goal.measure},
            {"goal", goal.limit},
            {"is", std::string(goal.is_at_least ? "at least" : "at most")},
            {"value", value ? BenchValue(*value) : BenchValue()},
            {"unit", goal.unit},
            {"verdict", verdict}};
}

} // namespace nodes
