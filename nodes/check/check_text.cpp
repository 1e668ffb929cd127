#include "nodes/check/check_text.hpp"

#include "nodes/text/colour.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <ostream>
#include <set>
#include <string>
#include <string_view>

namespace nodes {

namespace {

/// How many emissions of a cut are listed.
constexpr std::size_t cut_shown_max = 20;

class Printer {
public:
    Printer(View view, bool use_colour, std::ostream& out)
        : view_(view), use_colour_(use_colour), out_(out) {}

    void finding(const mesh::Finding& finding) {
        const bool is_error = finding.severity == mesh::Severity::error;
        const auto heading = fmt::format("{}[{}]", is_error ? "error" : "warning", finding.code);
        out_ << coloured(is_error ? colour::red : colour::yellow, heading) << ": "
             << finding.message << '\n';
        const bool is_cycle = !finding.cycle.empty();
        if (!is_cycle)
            out_ << "  at " << mesh::to_string(finding.place) << '\n';
        if (is_cycle || !finding.path.empty())
            walk(is_cycle ? finding.cycle : finding.path, is_cycle);
        places(finding);
        if (!finding.cut.empty())
            cut(finding);
        if (is_explained_.insert(finding.code).second)
            out_ << fmt::format("{}  why{}: dagmesh check --explain {}\n",
                                is_cycle || !finding.path.empty() || !finding.places.empty() ? "\n"
                                                                                             : "",
                                is_error ? " it is an error" : "", finding.code);
        out_ << '\n';
    }

    void summary(const RealmReport& report, bool name_realm) {
        std::size_t errors = 0;
        for (const auto& one : report.graph.findings)
            errors += one.severity == mesh::Severity::error ? 1 : 0;
        const auto warnings = report.graph.findings.size() - errors;
        const auto& counts = report.graph.counts;
        if (counts.services == 0)
            out_ << "nothing to check: there is no service\n";
        if (name_realm)
            out_ << (report.realm.empty() ? "(no realm)" : report.realm) << ": ";
        out_ << coloured(errors > 0 ? colour::red : colour::bold,
                         number(errors, "error") + ", " + number(warnings, "warning"))
             << "   " << number(counts.services, "service") << ", "
             << number(counts.events, "event") << ", " << number(counts.handlers, "handler") << ", "
             << number(counts.edges, "edge") << "   longest chain " << report.graph.longest_chain
             << (report.graph.is_acyclic ? "   no cycle" : "   cyclic") << '\n';
    }

private:
    std::string coloured(std::string_view colour, std::string_view text) const {
        return use_colour_ ? fmt::format("{}{}{}", colour, text, colour::plain) : std::string(text);
    }

    static std::string number(std::size_t count, std::string_view what) {
        return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
    }

    /// One event, or in that view one handler, below the other; an arrow means "causes".
    void walk(const std::vector<mesh::WalkStep>& steps, bool is_cycle) {
        out_ << '\n';
        if (view_ == View::handlers)
            walk_by_handler(steps, is_cycle);
        else
            walk_by_event(steps, is_cycle);
    }

    void walk_by_event(const std::vector<mesh::WalkStep>& steps, bool is_cycle) {
        std::size_t place_width = 0;
        std::size_t handler_width = 0;
        for (const auto& step : steps) {
            place_width = std::max({place_width, mesh::to_string(step.emits_place).size(),
                                    mesh::to_string(step.on_place).size()});
            handler_width = std::max({handler_width, step.handler.size(), step.receiver.size()});
        }
        for (const auto& step : steps) {
            out_ << "  " << coloured(colour::bold, step.event) << '\n';
            out_ << fmt::format("     | {:<{}}   {:<{}}   emits {}\n",
                                mesh::to_string(step.emits_place), place_width, step.handler,
                                handler_width, step.emits);
            out_ << fmt::format("     | {:<{}}   {:<{}}   on {}{}\n",
                                mesh::to_string(step.on_place), place_width, step.receiver,
                                handler_width, step.on, wildcard(step));
            out_ << "     v\n";
        }
        out_ << "  " << coloured(colour::bold, steps.back().emits)
             << (is_cycle ? "   <- back at the start\n" : "\n");
    }

    void walk_by_handler(const std::vector<mesh::WalkStep>& steps, bool is_cycle) {
        for (std::size_t i = 0; i < steps.size(); ++i) {
            const auto& step = steps[i];
            out_ << "  " << coloured(colour::bold, through(step)) << '\n'
                 << "     | emits " << step.emits << "   " << mesh::to_string(step.emits_place)
                 << '\n';
            if (!is_cycle && i + 1 == steps.size())
                break;
            const auto& next = steps[(i + 1) % steps.size()];
            out_ << "     | on " << next.on << "   " << mesh::to_string(next.on_place)
                 << wildcard(next) << "\n     v\n";
        }
        if (is_cycle)
            out_ << "  " << coloured(colour::bold, through(steps.front()))
                 << "   <- back at the start\n";
    }

    /// In a walk over services one handler may receive, and another one emit.
    static std::string through(const mesh::WalkStep& step) {
        return step.receiver.empty() ? step.handler : step.receiver + ", " + step.handler;
    }

    static std::string_view wildcard(const mesh::WalkStep& step) {
        return step.on == step.event ? "" : "   (through a wildcard)";
    }

    void places(const mesh::Finding& finding) {
        if (finding.places.empty())
            return;
        std::size_t width = 0;
        for (const auto& one : finding.places)
            width = std::max(width, mesh::to_string(one.place).size());
        out_ << '\n';
        for (const auto& one : finding.places)
            out_ << fmt::format("     {:<{}}   {}\n", mesh::to_string(one.place), width, one.note);
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

    View view_;
    bool use_colour_;
    std::ostream& out_;
    std::set<std::string> is_explained_; ///< by code: told once how to ask for more
};

} // namespace

void print_check(const std::vector<RealmReport>& reports, View view, bool use_colour,
                 std::ostream& out) {
    Printer printer(view, use_colour, out);
    for (const auto& report : reports)
        for (const auto& finding : report.graph.findings)
            printer.finding(finding);
    for (const auto& report : reports)
        printer.summary(report, reports.size() > 1);
}

} // namespace nodes
