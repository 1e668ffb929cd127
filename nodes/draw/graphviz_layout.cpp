#include "nodes/draw/layout.hpp"
#include "nodes/draw/layout_bounds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <gvc.h>
#include <limits>
#include <memory>
#include <string>

namespace nodes {

namespace {

constexpr double points_per_inch = 72;

/// Graphviz reports through one function for all its graphs; what it says lands here.
std::string& told() {
    static std::string text;
    return text;
}

int hear(char* message) {
    told() += message;
    return 0;
}

/// Its functions take `char*` and leave the text alone.
char* text_of(const std::string& text) {
    return const_cast<char*>(text.c_str()); // NOLINT(cppcoreguidelines-pro-type-const-cast)
}

/// The graph, its layout and the context, freed in the order that Graphviz wants.
class Session {
public:
    Session() : context_(gvContext()), graph_(agopen(text_of("g"), Agdirected, nullptr)) {}

    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    ~Session() {
        if (is_laid_out_)
            gvFreeLayout(context_, graph_);
        agclose(graph_);
        gvFreeContext(context_);
    }

    Agraph_t* graph() const { return graph_; }

    void declare(int kind, const std::string& name, const std::string& value) {
        agattr(graph_, kind, text_of(name), text_of(value));
    }

    static void set(void* object, const std::string& name, const std::string& value) {
        agset(object, text_of(name), text_of(value));
    }

    Agnode_t* add_node(const std::string& name) { return agnode(graph_, text_of(name), 1); }

    Agedge_t* add_edge(Agnode_t* from, Agnode_t* to) {
        return agedge(graph_, from, to, nullptr, 1);
    }

    /// Keeps a place for a label of this size. A table without text needs no font.
    void set_label(Agedge_t* edge, double width, double height) {
        const auto table = fmt::format("<table border=\"0\" cellborder=\"0\" cellspacing=\"0\" "
                                       "cellpadding=\"0\"><tr><td fixedsize=\"true\" "
                                       "width=\"{:.0f}\" height=\"{:.0f}\"></td></tr></table>",
                                       width, height);
        char* html = agstrdup_html(graph_, text_of(table));
        agset(edge, text_of("label"), html);
        agstrfree(graph_, html);
    }

    bool lay_out() {
        told().clear();
        const auto before = agseterrf(hear);
        is_laid_out_ = gvLayout(context_, graph_, "dot") == 0;
        agseterrf(before);
        return is_laid_out_;
    }

private:
    GVC_t* context_;
    Agraph_t* graph_;
    bool is_laid_out_ = false;
};

/// The graph of a task, as Graphviz wants it.
class Drawing {
public:
    explicit Drawing(const LayoutTask& task) : task_(task), is_routed_(choose_routed(task)) {
        declare_attributes();
        add_levels();
        add_boxes();
        add_edges();
    }

    mesh::Result<Layout> lay_out() {
        if (!session_.lay_out())
            return mesh::fail(mesh::ErrorCode::environment,
                              "Graphviz could not place the graph: " + told());
        return read();
    }

private:
    void declare_attributes() {
        session_.declare(AGRAPH, "rankdir", "LR");
        session_.declare(AGRAPH, "nodesep", "0.32");
        session_.declare(AGRAPH, "ranksep", "0.75");
        // Bounds for the steps of its simplex method and of its search for few crossings.
        session_.declare(AGRAPH, "nslimit", "8");
        session_.declare(AGRAPH, "nslimit1", "8");
        session_.declare(AGRAPH, "mclimit", "1");
        session_.declare(AGRAPH, "rank", "");
        session_.declare(AGNODE, "shape", "box");
        session_.declare(AGNODE, "fixedsize", "true");
        session_.declare(AGNODE, "label", "");
        session_.declare(AGNODE, "width", "0.01");
        session_.declare(AGNODE, "height", "0.01");
        session_.declare(AGEDGE, "arrowhead", "none");
        session_.declare(AGEDGE, "label", "");
        session_.declare(AGEDGE, "weight", "1");
        session_.declare(AGEDGE, "style", "");
    }

    /// One point a level, tied to the next one: whatever the edges are, the columns stand.
    void add_levels() {
        std::size_t count = 0;
        for (const auto& box : task_.boxes)
            count = std::max(count, box.level + 1);
        for (std::size_t level = 0; level < count; ++level) {
            columns_.push_back(agsubg(session_.graph(), text_of(fmt::format("c{}", level)), 1));
            Session::set(columns_.back(), "rank", "same");
            points_.push_back(session_.add_node(fmt::format("p{}", level)));
            agsubnode(columns_.back(), points_.back(), 1);
            if (level == 0)
                continue;
            auto* tie = session_.add_edge(points_[level - 1], points_[level]);
            Session::set(tie, "style", "invis");
            Session::set(tie, "weight", "0");
        }
    }

