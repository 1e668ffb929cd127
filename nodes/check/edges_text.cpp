#include "nodes/check/edges_text.hpp"

#include "nodes/text/colour.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <ostream>
#include <string>
#include <string_view>

namespace nodes {

namespace {

/// Of a longer cycle, this many steps at its begin and at its end are shown.
constexpr std::size_t steps_shown_max = 100;
constexpr std::size_t cut_shown_max = 20;

/// Names are bytes of any kind; a terminal is not to obey them.
std::string shown(std::string name) {
    std::ranges::replace_if(
        name, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; }, '?');
    return name;
}

class Printer {
public:
    Printer(bool use_colour, std::ostream& out) : use_colour_(use_colour), out_(out) {}

    void finding(const mesh::Finding& finding) {
        out_ << coloured(colour::red, fmt::format("error[{}]", finding.code)) << ": "
             << shown(finding.message) << '\n';
        if (finding.cycle.size() > 1)
            walk(finding.cycle);
        cut(finding);
        out_ << '\n';
    }

    void summary(const mesh::GraphReport& report) {
        const auto& counts = report.counts;
        const auto errors = report.findings.size();
        out_ << coloured(errors > 0 ? colour::red : colour::bold,
                         number(errors, "error") + ", 0 warnings")
             << "   " << number(counts.events, "name") << ", " << number(counts.edges, "edge");
        // Of many names with a cycle it is only of those before all cycles.
        if (report.is_acyclic || !report.levels.empty())
            out_ << "   longest chain " << report.longest_chain;
        out_ << (report.is_acyclic ? "   no cycle" : "   cyclic") << '\n';
    }

private:
    std::string coloured(std::string_view colour, std::string_view text) const {
        return use_colour_ ? fmt::format("{}{}{}", colour, text, colour::plain) : std::string(text);
    }

    static std::string number(std::size_t count, std::string_view what) {
        return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
    }

    /// One name below the other; an arrow means "causes", by the line beside it.
    void walk(const std::vector<mesh::WalkStep>& cycle) {
        out_ << '\n';
        for (std::size_t i = 0; i < cycle.size(); ++i) {
            if (i == steps_shown_max && cycle.size() > 2 * steps_shown_max) {
                const auto hidden = cycle.size() - 2 * steps_shown_max;
                out_ << fmt::format("  ... {} more\n", number(hidden, "step"));
                i += hidden;
            }
            out_ << "  " << coloured(colour::bold, shown(cycle[i].event)) << "\n     | "
                 << mesh::to_string(cycle[i].emits_place) << "\n     v\n";
        }
        out_ << "  " << coloured(colour::bold, shown(cycle.front().event))
             << "   <- back at the start\n";
    }

    /// Every line of an edge has to go.
    void cut(const mesh::Finding& finding) {
        const auto lines = finding.cut.size();
        out_ << '\n'
             << (lines == 1
                     ? "  without this edge there is no such cycle:\n"
                     : fmt::format("  without these {} lines there is no such cycle{}:\n", lines,
                                   finding.is_cut_smallest ? ", and fewer edges do not do" : ""));
        for (std::size_t i = 0; i < std::min(lines, cut_shown_max); ++i)
            out_ << fmt::format("     {}   {} -x- {}\n", mesh::to_string(finding.cut[i].place),
                                shown(finding.cut[i].handler), shown(finding.cut[i].emits));
        if (lines > cut_shown_max)
            out_ << fmt::format("     and {} more\n", lines - cut_shown_max);
    }

    bool use_colour_;
    std::ostream& out_;
};

} // namespace

void print_edge_check(const mesh::GraphReport& report, bool use_colour, std::ostream& out) {
    Printer printer(use_colour, out);
    for (const auto& finding : report.findings)
        printer.finding(finding);
    printer.summary(report);
}

} // namespace nodes
