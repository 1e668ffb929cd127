#include "nodes/gateway/allowance.hpp"

#include "mesh/event/topic.hpp"

#include <algorithm>
#include <iterator>
#include <set>

namespace nodes {

namespace {

bool matches_any(const std::vector<mesh::Pattern>& patterns, std::string_view topic) {
    return patterns.empty() || std::ranges::any_of(patterns, [&](const mesh::Pattern& pattern) {
               return pattern.matches(topic);
           });
}

bool meets_any(const std::vector<mesh::Pattern>& patterns, const mesh::Pattern& wanted) {
    return patterns.empty() || std::ranges::any_of(patterns, [&](const mesh::Pattern& pattern) {
               return intersects(pattern, wanted);
           });
}

} // namespace

std::vector<std::string> Allowance::declared() const {
    std::vector<std::string> texts;
    for (const auto& pattern : allowed_.empty() ? named_ : allowed_)
        texts.push_back(pattern.text());
    if (texts.empty())
        texts.emplace_back(">");
    return texts;
}

bool Allowance::knows(std::string_view topic) const {
    return matches_any(named_, topic) && matches_any(allowed_, topic);
}

OrRefusal<void> Allowance::check_topic(std::string_view topic) const {
    if (const auto checked = mesh::check_topic(topic); !checked)
        return refuse(400, checked.error().detail);
    if (!knows(topic))
        return refuse(404, "the topic " + in_quotes(topic) +
                               " is not known here: see --manifest and "
                               "--allow of the gateway");
    return {};
}

OrRefusal<mesh::Pattern> Allowance::check_pattern(std::string_view text) const {
    auto pattern = mesh::Pattern::parse(text);
    if (!pattern)
        return refuse(400, "pattern: " + pattern.error().detail);
    if (!meets_any(named_, *pattern) || !meets_any(allowed_, *pattern))
        return refuse(404, "no topic that is known here matches " + in_quotes(text));
    return std::move(*pattern);
}

std::vector<mesh::Pattern> named_patterns(const mesh::RealmManifest& realm) {
    std::set<mesh::Pattern> names;
    // Who listens to `>` names no topic: it takes what there is.
    const auto add_topics = [&](const std::vector<mesh::Pattern>& heard) {
        std::ranges::copy_if(heard, std::inserter(names, names.end()), &mesh::Pattern::is_topic);
    };
    for (const auto& event : realm.events)
        names.insert(event.name);
    for (const auto& service : realm.services) {
        const auto& contract = service.contract;
        if (contract.publishes)
            names.insert(contract.publishes->begin(), contract.publishes->end());
        for (const auto& handler : contract.handlers) {
            add_topics(handler.on);
            add_topics(handler.after);
            if (handler.emits)
                names.insert(handler.emits->begin(), handler.emits->end());
        }
    }
    return {names.begin(), names.end()};
}

} // namespace nodes