    void add_boxes() {
        for (std::size_t i = 0; i < task_.boxes.size(); ++i) {
            const auto& box = task_.boxes[i];
            auto* node = session_.add_node(fmt::format("n{}", i));
            Session::set(node, "width", fmt::format("{:.4f}", box.width / points_per_inch));
            Session::set(node, "height", fmt::format("{:.4f}", box.height / points_per_inch));
            agsubnode(columns_[box.level], node, 1);
            boxes_.push_back(node);
        }
    }

    /// Every edge is given from left to right, and its curve turned around afterwards: what
    /// Graphviz sees has no cycle, no loop and no edge within a column. With those, version 2.42
    /// writes over its own memory.
    void add_edges() {
        for (std::size_t i = 0; i < task_.edges.size(); ++i) {
            const auto& edge = task_.edges[i];
            edges_.push_back(nullptr);
            if (!is_routed_[i])
                continue;
            const bool is_back = is_backward(edge);
            edges_.back() = session_.add_edge(boxes_[is_back ? edge.to : edge.from],
                                              boxes_[is_back ? edge.from : edge.to]);
            if (edge.label_width > 0)
                session_.set_label(edges_.back(), edge.label_width, edge.label_height);
        }
    }

    bool is_backward(const LayoutTask::Edge& edge) const {
        return task_.boxes[edge.from].level > task_.boxes[edge.to].level;
    }

    Layout read() const {
        Layout layout{};
        for (auto* node : boxes_)
            layout.centres.push_back({ND_coord(node).x, -ND_coord(node).y});
        for (auto* point : points_)
            layout.columns.push_back(ND_coord(point).x);
        for (std::size_t i = 0; i < edges_.size(); ++i) {
            auto curve = edges_[i] == nullptr ? std::vector<Point>{} : curve_of(edges_[i]);
            if (curve.size() < 4)
                curve = plain_curve(task_, layout, task_.edges[i]);
            else if (is_backward(task_.edges[i]))
                std::ranges::reverse(curve);
            layout.curves.push_back(std::move(curve));
            layout.labels.push_back(label_of(edges_[i]));
        }
        move_to_origin(layout);
        return layout;
    }

    static std::vector<Point> curve_of(Agedge_t* edge) {
        std::vector<Point> curve;
        if (ED_spl(edge) == nullptr || ED_spl(edge)->size == 0)
            return curve;
        const auto& bezier = ED_spl(edge)->list[0];
        for (int i = 0; i < bezier.size; ++i)
            curve.push_back({bezier.list[i].x, -bezier.list[i].y});
        return curve;
    }

    static std::optional<Point> label_of(Agedge_t* edge) {
        if (edge == nullptr || ED_label(edge) == nullptr || !ED_label(edge)->set)
            return std::nullopt;
        return Point{ED_label(edge)->pos.x, -ED_label(edge)->pos.y};
    }

    /// Everything moves so that it begins at 0, 0: curves may leave the box of the graph.
    void move_to_origin(Layout& layout) const {
        constexpr double far = std::numeric_limits<double>::max();
        Point least{far, far};
        Point most{-far, -far};
        const auto meet = [&](double x, double y) {
            least = {std::min(least.x, x), std::min(least.y, y)};
            most = {std::max(most.x, x), std::max(most.y, y)};
        };
        for (std::size_t i = 0; i < task_.boxes.size(); ++i) {
            const auto& [width, height, level] = task_.boxes[i];
            meet(layout.centres[i].x - width / 2, layout.centres[i].y - height / 2);
            meet(layout.centres[i].x + width / 2, layout.centres[i].y + height / 2);
        }
        for (const auto& curve : layout.curves)
            for (const auto& point : curve)
                meet(point.x, point.y);
        for (std::size_t i = 0; i < layout.labels.size(); ++i)
            if (const auto& label = layout.labels[i])
                for (const double side : {-0.5, 0.5})
                    meet(label->x + side * task_.edges[i].label_width,
                         label->y + side * task_.edges[i].label_height);
        const auto move = [&](Point& point) {
            point.x -= least.x;
            point.y -= least.y;
        };
        std::ranges::for_each(layout.centres, move);
        for (auto& curve : layout.curves)
            std::ranges::for_each(curve, move);
        for (auto& label : layout.labels)
            if (label)
                move(*label);
        for (auto& column : layout.columns)
            column -= least.x;
        layout.width = most.x - least.x;
        layout.height = most.y - least.y;
    }

    const LayoutTask& task_;
    std::vector<bool> is_routed_;
    Session session_;
    std::vector<Agraph_t*> columns_;
    std::vector<Agnode_t*> points_;
    std::vector<Agnode_t*> boxes_;
    std::vector<Agedge_t*> edges_;
};

} // namespace

bool has_layout() {
    return true;
}

mesh::Result<Layout> lay_out(const LayoutTask& task) {
    if (task.boxes.empty())
        return Layout{};
    return Drawing(task).lay_out();
}

} // namespace nodes
