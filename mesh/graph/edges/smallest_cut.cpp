#include "mesh/graph/edges/smallest_cut.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <limits>

namespace mesh {

std::vector<Digraph::Edge> smallest_cut(const EdgeGroup& group) {
    // A cut is what leads backward in some order of the members. The best order of a set of members
    // has one of them as its last, and before it the best order of the others (Held and Karp's
    // method): what the last one adds are its edges into the set.
    const auto count = group.members.size();
    assert(count <= smallest_cut_members_max);
    std::vector<std::uint32_t> heads(count);
    for (const auto& [tail, head] : group.edges)
        heads[tail] |= std::uint32_t{1} << head;
    const auto all = (std::uint32_t{1} << count) - 1;
    std::vector<std::uint16_t> cost(std::size_t{all} + 1,
                                    std::numeric_limits<std::uint16_t>::max());
    std::vector<std::uint8_t> last(std::size_t{all} + 1);
    cost[0] = 0;
    for (std::uint32_t set = 1; set <= all; ++set) {
        for (auto left = set; left != 0; left &= left - 1) {
            const auto member = static_cast<unsigned>(std::countr_zero(left));
            const auto before = set & ~(std::uint32_t{1} << member);
            const auto with = cost[before] + std::popcount(heads[member] & before);
            if (with < cost[set]) {
                cost[set] = static_cast<std::uint16_t>(with);
                last[set] = static_cast<std::uint8_t>(member);
            }
        }
    }
    std::vector<std::size_t> position(count);
    auto set = all;
    for (auto at = count; at-- > 0; set &= ~(std::uint32_t{1} << last[set]))
        position[last[set]] = at;
    std::vector<Digraph::Edge> cut;
    for (const auto& edge : group.edges)
        if (position[edge.first] > position[edge.second])
            cut.push_back(edge);
    std::ranges::sort(cut);
    return cut;
}

} // namespace mesh
