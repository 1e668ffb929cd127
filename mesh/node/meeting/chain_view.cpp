#include "mesh/node/meeting/chain_view.hpp"

#include "mesh/graph/longest_chain.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace mesh {

void ChainView::note(std::uint64_t hash, const Contract& contract) {
    const bool prolongs =
        std::ranges::any_of(contract.handlers, [&](const HandlerContract& handler) {
            return !handler.on.empty() && !emitted_patterns(contract, handler).empty();
        });
    if (!prolongs || contracts_.size() >= contracts_max)
        return;
    if (contracts_.emplace(hash, contract).second)
        is_stale_ = true;
}

void ChainView::update() {
    if (!std::exchange(is_stale_, false))
        return;
    std::vector<Contract> contracts;
    for (const auto& [hash, contract] : contracts_)
        contracts.push_back(contract);
    longest_.store(std::max(longest(), longest_chain(contracts)), std::memory_order_relaxed);
}

} // namespace mesh
