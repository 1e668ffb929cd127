#include "mesh/graph/checks/declared_events.hpp"

#include <algorithm>

namespace mesh {

DeclaredEvents::DeclaredEvents(const std::vector<DeclaredEvent>& events) {
    for (const auto& event : events) {
        exact_.emplace(event.name.text(), event);
        if (!event.name.is_topic())
            wild_.push_back(event);
    }
}

bool DeclaredEvents::knows(const Pattern& name) const {
    return exact_.contains(name.text()) ||
           std::ranges::any_of(
               wild_, [&](const DeclaredEvent& event) { return contains(event.name, name); });
}

bool DeclaredEvents::is_terminal(const Pattern& name) const {
    if (const auto known = exact_.find(name.text()); known != exact_.end())
        return known->second.is_terminal;
    return std::ranges::any_of(wild_, [&](const DeclaredEvent& event) {
        return event.is_terminal && contains(event.name, name);
    });
}

bool DeclaredEvents::is_entry(const Pattern& name) const {
    if (const auto known = exact_.find(name.text()); known != exact_.end() && name.is_topic())
        return known->second.is_entry;
    const auto meets = [&](const DeclaredEvent& event) {
        return event.is_entry && intersects(event.name, name);
    };
    if (std::ranges::any_of(wild_, meets))
        return true;
    return !name.is_topic() &&
           std::ranges::any_of(exact_, [&](const auto& entry) { return meets(entry.second); });
}

} // namespace mesh
