#pragma once

#include "nodes/bench/bench_report.hpp"

#include <optional>
#include <string>

namespace nodes {

/// What a figure should be.
struct Goal {
    std::string measure;
    double limit = 0;
    bool is_at_least = true; ///< else at most
    std::string unit = "x";  ///< `x`: times what the reference has
};

/// Whether a value is that.
bool is_reached(const Goal& goal, double value);

/// A line of the table that `all` ends with. Without a value nothing was measured.
BenchRow row_of(const Goal& goal, std::optional<double> value);

} // namespace nodes
