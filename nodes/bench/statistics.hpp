#pragma once

#include <vector>

namespace nodes {

/// The middle one, the mean of the middle two of an even number. At least one value.
double median_of(std::vector<double> values);

/// What is told of the rounds of a figure.
struct Spread {
    double median = 0;
    double min = 0;
    double max = 0;
};

/// At least one value.
Spread spread_of(const std::vector<double>& values);

/// Round by round, `values` divided by `by`: what else the machine did in a round met both. As many
/// of the one as of the other.
std::vector<double> ratios_of(const std::vector<double>& values, const std::vector<double>& by);

} // namespace nodes
