#include "mesh/event/contract.hpp"

#include <algorithm>

namespace mesh {

std::vector<Pattern> published_patterns(const Contract& contract) {
    if (contract.publishes)
        return *contract.publishes;
    std::vector<Pattern> all;
    for (const auto& handler : contract.handlers)
        if (handler.emits)
            all.insert(all.end(), handler.emits->begin(), handler.emits->end());
    std::ranges::sort(all);
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return all;
}

std::vector<Pattern> emitted_patterns(const Contract& contract, const HandlerContract& handler) {
    if (handler.emits)
        return *handler.emits;
    return contract.publishes.value_or(std::vector<Pattern>{});
}

} // namespace mesh
