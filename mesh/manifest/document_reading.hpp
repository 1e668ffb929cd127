#pragma once

#include "mesh/event/pattern.hpp"
#include "mesh/manifest/manifest.hpp"
#include "mesh/manifest/source_text.hpp"
#include "mesh/manifest/yaml_tree.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mesh {

/// Something over the bounds of a file is reported once: this many errors, this many values.
inline constexpr std::size_t manifest_errors_max = 1'000;

/// Reads values of a YAML tree and collects what is wrong with them. The functions return nothing
/// after they noted an error, so that a reader goes on with the rest. One per file.
class DocumentReading {
public:
    DocumentReading(const SourceText& source, std::vector<ManifestError>& errors)
        : source_(source), errors_(errors) {}

    Place place(const YamlNode& node) const { return source_.at(node.offset); }

    void error(const Place& place, std::string message);

    void error(const YamlNode& node, std::string message) {
        error(place(node), std::move(message));
    }

    /// Notes `"FIELD": MESSAGE`.
    void error_in(std::string_view field, const YamlNode& node, const std::string& message);

    /// Whether one more error would be told. Saves the work of explaining those that are not.
    bool tells_errors() const { return reported_ < manifest_errors_max; }

    void warn(const YamlNode& node, std::string name, std::string message);

    std::vector<ManifestWarning> take_warnings();

    using Use = std::function<void(const YamlNode& key, const YamlNode& value)>;

    struct Field {
        std::string name;
        Use use;
    };

    /// Whether it is a mapping; an error says so when it is none.
    bool is_mapping(const YamlNode& node, std::string_view what);

    /// A mapping with known keys. Keys `x-...` are ignored; unknown and empty ones are errors.
    /// Returns false when it is no mapping.
    bool fields(const YamlNode& node, std::string_view what, const std::vector<Field>& known);

    /// A mapping of names that the user chose. Returns false when it is no mapping.
    bool named(const YamlNode& node, std::string_view what, const Use& use);

    /// The entries of a list; one value counts as a list of one.
    std::vector<const YamlNode*> one_or_more(std::string_view field, const YamlNode& node);

    std::optional<std::string> text(std::string_view field, const YamlNode& node);
    std::optional<std::string> name(std::string_view field, const YamlNode& node);
    std::optional<bool> boolean(std::string_view field, const YamlNode& node);
    std::optional<std::uint32_t> number(std::string_view field, const YamlNode& node,
                                        std::uint32_t least, std::uint32_t most);
    std::optional<Duration> duration(std::string_view field, const YamlNode& node);
    std::optional<std::uint64_t> size_bytes(std::string_view field, const YamlNode& node);
    std::optional<Pattern> pattern(std::string_view field, const YamlNode& node);

    /// Patterns without repetition, and where each stands.
    struct Patterns {
        std::vector<Pattern> patterns;
        std::vector<Place> places;
    };

    Patterns patterns(std::string_view field, const YamlNode& node);

    template <class Value>
    struct Choice {
        std::string name;
        Value value;
    };

    /// One of a few words.
    template <class Value>
    std::optional<Value> choice(std::string_view field, const YamlNode& node,
                                const std::vector<Choice<Value>>& choices) {
        std::vector<std::string> names;
        names.reserve(choices.size());
        for (const auto& one : choices)
            names.push_back(one.name);
        const auto index = word(field, node, names);
        return index ? std::optional(choices[*index].value) : std::nullopt;
    }

private:
    /// Counts a value that is read. Values are shared by aliases, so reading a small file could
    /// take forever otherwise.
    bool visit(const YamlNode& node);
    std::optional<std::size_t> word(std::string_view field, const YamlNode& node,
                                    const std::vector<std::string>& words);

    const SourceText& source_;
    std::vector<ManifestError>& errors_;
    std::vector<ManifestWarning> warnings_;
    std::size_t visited_ = 0;
    std::size_t reported_ = 0;
};

} // namespace mesh
