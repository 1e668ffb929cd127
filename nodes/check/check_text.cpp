#include "nodes/check/check_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <ostream>
#include <string>
#include <string_view>

namespace nodes {

namespace {

constexpr std::string_view red = "\033[1;31m";
constexpr std::string_view yellow = "\033[1;33m";
constexpr std::string_view bold = "\033[1m";
constexpr std::string_view plain = "\033[0m";

/// How many emissions of a cut are listed.
constexpr std::size_t cut_shown_max = 20;

class Printer {
public:
    Printer(bool use_colour, std::ostream& out) : use_colour_(use_colour), out_(out) {}

    void finding(const mesh::Finding& finding) {
        const bool is_error = finding.severity == mesh::Severity::error;
        const auto heading = fmt::format("{}[{}]", is_error ? "error" : "warning", finding.code);
        out_ << coloured(is_error ? red : yellow, heading) << ": " << finding.message << '\n';
        if (finding.cycle.empty()) {
            out_ << "  at " << mesh::to_string(finding.place) << "\n\n";
            return;
        }
        walk(finding.cycle);
        cut(finding);
        out_ << '\n';
    }

    void summary(const RealmReport& report, bool name_realm) {
        std::size_t errors = 0;
        for (const auto& one : report.graph.findings)
            errors += one.severity == mesh::Severity::error ? 1 : 0;
        const auto warnings = report.graph.findings.size() - errors;
        const auto& counts = report.graph.counts;
        if (name_realm)
            out_ << (report.realm.empty() ? "(no realm)" : report.realm) << ": ";
        out_ << coloured(errors > 0 ? red : bold,
                         number(errors, "error") + ", " + number(warnings, "warning"))
             << "   " << number(counts.services, "service") << ", "
             << number(counts.events, "event") << ", " << number(counts.handlers, "handler") << ", "
             << number(counts.edges, "edge") << "   longest chain " << report.graph.longest_chain
             << (report.graph.is_acyclic ? "   no cycle" : "   cyclic") << '\n';
    }

private:
    std::string coloured(std::string_view colour, std::string_view text) const {
        return use_colour_ ? fmt::format("{}{}{}", colour, text, plain) : std::string(text);
    }

    static std::string number(std::size_t count, std::string_view what) {
        return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
    }

    /// One event below the other; an arrow means "causes", by the handler beside it.
    void walk(const std::vector<mesh::WalkStep>& cycle) {
        std::size_t place_width = 0;
        std::size_t handler_width = 0;
        for (const auto& step : cycle) {
            place_width = std::max(place_width, mesh::to_string(step.emits_place).size());
            handler_width = std::max(handler_width, step.handler.size());
        }
        out_ << '\n';
        for (const auto& step : cycle) {
            out_ << "  " << coloured(bold, step.event) << '\n';
            out_ << fmt::format("     | {:<{}}   {:<{}}   emits {}\n",
                                mesh::to_string(step.emits_place), place_width, step.handler,
                                handler_width, step.emits);
            out_ << fmt::format("     | {:<{}}   {:<{}}   on {}{}\n",
                                mesh::to_string(step.on_place), place_width, "", handler_width,
                                step.on, step.on == step.event ? "" : "   (through a wildcard)");
            out_ << "     v\n";
        }
        out_ << "  " << coloured(bold, cycle.front().event) << "   <- back at the start\n";
    }

    void cut(const mesh::Finding& finding) {
        const auto count = finding.cut.size();
        out_ << '\n'
             << (count == 1
                     ? "  without this emission there is no such cycle:\n"
                     : fmt::format("  without these {} emissions there is no such cycle{}:\n",
                                   count, finding.is_cut_smallest ? ", and fewer do not do" : ""));
        for (std::size_t i = 0; i < std::min(count, cut_shown_max); ++i)
            out_ << fmt::format("     {}   {} -x- {}\n", mesh::to_string(finding.cut[i].place),
                                finding.cut[i].handler, finding.cut[i].emits);
        if (count > cut_shown_max)
            out_ << fmt::format("     and {} more\n", count - cut_shown_max);
    }

    bool use_colour_;
    std::ostream& out_;
};

} // namespace

void print_check(const std::vector<RealmReport>& reports, bool use_colour, std::ostream& out) {
    Printer printer(use_colour, out);
    for (const auto& report : reports)
        for (const auto& finding : report.graph.findings)
            printer.finding(finding);
    for (const auto& report : reports)
        printer.summary(report, reports.size() > 1);
}

} // namespace nodes
