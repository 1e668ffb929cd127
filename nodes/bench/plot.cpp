#include "nodes/bench/plot.hpp"

#include "nodes/bench/match_row.hpp"
#include "nodes/bench/statistics.hpp"
#include "nodes/text/escape.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace nodes {

namespace {

constexpr double width = 860;
constexpr double margin = 24;
constexpr double label_width = 285;
constexpr double note_width = 170;
constexpr double bar_height = 11;
constexpr double row_height = 38;
constexpr double heading_height = 44;
constexpr double top = 84;

// No custom properties: some viewers of SVG know CSS, but not those.
constexpr std::string_view style =
    R"(text{font:12px system-ui,"Segoe UI","DejaVu Sans",sans-serif;fill:#1f2933}
.page{fill:#ffffff}
.title{font-size:17px;font-weight:600}
.heading{font-weight:600}
.note{fill:#5b6672}
.ours{fill:#3b6ea5}
.reference{fill:#b4bec8}
.extremes{stroke:#1f2933;stroke-width:1}
.axis{stroke:#8a96a3;stroke-width:1}
@media (prefers-color-scheme:dark){
text{fill:#e4e8ec}
.page{fill:#15191e}
.note{fill:#9aa6b2}
.ours{fill:#7db2e8}
.reference{fill:#66727f}
.extremes{stroke:#e4e8ec}
}
)";

/// To a tenth of a pixel.
std::string number(double value) {
    return fmt::format("{:g}", std::round(value * 10) / 10);
}

/// `2.3 M`, `640 k`, `58.2`.
std::string amount(double value) {
    if (value >= 1e6)
        return fmt::format("{:.3g} M", value / 1e6);
    return value >= 1e4 ? fmt::format("{:.3g} k", value / 1e3) : fmt::format("{:.3g}", value);
}

double Round::*figure_of(const MatchResult& result) {
    return result.load.rate > 0 ? &Round::p50_us : &Round::rate;
}

std::string group_of(const MatchResult& result) {
    if (result.load.rate > 0)
        return fmt::format("latency at {:.0f} events a second: median, us", result.load.rate);
    return result.bench + ": events a second";
}

std::string label_of(const MatchResult& result) {
    const auto& contender = result.contender;
    return fmt::format("{}, {} B, {}, {}, {}", result.load.bench_case.name,
                       result.load.payload_size_bytes, name_of(contender.transport),
                       mesh::name_of(contender.level), contender.is_inline ? "inline" : "lane");
}

class Plot {
public:
    explicit Plot(const std::vector<MatchResult>& results) : results_(results) {}

    std::string svg() {
        std::string group;
        for (const auto& result : results_) {
            if (group_of(result) != group) {
                group = group_of(result);
                heading(group);
            }
            row(result);
        }
        const auto height = y_ + margin;
        return fmt::format(
                   "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" "
                   "viewBox=\"0 0 {0} {1}\" role=\"img\">\n<title>dagmesh bench</title>\n"
                   "<style>{2}</style>\n<rect class=\"page\" width=\"{0}\" height=\"{1}\"/>\n",
                   number(width), number(height), style) +
               caption() + body_ + "</svg>\n";
    }

private:
    static std::string text(std::string_view kind, double x, double y, std::string_view what) {
        return fmt::format("<text class=\"{}\" x=\"{}\" y=\"{}\">{}</text>\n", kind, number(x),
                           number(y), escape_xml(what));
    }

    static std::string bar(std::string_view kind, double y, double length) {
        return fmt::format(
            "<rect class=\"{}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"2\"/>\n", kind,
            number(margin + label_width), number(y), number(length), number(bar_height));
    }

    std::string caption() const {
        const auto x = margin + label_width;
        return text("title", margin, margin + 14, "dagmesh beside raw libzmq") +
               fmt::format("<rect class=\"ours\" x=\"{}\" y=\"49\" width=\"11\" height=\"11\"/>\n",
                           number(margin)) +
               text("note", margin + 17, 59, "dagmesh") +
               fmt::format(
                   "<rect class=\"reference\" x=\"{}\" y=\"49\" width=\"11\" height=\"11\"/>\n",
                   number(margin + 90)) +
               text("note", margin + 107, 59, "reference") +
               text("note", x, 59, "medians; lines from the least to the most of the rounds");
    }

    void heading(const std::string& group) {
        y_ += heading_height;
        body_ += text("heading", margin, y_ - 14, group);
        scale_ = 0;
        for (const auto& result : results_)
            if (group_of(result) == group)
                for (const auto* rounds : {&result.rounds, &result.reference_rounds})
                    for (const auto value : figures(*rounds, figure_of(result)))
                        scale_ = std::max(scale_, value);
        scale_ = (width - 2 * margin - label_width - note_width) / std::max(scale_, 1e-9);
    }

    void bar_of(std::string_view kind, double y, const std::vector<double>& values) {
        const auto spread = spread_of(values);
        const auto x = margin + label_width;
        const auto middle = number(y + bar_height / 2);
        body_ += bar(kind, y, spread.median * scale_);
        body_ += fmt::format("<line class=\"extremes\" x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"/>\n",
                             number(x + spread.min * scale_), middle,
                             number(x + spread.max * scale_), middle);
    }

    void row(const MatchResult& result) {
        const auto figure = figure_of(result);
        const auto values = figures(result.rounds, figure);
        auto note = amount(median_of(values));
        body_ += text("label", margin, y_ + 15, label_of(result));
        bar_of("ours", y_ + 2, values);
        if (!result.reference_rounds.empty()) {
            const auto others = figures(result.reference_rounds, figure);
            bar_of("reference", y_ + 3 + bar_height, others);
            note += fmt::format(" / {} = {:.3g}x", amount(median_of(others)),
                                median_of(ratios(result, figure)));
        }
        body_ += text("note", width - margin - note_width + 8, y_ + 15, note);
        y_ += row_height;
    }

    const std::vector<MatchResult>& results_;
    std::string body_;
    double y_ = top - heading_height / 2;
    double scale_ = 1; ///< pixels for one of the group's unit
};

} // namespace

std::string plot_svg(const std::vector<MatchResult>& results) {
    return Plot(results).svg();
}

} // namespace nodes
