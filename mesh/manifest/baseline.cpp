#include "mesh/manifest/baseline.hpp"

#include "mesh/manifest/document_reading.hpp"
#include "mesh/manifest/file_text.hpp"
#include "mesh/manifest/source_text.hpp"
#include "mesh/manifest/yaml_tree.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace mesh {

namespace {

using Reading = DocumentReading;

void read_entry(Reading& reading, const YamlNode& node, Baseline& into) {
    Baseline::Entry entry{{}, reading.place(node)};
    auto& finding = entry.finding;
    const auto text_of = [&](const YamlNode& key, const YamlNode& value) {
        return reading.text(key.text, value).value_or("");
    };
    const bool is_mapping = reading.fields(
        node, "a finding",
        {{"code", [&](const auto& key, const auto& value) { finding.code = text_of(key, value); }},
         {"realm",
          [&](const auto& key, const auto& value) { finding.realm = text_of(key, value); }},
         {"what", [&](const YamlNode& key, const YamlNode& value) {
              for (const auto* item : reading.one_or_more("what", value))
                  finding.what.push_back(text_of(key, *item));
              if (finding.what.empty())
                  reading.error_in("what", value, "expected at least one text");
          }}});
    if (!is_mapping)
        return;
    for (const auto* required : {"code", "what"})
        if (std::ranges::none_of(node.entries,
                                 [&](const YamlEntry& one) { return one.key->text == required; }))
            reading.error(node, "expected " + in_quotes(required) + " in a finding");
    into.entries.push_back(std::move(entry));
}

void read_document(Reading& reading, const YamlNode& root, Baseline& into) {
    bool has_version = false;
    reading.fields(root, "a baseline",
                   {{"baseline",
                     [&](const YamlNode&, const YamlNode& value) {
                         has_version = true;
                         if (value.text != "1")
                             reading.error_in("baseline", value, "expected format version 1");
                     }},
                    {"findings", [&](const YamlNode&, const YamlNode& value) {
                         for (const auto* item : reading.one_or_more("findings", value))
                             read_entry(reading, *item, into);
                     }}});
    if (root.kind == YamlNode::Kind::map && !has_version)
        reading.error(root, "expected \"baseline: 1\", the version of the format");
}

/// In double quotes, so that nothing in it means anything to YAML.
std::string in_yaml(std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string result = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\')
            result += {'\\', c};
        else if (byte < 0x20 || byte == 0x7f)
            result += {'\\', 'x', digits[byte / 16], digits[byte % 16]};
        else
            result += c;
    }
    return result + "\"";
}

} // namespace

Baseline read_baseline_text(std::string_view text, const std::string& file) {
    Baseline baseline;
    const SourceText source(text, file);
    if (auto fault = source.fault()) {
        baseline.errors.push_back(std::move(*fault));
        return baseline;
    }
    auto tree = parse_yaml(source);
    baseline.errors = std::move(tree.errors);
    if (tree.documents.size() != 1 && baseline.errors.empty())
        baseline.errors.push_back({"expected a baseline, one YAML document", source.at(0)});
    DocumentReading reading(source, baseline.errors);
    for (const auto* root : tree.documents)
        read_document(reading, *root, baseline);
    return baseline;
}

Baseline read_baseline(const std::string& file) {
    Baseline baseline;
    const auto text = read_file(file, manifest_size_bytes_max + 1);
    if (text)
        return read_baseline_text(*text, file);
    baseline.errors.push_back({text.error().detail, {file, 0, 0}});
    return baseline;
}

std::string baseline_text(const std::vector<KnownFinding>& findings) {
    std::string text = "# Findings that are known and accepted for now. `dagmesh check --baseline` "
                       "counts them and does not\n# report them; an entry that matches nothing any "
                       "more is an error, so take out what is mended.\nbaseline: 1\n";
    text += findings.empty() ? "findings: []\n" : "findings:\n";
    for (const auto& one : findings) {
        text += "  - code: " + one.code + "\n";
        if (!one.realm.empty())
            text += "    realm: " + in_yaml(one.realm) + "\n";
        text += "    what:\n";
        for (const auto& line : one.what)
            text += "      - " + in_yaml(line) + "\n";
    }
    return text;
}

} // namespace mesh
