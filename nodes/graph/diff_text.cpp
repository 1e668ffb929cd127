#include "nodes/graph/answer_text.hpp"
#include "nodes/graph/realm_diff.hpp"

#include <fmt/format.h>

#include <ostream>
#include <string_view>

namespace nodes {

namespace {

std::vector<std::string> part_row(std::string_view sign, const mesh::GraphDiff::Part& part) {
    using Kind = mesh::GraphDiff::Part::Kind;
    const auto title = [&]() -> std::string_view {
        switch (part.kind) {
        case Kind::service:
            return "service";
        case Kind::event:
            return "event";
        case Kind::handler:
            return "handler";
        case Kind::subscription:
        case Kind::emission:
            return "edge";
        case Kind::loop:
            return "loop";
        }
        return {};
    }();
    auto text = part.name;
    if (!part.pattern.empty())
        text += (part.kind == Kind::subscription ? " on " : " emits ") + part.pattern;
    if (part.kind == Kind::loop)
        text += " is allowed";
    return {std::string(sign) + " " + std::string(title), text, mesh::to_string(part.place)};
}

/// One side: what is new, or what is gone.
void add_side(Table& table, std::string_view sign, const std::vector<mesh::GraphDiff::Part>& parts,
              const std::vector<std::vector<mesh::WalkStep>>& cycles,
              const std::vector<mesh::ReachDiff::Pair>& reach, std::size_t reach_count) {
    const std::string mark(sign);
    for (const auto& part : parts)
        table.add(part_row(sign, part));
    for (const auto& walk : cycles)
        table.add({mark + " cycle", event_chain(walk), mesh::to_string(walk.front().emits_place)});
    for (const auto& [from, to] : reach)
        table.add({mark + " reach", fmt::format("{} -> {}", from, to)});
    if (reach_count > reach.size())
        table.add(
            {mark + " reach", "and " + counted(reach_count - reach.size(), "pair") + " more"});
}

void print_sum(const mesh::GraphDiff& diff, std::ostream& out) {
    if (diff.is_empty() && diff.are_cycles_complete && diff.reach.is_compared) {
        out << "no difference\n";
        return;
    }
    const std::string_view at_least = diff.are_cycles_complete ? "" : "at least ";
    out << "new: " << counted(diff.added.size(), "part") << ", " << at_least
        << counted(diff.added_cycles.size(), "cycle") << ", "
        << counted(diff.reach.added_count, "pair")
        << "   gone: " << counted(diff.removed.size(), "part") << ", " << at_least
        << counted(diff.removed_cycles.size(), "cycle") << ", "
        << counted(diff.reach.removed_count, "pair") << "   broken: " << diff.breaks.count << '\n';
    if (!diff.reach.is_compared)
        out << "reach is not compared: the graphs are too large\n";
}

void print_one(const mesh::GraphDiff& diff, std::ostream& out) {
    Table table("");
    add_side(table, "+", diff.added, diff.added_cycles, diff.reach.added, diff.reach.added_count);
    add_side(table, "-", diff.removed, diff.removed_cycles, diff.reach.removed,
             diff.reach.removed_count);
    table.print(out);
    Table broken("");
    for (const auto& one : diff.breaks.listed)
        broken.add({"! broken", mesh::to_text(one), mesh::to_string(one.place)});
    broken.print(out);
    if (diff.breaks.count > diff.breaks.listed.size())
        out << "! broken   and " << diff.breaks.count - diff.breaks.listed.size() << " more\n";
    print_sum(diff, out);
}

} // namespace

void print_diff(const std::vector<RealmDiff>& diffs, std::ostream& out) {
    for (const auto& diff : diffs) {
        if (diffs.size() > 1)
            out << realm_title(diff.realm) << ":\n";
        print_one(diff.graph, out);
    }
    if (diffs.empty())
        out << "no difference\n";
}

} // namespace nodes
