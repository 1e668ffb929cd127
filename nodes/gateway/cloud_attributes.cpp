#include "nodes/gateway/cloud_attributes.hpp"

#include "mesh/event/topic.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace nodes {

namespace {

/// CloudEvents 1.0.2, "Naming Conventions": lower-case letters and digits.
bool is_attribute_name(std::string_view name) {
    return !name.empty() && std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    });
}

std::optional<std::string_view> value_of(const CloudAttributes& attributes, std::string_view name) {
    for (const auto& [given, value] : attributes)
        if (given == name)
            return value;
    return std::nullopt;
}

OrRefusal<void> check(const CloudAttributes& attributes) {
    constexpr std::array<std::string_view, 4> required{"specversion", "id", "source", "type"};
    for (const auto name : required)
        if (value_of(attributes, name).value_or("").empty())
            return refuse(400, "expected a CloudEvent with " + std::string(name) +
                                   ", which is missing or empty");
    if (const auto version = *value_of(attributes, "specversion"); version != "1.0")
        return refuse(400, "expected specversion 1.0, got " + in_quotes(version));
    for (const auto& [name, value] : attributes) {
        if (!is_attribute_name(name))
            return refuse(400,
                          "expected an attribute's name of a-z and 0-9, got " + in_quotes(name));
        if (!mesh::is_utf8(value))
            return refuse(400, name + ": expected UTF-8, got " + in_quotes(value));
        if (std::ranges::count(attributes, name, &CloudAttributes::value_type::first) > 1)
            return refuse(400, "expected one attribute " + name + ", got two");
    }
    return {};
}

} // namespace

OrRefusal<mesh::NewEvent> event_of(const CloudAttributes& attributes, std::string_view topic) {
    if (auto checked = check(attributes); !checked)
        return tl::unexpected(checked.error());
    const auto type = *value_of(attributes, "type");
    mesh::NewEvent event;
    event.topic = topic.empty() ? type : topic;
    for (const auto& [name, value] : attributes) {
        if (name == "partitionkey") {
            if (value.size() > mesh::key_size_bytes_max)
                return refuse(400, "partitionkey: expected at most " +
                                       std::to_string(mesh::key_size_bytes_max) + " bytes, got " +
                                       std::to_string(value.size()));
            event.options.key = value;
        } else if (name != "specversion" && !(name == "type" && value == event.topic)) {
            event.options.headers.emplace_back("ce-" + name, value);
        }
    }
    return event;
}

} // namespace nodes
