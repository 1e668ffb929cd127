#include "mesh/manifest/asyncapi_fields.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <unordered_set>
#include <utility>

namespace mesh {

namespace {

using Kind = YamlNode::Kind;

/// Whether a `schemaFormat` is JSON Schema, or what AsyncAPI and OpenAPI made of it.
bool is_json_schema(std::string_view format) {
    const std::array known{"aai.asyncapi", "schema+json", "schema+yaml", "oai.openapi"};
    return std::ranges::any_of(
        known, [&](std::string_view one) { return format.find(one) != std::string_view::npos; });
}

std::string word_of(const std::set<std::string>& types) {
    std::string word;
    for (const auto& type : types)
        word += (word.empty() ? "" : "|") + type;
    return word;
}

class FieldReading {
public:
    FieldReading(References& references, FieldTypes& into) : references_(references), into_(into) {}

    void read_message(const Part& written) {
        std::vector<Part> waiting{written};
        std::unordered_set<const YamlNode*> seen;
        while (!waiting.empty()) {
            const auto target = references_.follow(waiting.back());
            waiting.pop_back();
            if (!target || !seen.insert(target->part.node).second ||
                !references_.count(target->part) ||
                !target->part.reading().is_mapping(*target->part.node, "a message"))
                continue;
            add_listed(target->part, "oneOf", waiting); // of version 2
            if (const auto payload = References::find(target->part, "payload"))
                read_payload(target->part, *payload);
        }
    }

private:
    /// A schema, or in version 3 a mapping of `schemaFormat` and `schema`.
    void read_payload(const Part& message, const Part& payload) {
        const auto own = References::find(payload, "schemaFormat");
        const auto schema = own ? References::find(payload, "schema") : payload;
        const auto format = own ? own : References::find(message, "schemaFormat");
        if (format) {
            const auto text = format->reading().text("schemaFormat", *format->node);
            if (!text || !is_json_schema(*text))
                return;
        }
        if (!schema)
            return;
        for (const auto& leaf : alternatives(*schema))
            read_properties(leaf);
    }

    void read_properties(const Part& schema) {
        const auto properties = References::find(schema, "properties");
        if (!properties || !properties->reading().is_mapping(*properties->node, "\"properties\""))
            return;
        for (const auto& [key, value] : properties->node->entries) {
            if (!references_.count({properties->in, key}))
                return;
            into_[key->text].merge(types_of({properties->in, value}, true));
        }
    }

    /// The schemas that a schema is made of, itself among them: through `$ref`, `allOf`, `oneOf`
    /// and `anyOf`, each once.
    std::vector<Part> alternatives(const Part& written) {
        std::vector<Part> found;
        std::vector<Part> waiting{written};
        std::unordered_set<const YamlNode*> seen;
        while (!waiting.empty()) {
            const auto target = references_.follow(waiting.back());
            waiting.pop_back();
            if (!target || !seen.insert(target->part.node).second ||
                !references_.count(target->part) || !is_schema(target->part))
                continue;
            for (const auto* key : {"allOf", "oneOf", "anyOf"})
                add_listed(target->part, key, waiting);
            found.push_back(target->part);
        }
        return found;
    }

    /// `true` and `false` are schemas too, of everything and of nothing.
    static bool is_schema(const Part& part) {
        const bool is_boolean =
            part.is(Kind::text) && (part.node->text == "true" || part.node->text == "false");
        return is_boolean || part.reading().is_mapping(*part.node, "a schema");
    }

    static void add_listed(const Part& map, std::string_view key, std::vector<Part>& into) {
        const auto list = References::find(map, key);
        if (!list)
            return;
        if (!list->is(Kind::list)) {
            list->reading().error_in(key, *list->node, "expected a list");
            return;
        }
        for (const auto* item : list->reading().one_or_more(key, *list->node))
            into.push_back({list->in, item});
    }

    std::set<std::string> types_of(const Part& schema, bool with_items) {
        std::set<std::string> types;
        for (const auto& leaf : alternatives(schema))
            for (auto& type : own_types(leaf)) {
                const auto items =
                    with_items && type == "array" ? References::find(leaf, "items") : std::nullopt;
                // In old drafts `items` may be a list, one schema for each place.
                if (!items || items->is(Kind::list))
                    types.insert(std::move(type));
                else
                    for (const auto& item : types_of(*items, false))
                        types.insert("array<" + item + ">");
            }
        if (types.empty())
            types.insert("any");
        return types;
    }

    /// What `type` says, or what the other keys tell.
    static std::vector<std::string> own_types(const Part& schema) {
        std::vector<std::string> types;
        if (const auto type = References::find(schema, "type")) {
            for (const auto* item : type->reading().one_or_more("type", *type->node))
                if (auto word = type->reading().text("type", *item))
                    types.push_back(std::move(*word));
        } else if (References::find(schema, "properties")) {
            types.emplace_back("object");
        } else if (References::find(schema, "items")) {
            types.emplace_back("array");
        }
        return types;
    }

    References& references_;
    FieldTypes& into_;
};

} // namespace

void read_message_fields(References& references, const Part& message, FieldTypes& into) {
    FieldReading(references, into).read_message(message);
}

std::vector<FieldManifest> fields_of(const FieldTypes& types) {
    std::vector<FieldManifest> fields;
    for (const auto& [name, words] : types)
        fields.push_back({.name = name, .type = word_of(words)});
    return fields;
}

void add_fields(const std::vector<FieldManifest>& fields, FieldTypes& into) {
    for (const auto& field : fields) {
        auto& types = into[field.name];
        for (std::size_t start = 0; start <= field.type.size();) {
            const auto end = std::min(field.type.find('|', start), field.type.size());
            types.insert(field.type.substr(start, end - start));
            start = end + 1;
        }
    }
}

} // namespace mesh
