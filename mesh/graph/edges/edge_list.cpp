#include "mesh/graph/edges/edge_list.hpp"

#include <algorithm>

namespace mesh {

void EdgeList::reserve(std::size_t more, std::size_t count_expected) {
    const auto needed = count_ + more;
    if (needed <= edges_.size())
        return;
    edges_.grow(std::max({needed, count_expected, edges_.size() * 2}), count_);
}

} // namespace mesh
