#include "nodes/bench/statistics.hpp"

#include <algorithm>
#include <cassert>

namespace nodes {

double median_of(std::vector<double> values) {
    assert(!values.empty());
    std::ranges::sort(values);
    const auto middle = values.size() / 2;
    return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

Spread spread_of(const std::vector<double>& values) {
    const auto [min, max] = std::ranges::minmax(values);
    return {median_of(values), min, max};
}

std::vector<double> ratios_of(const std::vector<double>& values, const std::vector<double>& by) {
    assert(values.size() == by.size());
    std::vector<double> ratios;
    ratios.reserve(values.size());
    for (std::size_t i = 0; i < values.size(); ++i)
        ratios.push_back(values[i] / by[i]);
    return ratios;
}

} // namespace nodes
