#include "nodes/cli/event_key.hpp"

#include "nodes/cli/json_convert.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace nodes {

namespace {

/// The entry that says where the key is: that of exactly the topic, else of the narrowest pattern.
const mesh::EventManifest* entry_of(const std::vector<mesh::EventManifest>& events,
                                    std::string_view topic) {
    const mesh::EventManifest* found = nullptr;
    for (const auto& one : events) {
        if (one.key.empty() || !one.name.matches(topic))
            continue;
        if (one.name.is_topic())
            return &one;
        if (found == nullptr || mesh::contains(found->name, one.name))
            found = &one;
    }
    return found;
}

} // namespace

std::string key_in(const std::vector<mesh::EventManifest>& events, std::string_view topic,
                   const mesh::Payload& payload) {
    const auto* entry = entry_of(events, topic);
    if (entry == nullptr || payload.content_type != mesh::default_content_type)
        return {};
    const auto text = json_of_msgpack(mesh::bytes_of(payload.bytes));
    const auto data = text ? nlohmann::json::parse(*text, nullptr, false) : nlohmann::json();
    const auto* value = &data;
    for (std::string_view path = entry->key; !path.empty();) {
        const auto end = std::min(path.find('.'), path.size());
        if (!value->is_object())
            return {};
        const auto found = value->find(std::string(path.substr(0, end)));
        if (found == value->end())
            return {};
        value = &*found;
        path.remove_prefix(std::min(end + 1, path.size()));
    }
    if (value->is_string())
        return value->get<std::string>();
    return value->is_number() || value->is_boolean() ? value->dump() : std::string();
}

} // namespace nodes
