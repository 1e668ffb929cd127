#include "nodes/graph/reach_text.hpp"

#include "nodes/graph/answer_text.hpp"

#include <algorithm>
#include <ostream>
#include <string_view>

namespace nodes {

namespace {

/// How many narrow points are worth reading.
constexpr std::size_t narrow_shown_max = 5;

std::string sums(const mesh::Reach& reach) {
    return counted(reach.events.size(), "event") + ", " +
           counted(reach.handlers.size(), "handler") + ", " +
           counted(reach.services.size(), "service");
}

/// Step by step: the handlers with the edge over which each was reached, then the events.
void print_steps(const mesh::Reach& reach, std::string_view edge, std::string_view events,
                 std::ostream& out) {
    auto handler = reach.handlers.begin();
    auto event = reach.events.begin();
    while (handler != reach.handlers.end() || event != reach.events.end()) {
        const auto step = handler == reach.handlers.end() ? event->steps : handler->steps;
        out << "  step " << step << '\n';
        Table table("     ");
        for (; handler != reach.handlers.end() && handler->steps == step; ++handler) {
            if (handler->edge.empty())
                table.add({handler->label});
            else
                table.add({handler->label, std::string(edge) + " " + handler->edge,
                           mesh::to_string(handler->edge_place),
                           handler->is_loop ? "(an allowed loop)" : ""});
        }
        table.print(out);
        std::string names;
        for (; event != reach.events.end() && event->steps == step; ++event)
            names += (names.empty() ? "" : ", ") + event->name;
        if (!names.empty())
            out << "     " << events << ' ' << names << '\n';
    }
}

void print_services(const mesh::Reach& reach, std::ostream& out) {
    if (reach.services.empty())
        return;
    std::string names;
    for (const auto& one : reach.services)
        names += (names.empty() ? "" : ", ") + one.name;
    out << "\n  services, nearest first: " << names << '\n';
}

void print_chain(const std::vector<mesh::WalkStep>& chain, std::ostream& out) {
    if (chain.empty())
        return;
    const auto& first = chain.front().event;
    out << "\n  longest chain: " << counted(chain.size() + (first.empty() ? 0 : 1), "event")
        << '\n';
    if (!first.empty())
        out << "     " << first << '\n';
    Table table("     -> ");
    for (const auto& step : chain)
        table.add({step.emits, "by " + step.handler, mesh::to_string(step.emits_place)});
    table.print(out);
}

void print_worst_case(const Impact& impact, std::ostream& out) {
    if (!impact.worst_case.longest_chain) {
        out << "\n  worst case: no bound, a cycle lies downstream; see `dagmesh graph cycles`\n";
        return;
    }
    print_chain(*impact.worst_case.longest_chain, out);
    const auto& runs = impact.worst_case.runs;
    if (runs)
        out << "\n  worst case: one " << (impact.is_event ? "event" : "run") << " makes at most "
            << (*runs == mesh::WorstCase::runs_max ? "2^64 handler runs or more"
                                                   : counted(*runs, "handler run"))
            << ", when each run emits each of its events once\n";
}

void print_narrow_points(const std::vector<mesh::NarrowPoint>& points, std::ostream& out) {
    if (points.empty())
        return;
    out << "\n  every way leads through\n";
    Table table("     ");
    for (std::size_t i = 0; i < std::min(points.size(), narrow_shown_max); ++i)
        table.add({points[i].handler, "to " + counted(points[i].event_count, "event"),
                   mesh::to_string(points[i].place)});
    table.print(out);
    if (points.size() > narrow_shown_max)
        out << "     and " << points.size() - narrow_shown_max << " more\n";
}

std::string origin_text(const mesh::Origin& origin) {
    using Kind = mesh::Origin::Kind;
    switch (origin.kind) {
    case Kind::outside:
        return "comes from outside";
    case Kind::publisher:
        return "published by " + origin.who;
    case Kind::clock:
        return "run by the clock";
    case Kind::nobody:
        return "nobody emits it, " + origin.who + " waits for it";
    }
    return {};
}

} // namespace

void print_impact(const Impact& impact, std::ostream& out) {
    out << "impact of " << impact.name << ": " << sums(impact.reach) << '\n';
    if (impact.reach.handlers.empty()) {
        out << "  nobody handles it\n";
        return;
    }
    out << '\n';
    print_steps(impact.reach, "on", "causes", out);
    print_services(impact.reach, out);
    print_worst_case(impact, out);
    print_narrow_points(impact.narrow_points, out);
}

void print_cause(const std::string& name, const mesh::Upstream& upstream, std::ostream& out) {
    out << "cause of " << name << ": " << sums(upstream.reach) << '\n';
    if (upstream.reach.handlers.empty() && upstream.origins.empty()) {
        out << "  nobody emits it\n";
        return;
    }
    if (!upstream.reach.handlers.empty()) {
        out << '\n';
        print_steps(upstream.reach, "emits", "because of", out);
        print_services(upstream.reach, out);
    }
    if (upstream.origins.empty()) {
        out << "\n  begins nowhere: only cycles lead to it\n";
        return;
    }
    out << "\n  begins with\n";
    Table table("     ");
    for (const auto& one : upstream.origins)
        table.add({one.event.empty() ? one.who : one.event, origin_text(one),
                   mesh::to_string(one.place)});
    table.print(out);
}

} // namespace nodes
