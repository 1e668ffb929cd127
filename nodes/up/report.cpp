#include "nodes/up/report.hpp"

#include "mesh/base/quantity.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <vector>

namespace nodes {

using nlohmann::json;

namespace {

HandledFigures figures_of(const json& topic) {
    HandledFigures figures;
    topic.at("handled").get_to(figures.handled);
    topic.at("failed").get_to(figures.failed);
    topic.at("lost").get_to(figures.lost);
    figures.first_us = topic.value("first_us", std::int64_t{0});
    figures.last_us = topic.value("last_us", std::int64_t{0});
    if (const auto latency = topic.find("latency_us"); latency != topic.end()) {
        latency->at("p50").get_to(figures.latency_p50_us);
        latency->at("p99").get_to(figures.latency_p99_us);
    }
    return figures;
}

HandledFigures sum(const HandledFigures& a, const HandledFigures& b) {
    const bool has_both = a.first_us != 0 && b.first_us != 0;
    return {.handled = a.handled + b.handled,
            .failed = a.failed + b.failed,
            .lost = a.lost + b.lost,
            .first_us =
                has_both ? std::min(a.first_us, b.first_us) : std::max(a.first_us, b.first_us),
            .last_us = std::max(a.last_us, b.last_us),
            .latency_p50_us = std::max(a.latency_p50_us, b.latency_p50_us),
            .latency_p99_us = std::max(a.latency_p99_us, b.latency_p99_us)};
}

/// 1234567 -> 1,234,567
std::string grouped(std::uint64_t number) {
    auto text = std::to_string(number);
    for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3)
        text.insert(static_cast<std::size_t>(at), 1, ',');
    return text;
}

std::string rate(const HandledFigures& figures) {
    const auto interval_us = static_cast<double>(figures.last_us - figures.first_us);
    if (figures.handled < 2 || interval_us <= 0)
        return "-";
    return grouped(
        static_cast<std::uint64_t>(static_cast<double>(figures.handled) * 1e6 / interval_us));
}

std::string latency(const HandledFigures& figures, std::uint64_t latency_us) {
    constexpr std::uint64_t year_us = 365ULL * 86'400 * 1'000'000; // more is no latency
    if (figures.handled == 0)
        return "-";
    return mesh::to_text(std::chrono::microseconds(std::min(latency_us, year_us)));
}

constexpr std::size_t figure_count = 7;
using Row = std::array<std::string, figure_count + 1>; ///< a name and its figures

std::size_t width_of(std::string_view utf8) {
    return static_cast<std::size_t>(std::ranges::count_if(
        utf8, [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
}

} // namespace

mesh::Result<void> RunReport::add(std::string_view line) {
    try {
        auto merged = topics_;
        const auto report = json::parse(line);
        const auto service = report.at("service").get<std::string>();
        for (const auto& [topic, count] : report.at("published").items())
            merged[topic].published += count.get<std::uint64_t>();
        for (const auto& handler : report.at("handlers")) {
            const auto name = service + "." + handler.at("name").get<std::string>();
            for (const auto& [topic, figures] : handler.at("topics").items()) {
                auto& entry = merged[topic].handlers[name];
                entry = sum(entry, figures_of(figures));
            }
        }
        topics_ = std::move(merged);
        return {};
    } catch (const json::exception& error) {
        return mesh::fail(mesh::ErrorCode::malformed,
                          std::string("expected a report in JSON: ") + error.what());
    }
}

std::string RunReport::table() const {
    constexpr std::size_t columns_max = 100;
    std::vector<Row> rows{
        {"topic / handler", "published", "handled", "failed", "lost", "events/s", "p50", "p99"}};
    for (const auto& [topic, entry] : topics_) {
        rows.push_back({topic, grouped(entry.published)});
        for (const auto& [name, figures] : entry.handlers)
            rows.push_back({"  " + name, "", grouped(figures.handled), grouped(figures.failed),
                            grouped(figures.lost), rate(figures),
                            latency(figures, figures.latency_p50_us),
                            latency(figures, figures.latency_p99_us)});
    }

    std::array<std::size_t, figure_count + 1> widths{};
    std::size_t figures_width = 0;
    for (std::size_t column = 1; column < widths.size(); ++column) {
        for (const auto& row : rows)
            widths[column] = std::max(widths[column], row[column].size());
        figures_width += 2 + widths[column];
    }
    const auto name_width_max = columns_max - std::min(columns_max, figures_width);
    for (const auto& row : rows)
        if (const auto width = width_of(row[0]); width <= name_width_max)
            widths[0] = std::max(widths[0], width);

    std::string text;
    for (const auto& row : rows) {
        std::string line = row[0];
        if (width_of(line) > widths[0]) { // it gets a line of its own
            text += line + '\n';
            line.clear();
        }
        line.append(widths[0] - width_of(line), ' ');
        for (std::size_t column = 1; column < row.size(); ++column)
            line += fmt::format("  {:>{}}", row[column], widths[column]);
        text += line.substr(0, line.find_last_not_of(' ') + 1) + '\n';
    }
    return text;
}

} // namespace nodes
