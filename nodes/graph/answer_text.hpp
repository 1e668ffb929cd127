#pragma once

#include "mesh/graph/finding.hpp"

#include <cstddef>
#include <iosfwd>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nodes {

/// `1 event`, `2 events`.
std::string counted(std::size_t count, std::string_view what);

/// How a realm is called in a heading.
std::string_view realm_title(const std::string& realm);

/// Rows of cells, each column as wide as its widest cell, without blanks at the end of a line.
class Table {
public:
    explicit Table(std::string indent) : indent_(std::move(indent)) {}

    void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }

    void print(std::ostream& out) const;

private:
    std::string indent_;
    std::vector<std::vector<std::string>> rows_;
};

/// A walk, one event below the other, as `check` prints cycles: the arrow means "causes", by the
/// handler beside it. Ends with what the last handler emits.
void print_walk(const std::vector<mesh::WalkStep>& walk, std::ostream& out);

/// `a -> b -> c`: the events of a walk; the arrow means "causes".
std::string event_chain(const std::vector<mesh::WalkStep>& walk);

} // namespace nodes
