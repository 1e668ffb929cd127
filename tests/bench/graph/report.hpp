#pragma once

#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace bench {

using Value = std::variant<std::string, double>;
using Row = std::vector<std::pair<std::string, Value>>;

/// Prints rows as they come: a table for each section, or one JSON object a line.
class Report {
public:
    explicit Report(bool is_json) : is_json_(is_json) {}

    /// Rows of one section have the same columns.
    void row(const std::string& section, const Row& row);

private:
    void print_heading(const std::string& section, const Row& row);

    bool is_json_;
    std::string section_;
};

/// The middle one, the mean of the middle two of an even number. At least one value.
double median(std::vector<double> values);

} // namespace bench
