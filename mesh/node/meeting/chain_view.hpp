#pragma once

#include "mesh/event/contract.hpp"

#include <atomic>
#include <cstddef>
#include <map>
#include <memory>

namespace mesh {

/// How long a chain of events can be, as far as this node knows: for the rank guard. Contracts that
/// were seen once count for good, because their events may still be under way. The loop's thread
/// tells it, any thread may ask.
class ChainView {
public:
    /// Notes a contract by its hash.
    void note(std::uint64_t hash, const Contract& contract);

    /// Counts anew if something was noted: costs as much as a check of the graph.
    void update();

    std::size_t longest() const { return longest_.load(std::memory_order_relaxed); }

private:
    /// More than there are peers at a time; later ones do not count.
    static constexpr std::size_t contracts_max = 1024;

    std::map<std::uint64_t, Contract> contracts_; ///< those that can prolong a chain
    bool is_stale_ = false;
    std::atomic<std::size_t> longest_{0};
};

} // namespace mesh
