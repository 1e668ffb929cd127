#pragma once

#include "mesh/event/contract.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace joining_test {

/// Up to 32 handlers of some nodes and what they cause directly, found by looking at every pair:
/// what the graph of the admission is held against. Sets of handlers are bits.
class NaiveGraph {
public:
    struct Vertex {
        std::size_t node = 0;
        std::uint32_t handler = 0;
        bool is_relay = false; ///< it both receives and emits
        std::uint32_t next = 0;
    };

    explicit NaiveGraph(const std::vector<std::shared_ptr<const mesh::Contract>>& contracts);

    const std::vector<Vertex>& vertices() const { return vertices_; }

    bool is_cyclic(std::uint32_t handlers) const;

private:
    std::vector<Vertex> vertices_;
};

} // namespace joining_test
