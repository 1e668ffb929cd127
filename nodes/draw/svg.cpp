#include "nodes/draw/svg.hpp"

#include "nodes/draw/svg_legend.hpp"
#include "nodes/text/escape.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace nodes {

namespace {

constexpr double margin = 24;
constexpr double title_height = 30;
constexpr double note_height = 18;
constexpr double heading_height = 34;
constexpr double legend_height = 52;
constexpr double picture_width_min = 520;

/// To a tenth of a pixel, and never a negative zero: equal pictures are equal bytes.
std::string number(double value) {
    const double tenths = std::round(value * 10);
    return fmt::format("{:g}", tenths == 0 ? 0 : tenths / 10);
}

std::string path_of(const std::vector<Point>& curve) {
    std::string path = fmt::format("M{},{}", number(curve[0].x), number(curve[0].y));
    for (std::size_t i = 1; i + 2 < curve.size(); i += 3)
        path += fmt::format("C{},{} {},{} {},{}", number(curve[i].x), number(curve[i].y),
                            number(curve[i + 1].x), number(curve[i + 1].y), number(curve[i + 2].x),
                            number(curve[i + 2].y));
    return path;
}

/// The middle of the middle piece.
Point middle_of(const std::vector<Point>& curve) {
    const auto pieces = (curve.size() - 1) / 3;
    const auto at = 3 * (pieces / 2 < pieces ? pieces / 2 : 0);
    const auto mean = [&](double Point::*c) {
        return (curve[at].*c + 3 * curve[at + 1].*c + 3 * curve[at + 2].*c + curve[at + 3].*c) / 8;
    };
    return {mean(&Point::x), mean(&Point::y)};
}

class Writer {
public:
    Writer(const PlacedPicture& placed, std::size_t picture_number)
        : placed_(placed), picture_(placed.picture), prefix_(fmt::format("p{}", picture_number)) {}

    double width() const { return std::max(picture_width_min, placed_.layout.width) + 2 * margin; }

    double height() const { return body_top() + placed_.layout.height + legend_height + margin; }

    std::string content() {
        text_ += fmt::format("<title>{}</title>\n", escape_xml(picture_.title));
        defs();
        text_ += fmt::format("<rect class=\"page\" width=\"{}\" height=\"{}\"/>\n", number(width()),
                             number(height()));
        heading();
        text_ +=
            fmt::format("<g transform=\"translate({},{})\">\n", number(margin), number(body_top()));
        columns();
        edges();
        for (std::size_t i = 0; i < picture_.nodes.size(); ++i)
            node(i);
        text_ += "</g>\n";
        text_ += svg_legend(picture_, prefix_, margin, height() - legend_height);
        return std::move(text_);
    }

private:
    double body_top() const {
        return margin + title_height + note_height * static_cast<double>(picture_.notes.size()) +
               heading_height;
    }

    void defs() {
        text_ += "<defs>\n";
        for (const auto* kind : {"", "-cycle", "-loop"})
            text_ += fmt::format("<marker id=\"{}tip{}\" markerUnits=\"userSpaceOnUse\" "
                                 "markerWidth=\"12\" markerHeight=\"10\" refX=\"11\" refY=\"5\" "
                                 "orient=\"auto\"><path class=\"tip{}\" d=\"M0,0L12,5L0,10L3,5z\"/>"
                                 "</marker>\n",
                                 prefix_, kind, kind);
        text_ += "</defs>\n";
    }

    void heading() {
        text_ += fmt::format("<text class=\"title\" x=\"{}\" y=\"{}\">{}</text>\n", number(margin),
                             number(margin + 14), escape_xml(picture_.title));
        double y = margin + title_height + 6;
        for (const auto& note : picture_.notes) {
            text_ += fmt::format("<text class=\"note\" x=\"{}\" y=\"{}\">{}</text>\n",
                                 number(margin), number(y), escape_xml(note));
            y += note_height;
        }
    }

