#include "tests/mesh/peer/naive_graph.hpp"

#include <algorithm>
#include <bit>

namespace joining_test {

namespace {

std::vector<mesh::Pattern> effects(const mesh::Contract& contract, std::size_t handler) {
    auto all = mesh::emitted_patterns(contract, contract.handlers[handler]);
    std::erase_if(all, [&](const mesh::Pattern& emits) {
        return std::ranges::any_of(contract.loops, [&](const auto& loop) {
            return loop.handler == contract.handlers[handler].name && loop.emits == emits;
        });
    });
    return all;
}

bool receives(const mesh::HandlerContract& handler, const mesh::Pattern& event) {
    const auto meets = [&](const mesh::Pattern& on) { return mesh::intersects(event, on); };
    return std::ranges::any_of(handler.on, meets) || std::ranges::any_of(handler.after, meets);
}

} // namespace

NaiveGraph::NaiveGraph(const std::vector<std::shared_ptr<const mesh::Contract>>& contracts) {
    for (std::size_t n = 0; n < contracts.size(); ++n)
        for (std::uint32_t h = 0; h < contracts[n]->handlers.size(); ++h) {
            const auto& handler = contracts[n]->handlers[h];
            const bool receives_any = !handler.on.empty() || !handler.after.empty();
            vertices_.push_back({n, h, receives_any && !effects(*contracts[n], h).empty(), 0});
        }
    for (auto& from : vertices_)
        for (const auto& event : effects(*contracts[from.node], from.handler))
            for (std::size_t to = 0; to < vertices_.size(); ++to)
                if (const auto& at = vertices_[to];
                    receives(contracts[at.node]->handlers[at.handler], event))
                    from.next |= 1U << to;
}

/// Takes away what leads nowhere, again and again: a cycle is what stays.
bool NaiveGraph::is_cyclic(std::uint32_t handlers) const {
    for (bool has_changed = true; has_changed;) {
        has_changed = false;
        for (auto rest = handlers; rest != 0; rest &= rest - 1) {
            const auto at = static_cast<std::size_t>(std::countr_zero(rest));
            if ((vertices_[at].next & handlers) != 0)
                continue;
            handlers &= ~(1U << at);
            has_changed = true;
        }
    }
    return handlers != 0;
}

} // namespace joining_test
