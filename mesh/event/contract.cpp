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

const std::vector<Pattern>& heard_patterns(const HandlerContract& handler) {
    return handler.on.empty() ? handler.after : handler.on;
}

bool reaches(const Contract& publisher, const HandlerContract& handler) {
    const auto published = published_patterns(publisher);
    return std::ranges::any_of(heard_patterns(handler), [&](const Pattern& wanted) {
        return std::ranges::any_of(
            published, [&](const Pattern& pattern) { return intersects(pattern, wanted); });
    });
}

bool reaches(const Contract& publisher, const Contract& subscriber) {
    return std::ranges::any_of(subscriber.handlers, [&](const HandlerContract& handler) {
        return reaches(publisher, handler);
    });
}

} // namespace mesh