    void columns() {
        const auto& columns = placed_.layout.columns;
        for (std::size_t level = 0; level < columns.size(); ++level) {
            double widest = 60;
            for (const auto i : picture_.levels[level])
                widest = std::max(widest, placed_.boxes[i].width);
            text_ +=
                fmt::format("<rect class=\"column\" x=\"{}\" y=\"{}\" width=\"{}\" "
                            "height=\"{}\" rx=\"8\"/>",
                            number(columns[level] - widest / 2 - 10), number(12 - heading_height),
                            number(widest + 20), number(placed_.layout.height + heading_height));
            text_ += fmt::format("<text class=\"heading\" x=\"{}\" y=\"{}\">level {}</text>\n",
                                 number(columns[level]), number(28 - heading_height), level);
        }
    }

    /// What stands out is drawn last, on top.
    void edges() {
        std::array<std::string, 4> layers;
        for (std::size_t i = 0; i < picture_.edges.size(); ++i) {
            const auto& edge = picture_.edges[i];
            const std::size_t layer = !edge.marks.empty() ? 3
                                      : edge.is_cut       ? 2
                                      : edge.rounds_max   ? 1
                                                          : 0;
            layers[layer] += edge_text(i);
        }
        for (const auto& layer : layers)
            text_ += layer;
    }

    std::string edge_text(std::size_t i) const {
        const auto& edge = picture_.edges[i];
        const auto& curve = placed_.layout.curves[i];
        std::string vias;
        for (const auto& via : edge.vias)
            vias += via.name + "\n";
        const auto* tip = edge.rounds_max                      ? "-loop"
                          : edge.marks.empty() && !edge.is_cut ? ""
                                                               : "-cycle";
        auto text = fmt::format(
            "<g id=\"{0}e{1}\" class=\"edge{2}\" data-from=\"{0}n{3}\" data-to=\"{0}n{4}\" "
            "data-vias=\"{5}\"><title>{6}</title><path class=\"line\" d=\"{7}\" "
            "marker-end=\"url(#{0}tip{8})\"/>",
            prefix_, i, class_of(edge), edge.from, edge.to, escape_xml(vias),
            escape_xml(tooltip_of(picture_, edge)), path_of(curve), tip);
        text += label_text(i);
        return text + "</g>\n";
    }

    std::string label_text(std::size_t i) const {
        const auto& label = placed_.labels[i];
        if (label.width <= 0)
            return {};
        const auto centre = placed_.layout.labels[i].value_or(middle_of(placed_.layout.curves[i]));
        double x = centre.x - label.width / 2;
        const double top = centre.y - label_height / 2;
        auto text =
            fmt::format("<rect class=\"behind\" x=\"{}\" y=\"{}\" width=\"{}\" "
                        "height=\"{}\" rx=\"4\"/>",
                        number(x - 2), number(top), number(label.width + 2), number(label_height));
        for (const auto& badge : label.badges) {
            text += badge_text(badge, x, top);
            x += badge.width + 3;
        }
        if (!label.text.empty())
            text += fmt::format("<text class=\"label\" x=\"{}\" y=\"{}\">{}</text>", number(x + 2),
                                number(centre.y + 4), escape_xml(label.text));
        return text;
    }

    static std::string badge_text(const EdgeLabel::Badge& badge, double x, double top) {
        const double middle = x + badge.width / 2;
        const double centre = top + label_height / 2;
        if (badge.kind == EdgeLabel::Kind::cut)
            return svg_cross(middle, centre);
        const bool is_loop = badge.kind == EdgeLabel::Kind::loop;
        return fmt::format("<rect class=\"{}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" "
                           "rx=\"9\"/><text class=\"badge-text\" x=\"{}\" y=\"{}\">{}</text>",
                           is_loop ? "badge-loop" : "badge", number(x), number(top),
                           number(badge.width), number(label_height), number(middle),
                           number(centre + 4), escape_xml(badge.text));
    }

