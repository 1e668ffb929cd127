#include "nodes/draw/picture_text.hpp"

#include "nodes/draw/placed_picture.hpp"
#include "nodes/text/colour.hpp"
#include "nodes/text/escape.hpp"
#include "nodes/text/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>
#include <string_view>

namespace nodes {

namespace {

/// Longer names push their line out instead of all others.
constexpr std::size_t column_max = 48;

class Printer {
public:
    Printer(const Picture& picture, const TextStyle& style, std::ostream& out)
        : picture_(picture), style_(style), out_(out), edges_(picture.nodes.size()) {
        for (const auto& edge : picture.edges)
            edges_[edge.from].push_back(&edge);
        for (const auto& node : picture.nodes)
            name_width_ = std::max(name_width_, std::min(column_max, width_columns(node.name)));
        for (const auto& edge : picture.edges)
            by_width_ = std::max(by_width_, std::min(column_max, width_columns(by_text(edge))));
    }

    void print() {
        out_ << coloured(colour::bold, escape_terminal(picture_.title)) << " by level; " << arrow()
             << " means \"causes\"\n";
        for (const auto& note : picture_.notes)
            out_ << "  " << escape_terminal(note) << '\n';
        for (std::size_t level = 0; level < picture_.levels.size(); ++level) {
            out_ << '\n' << coloured(colour::faint, fmt::format("level {}", level)) << '\n';
            for (const auto i : picture_.levels[level])
                node(i);
        }
        cycles();
    }

private:
    std::string coloured(std::string_view colour, std::string_view text) const {
        return style_.use_colour ? fmt::format("{}{}{}", colour, text, colour::plain)
                                 : std::string(text);
    }

    std::string_view arrow() const { return style_.use_unicode ? "→" : "->"; }

    static std::string by_text(const Picture::Edge& edge) {
        if (edge.vias.empty())
            return {};
        auto text = "by " + escape_terminal(edge.vias.front().name);
        if (edge.via_count > 1)
            text += fmt::format(" and {} more", edge.via_count - 1);
        return text;
    }

    void node(Picture::Index i) {
        const auto& node = picture_.nodes[i];
        const auto name = escape_terminal(node.name);
        out_ << "  " << coloured(node.is_on_cycle ? colour::red : colour::bold, name);
        if (node.folded_count > 0)
            out_ << "   " << folded_text(picture_, node);
        if (node.is_entry)
            out_ << "   from outside";
        out_ << '\n';
        for (const auto* edge : edges_[i])
            arrow_line(*edge);
        if (edges_[i].empty())
            for (const auto& note : node.notes)
                if (note.starts_with("handled by"))
                    out_ << "     " << escape_terminal(note) << '\n';
    }

    void arrow_line(const Picture::Edge& edge) {
        const auto target = padded(escape_terminal(picture_.nodes[edge.to].name), name_width_);
        auto line =
            fmt::format("     {} {}   {}", arrow(), target, padded(by_text(edge), by_width_));
        if (!edge.vias.empty()) {
            // The emission: it is what one changes to take the arrow away.
            const auto& via = edge.vias.front();
            const auto& place = picture_.view == View::events ? via.to_place : via.from_place;
            if (const auto where = mesh::to_string(place); !where.empty())
                line += "   " + escape_terminal(where);
            if (via.is_wild)
                line += "   through a wildcard";
        }
        while (line.ends_with(' '))
            line.pop_back();
        out_ << line << marks(edge) << '\n';
    }

    std::string marks(const Picture::Edge& edge) const {
        std::string text;
        for (const auto& mark : edge.marks)
            text += coloured(colour::red,
                             fmt::format("   cycle {}, step {}", mark.cycle + 1, mark.step));
        if (edge.is_cut)
            text += coloured(colour::red, "   -x- proposed cut");
        if (edge.rounds_max)
            text +=
                coloured(colour::green, fmt::format("   allowed loop, n<={}", *edge.rounds_max));
        return text;
    }

    void cycles() {
        for (std::size_t c = 0; c < picture_.cycles.size(); ++c) {
            const auto& cycle = picture_.cycles[c];
            out_ << '\n'
                 << coloured(colour::red, fmt::format("cycle {}", c + 1)) << "   " << cycle.code
                 << ' ' << escape_terminal(cycle.message) << "\n     ";
            constexpr std::size_t shown_max = 50;
            for (std::size_t i = 0; i < std::min(shown_max, cycle.steps.size()); ++i)
                out_ << escape_terminal(cycle.steps[i].event) << ' ' << arrow() << ' ';
            if (cycle.steps.size() > shown_max)
                out_ << fmt::format("({} more) {} ", cycle.steps.size() - shown_max, arrow());
            out_ << escape_terminal(cycle.steps.front().event) << '\n';
        }
    }

    const Picture& picture_;
    const TextStyle& style_;
    std::ostream& out_;
    std::vector<std::vector<const Picture::Edge*>> edges_; ///< by the node where they begin
    std::size_t name_width_ = 0;
    std::size_t by_width_ = 0;
};

} // namespace

void print_picture(const Picture& picture, const TextStyle& style, std::ostream& out) {
    Printer(picture, style, out).print();
}

} // namespace nodes
