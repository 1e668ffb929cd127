#include "mesh/node/known_topics.hpp"

#include "mesh/base/quick_hash.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace mesh {

KnownTopics::~KnownTopics() {
    for (auto& place : known_)
        delete place.load(std::memory_order_relaxed); // NOLINT(cppcoreguidelines-owning-memory)
}

void KnownTopics::declare(std::vector<Pattern> publishable, EventRules rules) {
    publishable_ = std::move(publishable);
    rules_ = std::move(rules);
}

TopicFacts KnownTopics::find_out(std::string_view topic) const {
    return {std::ranges::any_of(publishable_,
                                [&](const Pattern& pattern) { return pattern.matches(topic); }),
            rules_.is_entry(topic), rules_.level_of(topic), rules_.compress_from_bytes(topic)};
}

TopicFacts KnownTopics::facts_of(std::string_view topic) const {
    const auto hash = quick_hash(topic);
    for (std::size_t i = 0; i < places_tried; ++i) {
        auto& place = known_[(hash + i) % places];
        const auto* known = place.load(std::memory_order_acquire);
        if (known != nullptr && is_same_text(known->topic, topic))
            return known->facts;
        if (known != nullptr)
            continue;
        const auto facts = find_out(topic);
        auto fresh = std::make_unique<const Known>(Known{std::string(topic), facts});
        const Known* nothing = nullptr;
        if (place.compare_exchange_strong(nothing, fresh.get(), std::memory_order_acq_rel))
            static_cast<void>(fresh.release());
        return facts;
    }
    return find_out(topic);
}

} // namespace mesh
