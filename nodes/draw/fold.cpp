#include "nodes/draw/selection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

namespace nodes {

namespace {

using Index = ViewGraph::Index;

using Folds = std::map<std::string, std::vector<Index>>; ///< by prefix

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

/// Unfolds level by level of the names, each level whole as long as that fits. At the first that
/// does not, folds unfold together with those of the same parent, few children first; then it ends.
class Unfolding {
public:
    Unfolding(const ViewGraph& view, std::size_t nodes_max) : view_(view), nodes_max_(nodes_max) {
        for (Index node = 0; node < view.nodes.size(); ++node)
            folds_[prefix_of(view.nodes[node].name, 1)].push_back(node);
    }

    Folds unfold() {
        for (depth_ = 2; folds_.size() <= nodes_max_; ++depth_) {
            auto families = find_families();
            std::size_t growth = 0;
            for (const auto& family : families)
                growth += family.growth;
            if (families.empty())
                break;
            const bool is_last = folds_.size() + growth > nodes_max_;
            std::ranges::stable_sort(families, {}, &Family::growth);
            for (const auto& family : families)
                if (folds_.size() + family.growth <= nodes_max_)
                    for (const auto& prefix : family.prefixes)
                        replace(prefix);
            if (is_last)
                break;
        }
        return std::move(folds_);
    }

private:
    struct Family {
        std::vector<std::string> prefixes;
        std::size_t growth = 0; ///< how many nodes more its unfolding makes
    };

    Folds children_of(const std::string& prefix) const {
        Folds children;
        for (const auto node : folds_.at(prefix))
            children[prefix_of(view_.nodes[node].name, depth_)].push_back(node);
        return children;
    }

    /// What can be unfolded, by parent; at the top each by itself.
    std::vector<Family> find_families() const {
        std::map<std::string, Family> by_parent;
        for (const auto& [prefix, members] : folds_) {
            if (members.size() < 2 || !prefix.ends_with('.'))
                continue;
            auto& family = by_parent[depth_ == 2 ? prefix : prefix_of(prefix, depth_ - 2)];
            family.prefixes.push_back(prefix);
            family.growth += children_of(prefix).size() - 1;
        }
        std::vector<Family> families;
        families.reserve(by_parent.size());
        for (auto& [parent, family] : by_parent)
            families.push_back(std::move(family));
        return families;
    }

    void replace(const std::string& prefix) {
        auto children = children_of(prefix);
        folds_.erase(prefix);
        folds_.merge(children);
    }

    const ViewGraph& view_;
    std::size_t nodes_max_;
    std::size_t depth_ = 2; ///< tokens that the children of a fold keep
    Folds folds_;
};

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
    auto folds = Unfolding(view, nodes_max).unfold();
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
