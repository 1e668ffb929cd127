#include "nodes/draw/make_picture.hpp"

#include "nodes/draw/picture_cycles.hpp"
#include "nodes/draw/picture_edges.hpp"
#include "nodes/draw/picture_levels.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace nodes {

namespace {

std::vector<EmissionName> cut_of(const mesh::GraphReport& report) {
    std::vector<EmissionName> cut;
    for (const auto& finding : report.findings)
        for (const auto& edge : finding.cut)
            cut.push_back({edge.handler, edge.emits});
    return cut;
}

std::map<std::string, std::string> services_of(const mesh::GraphInput& input) {
    std::map<std::string, std::string> services;
    for (const auto& declared : input.contracts)
        for (const auto& handler : declared.contract.handlers)
            services.emplace(declared.contract.service + "." + handler.name,
                             declared.contract.service);
    return services;
}

Selection select(const ViewGraph& view, const std::vector<Picture::Index>& witnesses,
                 std::size_t nodes_max) {
    if (view.nodes.size() <= nodes_max)
        return select_all(view);
    return witnesses.empty() ? fold_by_prefix(view, nodes_max)
                             : select_cyclic(view, witnesses, nodes_max);
}

void add_nodes(const ViewGraph& view, const Selection& selection, Picture& picture) {
    for (const auto& one : selection.drawn) {
        const auto& node = view.nodes[one.node];
        Picture::Node drawn;
        drawn.name = one.name;
        drawn.folded_count = one.folded_count;
        if (one.folded_count == 0) {
            drawn.place = node.place;
            drawn.notes = node.notes;
            drawn.is_entry = node.is_entry;
            drawn.is_wild = view.view == View::events &&
                            (one.name.find('*') != std::string::npos || one.name.ends_with('>'));
        }
        picture.nodes.push_back(std::move(drawn));
    }
}

} // namespace

std::string picture_title(const std::string& realm, View view) {
    return (realm.empty() ? "" : realm + ": ") + std::string(to_text(view));
}

Picture make_picture(const mesh::GraphInput& input, const mesh::GraphReport& report,
                     const PictureOptions& options) {
    const auto view = make_view(input, options.view, cut_of(report));
    const StepNames names(options.view, services_of(input));
    const auto selection =
        select(view, witness_nodes(view, names, report.findings), options.nodes_max);

    Picture picture;
    picture.title = options.title;
    picture.view = options.view;
    picture.notes = selection.notes;
    add_nodes(view, selection, picture);
    add_edges(view, selection, picture);
    const bool is_folded = std::ranges::any_of(
        picture.nodes, [](const Picture::Node& node) { return node.folded_count > 0; });
    if (options.view == View::events && !is_folded)
        set_levels(report.levels, picture);
    else
        set_levels(picture);
    set_groups(picture);
    add_cycles(view, selection, names, report.findings, picture);
    if (picture.edges.size() > options.edges_max) {
        limit_edges(options.edges_max, picture);
        // The numbers of the edges have changed: the steps are found anew.
        picture.cycles.clear();
        for (auto& edge : picture.edges)
            edge.marks.clear();
        add_cycles(view, selection, names, report.findings, picture);
    }
    return picture;
}

} // namespace nodes
