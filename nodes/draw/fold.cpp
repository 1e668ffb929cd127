#include "nodes/draw/selection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

namespace nodes {

namespace {

using Index = ViewGraph::Index;

/// What a name is drawn as when only so many of its tokens are kept: itself when it has no more,
/// else a prefix with its last dot, which no topic ends with.
std::string prefix_of(std::string_view name, std::size_t token_count) {
    std::size_t end = 0;
    for (std::size_t i = 0; i < token_count; ++i) {
        const auto dot = name.find('.', end);
        if (dot == std::string_view::npos)
            return std::string(name);
        end = dot + 1;
    }
    return std::string(name.substr(0, end));
}

std::size_t tokens_of(std::string_view name) {
    return 1 + static_cast<std::size_t>(std::ranges::count(name, '.'));
}

using Folds = std::map<std::string, std::vector<Index>>;

Folds folded_to(const ViewGraph& view, std::size_t token_count) {
    Folds folds;
    for (Index node = 0; node < view.nodes.size(); ++node)
        folds[prefix_of(view.nodes[node].name, token_count)].push_back(node);
    return folds;
}

/// With more tokens there are never fewer different prefixes, so the largest number of tokens that
/// fits is found by going up.
Folds fitting(const ViewGraph& view, std::size_t nodes_max) {
    std::size_t longest = 1;
    for (const auto& node : view.nodes)
        longest = std::max(longest, tokens_of(node.name));
    auto folds = folded_to(view, 1);
    for (std::size_t count = 2; count <= longest && folds.size() <= nodes_max; ++count) {
        auto finer = folded_to(view, count);
        if (finer.size() > nodes_max)
            break;
        folds = std::move(finer);
    }
    return folds;
}

/// The largest folds stay, one node stands for all others.
Folds with_rest(Folds folds, std::size_t nodes_max) {
    std::vector<std::pair<std::size_t, std::string>> by_size;
    for (const auto& [name, members] : folds)
        by_size.emplace_back(members.size(), name);
    std::ranges::stable_sort(by_size,
                             [](const auto& a, const auto& b) { return a.first > b.first; });
    std::vector<Index> rest;
    for (std::size_t i = nodes_max - 1; i < by_size.size(); ++i) {
        const auto fold = folds.find(by_size[i].second);
        rest.insert(rest.end(), fold->second.begin(), fold->second.end());
        folds.erase(fold);
    }
    auto& others = folds["(others)"];
    others.insert(others.end(), rest.begin(), rest.end());
    std::ranges::sort(others);
    return folds;
}

} // namespace

Selection fold_by_prefix(const ViewGraph& view, std::size_t nodes_max) {
    auto folds = fitting(view, nodes_max);
    if (folds.size() > nodes_max)
        folds = with_rest(std::move(folds), nodes_max);
    Selection selection;
    selection.by_node.resize(view.nodes.size());
    for (const auto& [name, members] : folds) {
        for (const auto node : members)
            selection.by_node[node] = static_cast<Index>(selection.drawn.size());
        if (members.size() == 1)
            selection.drawn.push_back({view.nodes[members.front()].name, members.front(), 0});
        else
            selection.drawn.push_back({name, members.front(), members.size()});
    }
    selection.notes.push_back(fmt::format("{} {} folded by prefix into {}", view.nodes.size(),
                                          to_text(view.view), selection.drawn.size()));
    return selection;
}

} // namespace nodes
