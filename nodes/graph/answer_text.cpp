#include "nodes/graph/answer_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>

namespace nodes {

std::string counted(std::size_t count, std::string_view what) {
    return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

std::string_view realm_title(const std::string& realm) {
    return realm.empty() ? "(no realm)" : std::string_view(realm);
}

void Table::print(std::ostream& out) const {
    std::vector<std::size_t> widths;
    for (const auto& row : rows_) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], row[i].size());
    }
    for (const auto& row : rows_) {
        auto line = indent_;
        for (std::size_t i = 0; i < row.size(); ++i)
            line += fmt::format("{:<{}}   ", row[i], widths[i]);
        line.erase(line.find_last_not_of(' ') + 1);
        out << line << '\n';
    }
}

void print_walk(const std::vector<mesh::WalkStep>& walk, std::ostream& out) {
    std::size_t place_width = 0;
    std::size_t handler_width = 0;
    for (const auto& step : walk) {
        place_width = std::max({place_width, mesh::to_string(step.emits_place).size(),
                                mesh::to_string(step.on_place).size()});
        handler_width = std::max(handler_width, step.handler.size());
    }
    const auto line = [&](const mesh::Place& place, std::string_view handler,
                          const std::string& what) {
        out << fmt::format("     | {:<{}}   {:<{}}   {}\n", mesh::to_string(place), place_width,
                           handler, handler_width, what);
    };
    for (const auto& step : walk) {
        const bool has_emission = !step.emits.empty();
        if (!step.event.empty())
            out << "  " << step.event << '\n';
        if (has_emission)
            line(step.emits_place, step.handler, "emits " + step.emits);
        if (!step.on.empty())
            line(step.on_place, has_emission ? "" : step.handler,
                 "on " + step.on + (step.on == step.event ? "" : "   (through a wildcard)"));
        if (has_emission)
            out << "     v\n";
    }
    if (!walk.empty() && !walk.back().emits.empty())
        out << "  " << walk.back().emits << '\n';
}

std::string event_chain(const std::vector<mesh::WalkStep>& walk) {
    std::string text;
    for (const auto& step : walk)
        text += step.event + " -> ";
    return text + (walk.empty() ? "" : walk.back().emits);
}

} // namespace nodes
