#include "mesh/manifest/event_rules.hpp"

#include <algorithm>

namespace mesh {

std::vector<EventRule> event_rules(const RealmManifest& realm, const Contract& contract) {
    const auto published = published_patterns(contract);
    const bool has_wild = std::ranges::any_of(
        realm.events, [](const EventManifest& event) { return !event.name.is_topic(); });
    std::vector<EventRule> rules;
    for (const auto& event : realm.events) {
        // An entry that says nothing new counts only where a pattern would say something else.
        const bool says_nothing = event.level == Level::reliable && !event.is_entry &&
                                  !event.compress_from_bytes && !has_wild;
        const bool is_met = std::ranges::any_of(
            published, [&](const Pattern& pattern) { return intersects(pattern, event.name); });
        if (is_met && !says_nothing)
            rules.push_back({event.name, event.level, event.is_entry, event.compress_from_bytes});
    }
    return rules;
}

} // namespace mesh
