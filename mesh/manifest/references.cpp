#include "mesh/manifest/references.hpp"

#include "mesh/base/suggest.hpp"
#include "mesh/manifest/reference_text.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <iterator>
#include <utility>

namespace mesh {

namespace {

/// How many names of a mapping a wrong name is compared with.
constexpr std::size_t suggestions_max = 200;

const YamlNode* item_at(const YamlNode& list, std::string_view index) {
    std::size_t value = 0;
    const char* const end = index.data() + index.size();
    const auto [stop, fault] = std::from_chars(index.data(), end, value);
    const bool is_index = fault == std::errc{} && stop == end && value < list.items.size();
    return is_index ? list.items[value] : nullptr;
}

std::string suggestion(const YamlNode& node, const std::string& typed) {
    std::vector<std::string> names;
    for (const auto& entry : node.entries)
        if (names.size() < suggestions_max)
            names.push_back(entry.key->text);
    return typed.size() < 40 ? did_you_mean(typed, names) : "";
}

} // namespace

References::References(const SourceFile& file, const YamlNode& root, SourceFiles& others,
                       std::vector<ManifestError>& errors)
    : others_(others), errors_(errors) {
    files_.push_back({&file, &root, DocumentReading(file.source(), errors)});
    const std::filesystem::path path = file.source().file();
    by_path_.emplace(path.lexically_normal().string(), &files_.front());
}

std::optional<Part> References::find(const Part& map, std::string_view key) {
    if (!map.is(YamlNode::Kind::map))
        return std::nullopt;
    const auto* const value = map.in->file->find(*map.node, key);
    return value == nullptr ? std::nullopt : std::optional(Part{map.in, value});
}

bool References::count(const Part& part) {
    if (++part_count_ == parts_max)
        part.reading().error(*part.node, "expected at most " + std::to_string(parts_max) +
                                             " values in one document, those behind references "
                                             "counted each time");
    return part_count_ < parts_max;
}

std::vector<ManifestWarning> References::take_warnings() {
    std::vector<ManifestWarning> all;
    for (auto& file : files_)
        std::ranges::move(file.reading.take_warnings(), std::back_inserter(all));
    return all;
}

std::optional<References::Target> References::follow(Part part) {
    std::vector<const YamlNode*> seen;
    std::string first_name;
    for (auto text = find(part, "$ref"); text; text = find(part, "$ref")) {
        if (!count(part))
            return std::nullopt;
        const bool is_circle = std::ranges::find(seen, part.node) != seen.end();
        if (is_circle || seen.size() == chain_max) {
            text->reading().error_in("$ref", *text->node,
                                     is_circle ? "the reference leads back to itself"
                                               : "expected at most " + std::to_string(chain_max) +
                                                     " references in a row");
            return std::nullopt;
        }
        std::string name;
        const auto next = step(part, *text->node, name);
        if (!next)
            return std::nullopt;
        if (seen.empty())
            first_name = std::move(name);
        seen.push_back(part.node);
        part = *next;
    }
    return Target{part, std::move(first_name)};
}

std::optional<Part> References::step(const Part& from, const YamlNode& text, std::string& name) {
    auto& reading = from.reading();
    const auto written = reading.text("$ref", text);
    if (!written)
        return std::nullopt;
    const auto reference = parse_reference(*written);
    if (!reference) {
        reading.error_in("$ref", text, reference.error().detail);
        return std::nullopt;
    }
    auto* const file = reference->path.empty() ? from.in : open(from, text, reference->path);
    if (file == nullptr)
        return std::nullopt;
    const auto* node = file->root;
    for (const auto& key : reference->pointer) {
        const auto* const next =
            node->kind == YamlNode::Kind::list ? item_at(*node, key) : file->file->find(*node, key);
        if (next == nullptr) {
            reading.error_in("$ref", text,
                             in_quotes(*written) + " leads nowhere: there is no " + in_quotes(key) +
                                 (reading.tells_errors() ? suggestion(*node, key) : ""));
            return std::nullopt;
        }
        node = next;
        name = key;
    }
    return Part{file, node};
}

ReferredFile* References::open(const Part& from, const YamlNode& text, const std::string& path) {
    const auto folder = std::filesystem::path(from.in->file->source().file()).parent_path();
    const auto whole = (folder / path).lexically_normal().string();
    const auto [known, is_new] = by_path_.try_emplace(whole, nullptr);
    if (!is_new)
        return known->second;
    const auto file = others_.open(whole, errors_);
    if (!file) {
        from.reading().error_in("$ref", text, in_quotes(whole) + ": " + file.error().detail);
        return nullptr;
    }
    // Without a document, the file's own errors say why.
    if ((*file)->documents().empty())
        return nullptr;
    const auto* const root = (*file)->documents().front();
    files_.push_back({*file, root, DocumentReading((*file)->source(), errors_)});
    known->second = &files_.back();
    return known->second;
}

} // namespace mesh
