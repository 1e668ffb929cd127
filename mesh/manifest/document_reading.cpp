#include "mesh/manifest/document_reading.hpp"

#include "mesh/base/quantity.hpp"
#include "mesh/base/suggest.hpp"
#include "mesh/event/name.hpp"

#include <charconv>
#include <set>
#include <utility>

namespace mesh {

namespace {

constexpr std::string_view empty_value = "the value is empty; leave the key out, or write a value";

std::string kind_text(const YamlNode& node) {
    switch (node.kind) {
    case YamlNode::Kind::nothing:
        return "nothing";
    case YamlNode::Kind::text:
        return in_quotes(node.text);
    case YamlNode::Kind::list:
        return "a list";
    case YamlNode::Kind::map:
        return "a mapping";
    }
    return {};
}

std::string names_of(const std::vector<std::string>& words) {
    std::string all;
    for (const auto& word : words)
        all += (all.empty() ? "" : ", ") + word;
    return all;
}

} // namespace

void DocumentReading::error(const Place& place, std::string message) {
    if (++reported_ <= manifest_errors_max)
        errors_.push_back({std::move(message), place});
    else if (reported_ == manifest_errors_max + 1)
        errors_.push_back({"more than " + std::to_string(manifest_errors_max) +
                               " errors in this file; the others are not shown",
                           Place{source_.file()}});
}

void DocumentReading::error_in(std::string_view field, const YamlNode& node,
                               const std::string& message) {
    error(node, "\"" + std::string(field) + "\": " + message);
}

void DocumentReading::warn(const YamlNode& node, std::string name, std::string message) {
    if (warnings_.size() < manifest_errors_max)
        warnings_.push_back({std::move(name), std::move(message), place(node)});
}

std::vector<ManifestWarning> DocumentReading::take_warnings() {
    return std::exchange(warnings_, {});
}

bool DocumentReading::visit(const YamlNode& node) {
    if (++visited_ == yaml_nodes_max)
        error(node, "expected at most " + std::to_string(yaml_nodes_max) +
                        " values in one file, aliases counted each time");
    return visited_ < yaml_nodes_max;
}

bool DocumentReading::is_mapping(const YamlNode& node, std::string_view what) {
    if (!visit(node))
        return false;
    if (node.kind != YamlNode::Kind::map)
        error(node, "expected a mapping for " + std::string(what) + ", got " + kind_text(node));
    return node.kind == YamlNode::Kind::map;
}

bool DocumentReading::fields(const YamlNode& node, std::string_view what,
                             const std::vector<Field>& known) {
    if (!is_mapping(node, what))
        return false;
    for (const auto& [key, value] : node.entries) {
        if (!visit(*key) || key->text.starts_with("x-"))
            continue;
        std::vector<std::string> names;
        const Field* found = nullptr;
        for (const auto& field : known) {
            names.push_back(field.name);
            if (field.name == key->text)
                found = &field;
        }
        if (found == nullptr)
            error(*key, "unknown key " + in_quotes(key->text) + " in " + std::string(what) +
                            (key->text.size() < 40 ? did_you_mean(key->text, names) : ""));
        else if (value->kind == YamlNode::Kind::nothing)
            error_in(found->name, *key, std::string(empty_value));
        else
            found->use(*key, *value);
    }
    return true;
}

bool DocumentReading::named(const YamlNode& node, std::string_view what, const Use& use) {
    if (!visit(node))
        return false;
    if (node.kind != YamlNode::Kind::map) {
        error(node, "expected a mapping of " + std::string(what) + ", got " + kind_text(node));
        return false;
    }
    for (const auto& [key, value] : node.entries) {
        if (!visit(*key))
            return false;
        if (value->kind == YamlNode::Kind::nothing)
            error(*key, in_quotes(key->text) + ": " + std::string(empty_value));
        else
            use(*key, *value);
    }
    return true;
}

std::vector<const YamlNode*> DocumentReading::one_or_more(std::string_view field,
                                                          const YamlNode& node) {
    if (node.kind != YamlNode::Kind::list)
        return {&node};
    std::vector<const YamlNode*> items;
    for (const auto* item : node.items) {
        if (!visit(*item))
            break;
        if (item->kind == YamlNode::Kind::nothing)
            error_in(field, *item, "an entry of the list is empty");
        else
            items.push_back(item);
    }
    return items;
}

std::optional<std::string> DocumentReading::text(std::string_view field, const YamlNode& node) {
    if (!visit(node))
        return std::nullopt;
    if (node.kind == YamlNode::Kind::text && !node.text.empty())
        return node.text;
    error_in(field, node,
             node.kind == YamlNode::Kind::text ? std::string(empty_value)
                                               : "expected a text, got " + kind_text(node));
    return std::nullopt;
}

std::optional<std::string> DocumentReading::name(std::string_view field, const YamlNode& node) {
    auto name = text(field, node);
    if (!name)
        return std::nullopt;
    if (const auto checked = check_name(*name); !checked) {
        error_in(field, node, checked.error().detail);
        return std::nullopt;
    }
    return name;
}

std::optional<bool> DocumentReading::boolean(std::string_view field, const YamlNode& node) {
    return choice<bool>(field, node, {{"true", true}, {"false", false}});
}

std::optional<std::uint32_t> DocumentReading::number(std::string_view field, const YamlNode& node,
                                                     std::uint32_t least, std::uint32_t most) {
    if (!visit(node))
        return std::nullopt;
    std::uint32_t value = 0;
    const char* const end = node.text.data() + node.text.size();
    const auto [stop, fault] = std::from_chars(node.text.data(), end, value);
    if (node.kind == YamlNode::Kind::text && stop == end && fault == std::errc{} &&
        value >= least && value <= most)
        return value;
    error_in(field, node,
             "expected a whole number from " + std::to_string(least) + " to " +
                 std::to_string(most) + ", got " + kind_text(node));
    return std::nullopt;
}

std::optional<Duration> DocumentReading::duration(std::string_view field, const YamlNode& node) {
    const auto written = text(field, node);
    if (!written)
        return std::nullopt;
    const auto parsed = parse_duration(*written);
    if (parsed && *parsed > Duration::zero())
        return *parsed;
    error_in(field, node,
             "expected a duration above zero such as 100ms, 5s or 24h, got " + in_quotes(*written));
    return std::nullopt;
}

std::optional<std::uint64_t> DocumentReading::size_bytes(std::string_view field,
                                                         const YamlNode& node) {
    const auto written = text(field, node);
    if (!written)
        return std::nullopt;
    if (const auto parsed = parse_size(*written))
        return *parsed;
    error_in(field, node, "expected a size such as 512B, 4KiB or 1MiB, got " + in_quotes(*written));
    return std::nullopt;
}

std::optional<Pattern> DocumentReading::pattern(std::string_view field, const YamlNode& node) {
    if (!visit(node))
        return std::nullopt;
    if (node.is_folded) {
        error_in(field, node, "YAML reads a lone > as the start of a text block; quote it: \">\"");
        return std::nullopt;
    }
    if (node.kind != YamlNode::Kind::text) {
        error_in(field, node, "expected a topic or pattern, got " + kind_text(node));
        return std::nullopt;
    }
    auto parsed = Pattern::parse(node.text);
    if (parsed)
        return std::move(*parsed);
    error_in(field, node, parsed.error().detail);
    return std::nullopt;
}

DocumentReading::Patterns DocumentReading::patterns(std::string_view field, const YamlNode& node) {
    Patterns all;
    std::set<std::string> seen;
    for (const auto* item : one_or_more(field, node)) {
        auto one = pattern(field, *item);
        if (!one)
            continue;
        if (!seen.insert(one->text()).second) {
            warn(*item, "repeated-entry",
                 "\"" + std::string(field) + "\" names " + in_quotes(one->text()) + " twice");
            continue;
        }
        all.patterns.push_back(std::move(*one));
        all.places.push_back(place(*item));
    }
    return all;
}

std::optional<std::size_t> DocumentReading::word(std::string_view field, const YamlNode& node,
                                                 const std::vector<std::string>& words) {
    if (!visit(node))
        return std::nullopt;
    if (node.kind == YamlNode::Kind::text)
        for (std::size_t i = 0; i < words.size(); ++i)
            if (words[i] == node.text)
                return i;
    const bool is_near = node.kind == YamlNode::Kind::text && node.text.size() < 40;
    error_in(field, node,
             "expected one of " + names_of(words) + ", got " + kind_text(node) +
                 (is_near ? did_you_mean(node.text, words) : ""));
    return std::nullopt;
}

} // namespace mesh