    void node(std::size_t i) {
        const auto& node = picture_.nodes[i];
        const auto& box = placed_.boxes[i];
        const auto centre = placed_.layout.centres[i];
        const auto x = number(centre.x - box.width / 2);
        const auto y = number(centre.y - box.height / 2);
        text_ += fmt::format("<g id=\"{}n{}\" class=\"node{}\" data-name=\"{}\"><title>{}</title>",
                             prefix_, i, class_of(node), escape_xml(node.name),
                             escape_xml(tooltip_of(picture_, node)));
        if (node.folded_count > 0)
            text_ += fmt::format("<rect class=\"box\" x=\"{}\" y=\"{}\" width=\"{}\" "
                                 "height=\"{}\" rx=\"7\"/>",
                                 number(centre.x - box.width / 2 + 4),
                                 number(centre.y - box.height / 2 + 4), number(box.width),
                                 number(box.height));
        text_ += fmt::format("<rect class=\"box\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" "
                             "rx=\"7\"/>",
                             x, y, number(box.width), number(box.height));
        if (node.is_entry)
            text_ += fmt::format("<path class=\"gate\" d=\"M{},{}l7,4.5l-7,4.5z\"/>",
                                 number(centre.x - box.width / 2 + 6), number(centre.y - 4.5));
        const bool is_folded = node.folded_count > 0;
        text_ += fmt::format("<text class=\"name\" x=\"{}\" y=\"{}\">{}</text>", number(centre.x),
                             number(centre.y + (is_folded ? -2 : 4.5)),
                             escape_xml(label_of(picture_, node)));
        if (is_folded)
            text_ +=
                fmt::format("<text class=\"folded\" x=\"{}\" y=\"{}\">{}</text>", number(centre.x),
                            number(centre.y + 14), escape_xml(folded_text(picture_, node)));
        text_ += "</g>\n";
    }

    const PlacedPicture& placed_;
    const Picture& picture_;
    std::string prefix_;
    std::string text_;
};

} // namespace

std::string class_of(const Picture::Node& node) {
    std::string text;
    text += node.is_on_cycle ? " on-cycle" : "";
    text += node.is_entry ? " entry" : "";
    text += node.is_wild ? " wild" : "";
    return text;
}

std::string class_of(const Picture::Edge& edge) {
    std::string text;
    text += edge.marks.empty() ? "" : " cycle";
    text += edge.is_cut ? " cut" : "";
    text += edge.rounds_max ? " loop" : "";
    return text;
}

std::string svg_element(const PlacedPicture& placed, std::size_t picture_number, bool has_style) {
    Writer writer(placed, picture_number);
    const auto width = number(writer.width());
    const auto height = number(writer.height());
    return fmt::format("<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"dm\" role=\"img\" "
                       "viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\">\n{2}{3}</svg>\n",
                       width, height,
                       has_style ? fmt::format("<style>\n{}</style>\n", svg_style()) : "",
                       writer.content());
}

std::string svg_document(std::span<const PlacedPicture> pictures) {
    const std::string declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    if (pictures.size() == 1)
        return declaration + svg_element(pictures.front(), 0, true);
    std::string inner;
    double width = 0;
    double top = 0;
    for (std::size_t i = 0; i < pictures.size(); ++i) {
        Writer writer(pictures[i], i);
        inner += fmt::format("<g transform=\"translate(0,{})\">\n{}</g>\n", number(top),
                             writer.content());
        width = std::max(width, writer.width());
        top += writer.height();
    }
    return fmt::format("{0}<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"dm\" role=\"img\" "
                       "viewBox=\"0 0 {1} {2}\" width=\"{1}\" height=\"{2}\">\n"
                       "<style>\n{3}</style>\n{4}</svg>\n",
                       declaration, number(width), number(top), svg_style(), inner);
}

} // namespace nodes
