#include "tests/bench/graph/report.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace bench {

namespace {

std::size_t width(const std::string& column) {
    return std::max<std::size_t>(column.size(), 8);
}

/// Four digits that count.
std::string text_of(const Value& value) {
    if (const auto* const text = std::get_if<std::string>(&value))
        return *text;
    const auto number = std::get<double>(value);
    if (number == std::floor(number) && std::abs(number) < 1e12)
        return fmt::format("{:.0f}", number);
    return std::abs(number) >= 100 ? fmt::format("{:.0f}", number) : fmt::format("{:.3g}", number);
}

} // namespace

void Report::row(const std::string& section, const Row& row) {
    if (is_json_) {
        nlohmann::ordered_json json{{"section", section}};
        for (const auto& [name, value] : row)
            std::visit([&, &key = name](const auto& one) { json[key] = one; }, value);
        fmt::print("{}\n", json.dump());
    } else {
        if (section != section_)
            print_heading(section, row);
        for (const auto& [name, value] : row)
            fmt::print("  {:>{}}", text_of(value), width(name));
        fmt::print("\n");
    }
    std::fflush(stdout);
    section_ = section;
}

void Report::print_heading(const std::string& section, const Row& row) {
    fmt::print("\n{}\n", section);
    for (const auto& column : row)
        fmt::print("  {:>{}}", column.first, width(column.first));
    fmt::print("\n");
}

double median(std::vector<double> values) {
    std::ranges::sort(values);
    const auto middle = values.size() / 2;
    return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

} // namespace bench
