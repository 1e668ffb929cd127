#include "mesh/manifest/document.hpp"

namespace mesh {

namespace {

/// Format version 1 is the only one. A document of another version is not read further, because
/// its other errors would mislead.
bool check_version(DocumentReading& reading, const YamlNode& root) {
    for (const auto& [key, value] : root.entries) {
        if (key->text == "dagmesh") {
            if (value->kind == YamlNode::Kind::text && value->text == "1")
                return true;
            reading.error_in("dagmesh", value->kind == YamlNode::Kind::nothing ? *key : *value,
                             "expected format version 1" + (value->kind == YamlNode::Kind::text
                                                                ? ", got " + in_quotes(value->text)
                                                                : std::string()));
            return false;
        }
    }
    reading.error(root, "expected \"dagmesh: 1\", the version of the format");
    return true;
}

} // namespace

ManifestDocument read_document(DocumentReading& reading, const YamlNode& root) {
    ManifestDocument document;
    if (root.kind == YamlNode::Kind::map && !check_version(reading, root))
        return document;
    reading.fields(
        root, "a manifest",
        {{"dagmesh", [](const YamlNode&, const YamlNode&) {}},
         {"realm",
          [&](const YamlNode&, const YamlNode& value) {
              document.realm = reading.name("realm", value).value_or("");
          }},
         {"events", [&](const YamlNode&,
                        const YamlNode& value) { read_events(reading, value, document.events); }},
         {"services",
          [&](const YamlNode&, const YamlNode& value) {
              read_services(reading, value, document.services);
          }},
         {"rules", [&](const YamlNode&, const YamlNode& value) {
              read_rules(reading, value, document.rules);
          }}});
    document.warnings = reading.take_warnings();
    return document;
}

} // namespace mesh
