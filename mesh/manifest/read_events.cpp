#include "mesh/event/topic.hpp"
#include "mesh/manifest/document.hpp"

#include <set>
#include <utility>

namespace mesh {

namespace {

using Reading = DocumentReading;

/// A field's type is any one word: it is compared as text, not interpreted.
void read_type(Reading& reading, const YamlNode& node, FieldManifest& field) {
    const auto type = reading.name("type", node);
    field.type = type.value_or("");
}

void read_fields(Reading& reading, const YamlNode& node, std::vector<FieldManifest>& into) {
    reading.named(node, "fields", [&](const YamlNode& key, const YamlNode& value) {
        FieldManifest field{.name = key.text, .type = {}};
        if (key.text.empty())
            reading.error_in("fields", key, "the name of a field is empty");
        if (value.kind != YamlNode::Kind::map) {
            read_type(reading, value, field);
        } else {
            bool has_type = false;
            reading.fields(value, "a field",
                           {{"type",
                             [&](const YamlNode&, const YamlNode& type) {
                                 has_type = true;
                                 read_type(reading, type, field);
                             }},
                            {"redact", [&](const YamlNode&, const YamlNode& redact) {
                                 field.is_redacted =
                                     reading.boolean("redact", redact).value_or(false);
                             }}});
            if (!has_type)
                reading.error(key, "expected a \"type\" for field " + in_quotes(key.text));
        }
        into.push_back(std::move(field));
    });
}

void read_key(Reading& reading, const YamlNode& node, EventManifest& event) {
    const auto path = reading.text("key", node);
    if (path && !check_topic(*path))
        reading.error_in("key", node,
                         "expected a dotted path such as order.id, got " + in_quotes(*path));
    event.key = path.value_or("");
}

void read_event(Reading& reading, const YamlNode& node, EventManifest& event) {
    reading.fields(
        node, "an event",
        {{"level",
          [&](const YamlNode&, const YamlNode& value) {
              event.level = reading
                                .choice<Level>("level", value,
                                               {{"fast", Level::fast},
                                                {"reliable", Level::reliable},
                                                {"durable", Level::durable},
                                                {"once", Level::once}})
                                .value_or(Level::reliable);
          }},
         {"fields", [&](const YamlNode&,
                        const YamlNode& value) { read_fields(reading, value, event.fields); }},
         {"key", [&](const YamlNode&, const YamlNode& value) { read_key(reading, value, event); }},
         {"entry",
          [&](const YamlNode&, const YamlNode& value) {
              event.is_entry = reading.boolean("entry", value).value_or(false);
          }},
         {"terminal",
          [&](const YamlNode&, const YamlNode& value) {
              event.is_terminal = reading.boolean("terminal", value).value_or(false);
          }},
         {"compress", [&](const YamlNode&, const YamlNode& value) {
              event.compress_from_bytes = reading.size_bytes("compress", value);
          }}});
}

} // namespace

void read_events(Reading& reading, const YamlNode& node, std::vector<EventManifest>& into) {
    std::set<std::string> seen;
    reading.named(node, "events", [&](const YamlNode& key, const YamlNode& value) {
        auto name = reading.pattern("events", key);
        if (!name)
            return;
        // `order.{id}` and `order.*` are different keys and the same pattern.
        if (!seen.insert(name->text()).second) {
            reading.error(key, "event " + in_quotes(name->text()) + " stands here twice");
            return;
        }
        EventManifest event{
            .name = std::move(*name), .fields = {}, .key = {}, .place = reading.place(key)};
        read_event(reading, value, event);
        into.push_back(std::move(event));
    });
}

} // namespace mesh
