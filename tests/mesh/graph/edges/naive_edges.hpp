#pragma once

#include "mesh/graph/edges/edge_list.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Edge lists the slow and plain way, to compare with.
namespace naive {

struct Name {
    std::string text;
    mesh::TextPosition at;
};

/// The names of a text, one byte after the other.
inline std::vector<Name> names_in(std::string_view text) {
    std::vector<Name> names;
    mesh::TextPosition here;
    bool is_in_name = false;
    for (const char byte : text) {
        const bool is_blank = byte == ' ' || byte == '\t' || byte == '\n';
        if (!is_blank && !is_in_name)
            names.push_back({"", here});
        if (!is_blank)
            names.back().text += byte;
        is_in_name = !is_blank;
        here = byte == '\n' ? mesh::TextPosition{here.line + 1, 1}
                            : mesh::TextPosition{here.line, here.column + 1};
    }
    return names;
}

/// Which vertices reach which, over one edge or more.
class Closure {
public:
    Closure(std::size_t count, const std::vector<mesh::Digraph::Edge>& edges)
        : count_(count), distance_(count * count, none) {
        for (const auto& [tail, head] : edges)
            distance_[tail * count + head] = 1;
        for (std::size_t over = 0; over < count; ++over)
            for (std::size_t from = 0; from < count; ++from)
                for (std::size_t to = 0; to < count; ++to)
                    distance_[from * count + to] =
                        std::min(distance_[from * count + to],
                                 distance_[from * count + over] + distance_[over * count + to]);
    }

    bool reaches(std::size_t from, std::size_t to) const { return distance(from, to) < none; }

    /// Edges on the shortest way; `none` without one.
    std::size_t distance(std::size_t from, std::size_t to) const {
        return distance_[from * count_ + to];
    }

    bool is_acyclic() const {
        for (std::size_t i = 0; i < count_; ++i)
            if (reaches(i, i))
                return false;
        return true;
    }

    static constexpr std::size_t none = 1'000'000;

private:
    std::size_t count_;
    std::vector<std::size_t> distance_;
};

/// The edges of a text, with names numbered as they come; nothing for an odd number of names.
struct Edges {
    std::map<std::string, mesh::Digraph::Vertex> numbers;
    std::vector<mesh::Digraph::Edge> edges;

    Closure closure() const { return {numbers.size(), edges}; }
};

inline std::optional<Edges> edges_in(std::string_view text) {
    const auto names = names_in(text);
    if (names.size() % 2 != 0)
        return std::nullopt;
    Edges result;
    const auto number = [&](const Name& name) {
        return result.numbers
            .emplace(name.text, static_cast<mesh::Digraph::Vertex>(result.numbers.size()))
            .first->second;
    };
    for (std::size_t i = 0; i < names.size(); i += 2) {
        const auto tail = number(names[i]);
        result.edges.emplace_back(tail, number(names[i + 1]));
    }
    return result;
}

} // namespace naive
