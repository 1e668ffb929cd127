#include "mesh/manifest/source_text.hpp"

#include "mesh/event/topic.hpp"

#include <algorithm>
#include <utility>

namespace mesh {

namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
constexpr std::size_t shown_size_bytes_max = 80;

bool is_continuation(char c) {
    return (static_cast<unsigned char>(c) & 0xc0U) == 0x80;
}

std::size_t count_characters(std::string_view text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return !is_continuation(c); }));
}

/// Size of the character at the start of `text`, or 0 when it is not UTF-8.
std::size_t character_size(std::string_view text) {
    std::size_t size = 1;
    while (size < text.size() && size < 4 && is_continuation(text[size]))
        ++size;
    return is_utf8(text.substr(0, size)) ? size : 0;
}

/// Whether YAML forbids the character; a carriage return may only stand before a line feed,
/// because yaml-cpp 0.7 drops others, and it takes 0x04 for the end of the file.
bool is_forbidden(std::string_view text) {
    const auto byte = static_cast<unsigned char>(text.front());
    if (text.front() == '\r')
        return text.size() < 2 || text[1] != '\n';
    if (byte == 0xc2 && text.size() > 1)
        return static_cast<unsigned char>(text[1]) < 0xa0;
    return (byte < 0x20 && byte != '\t' && byte != '\n') || byte == 0x7f;
}

} // namespace

SourceText::SourceText(std::string_view text, std::string file)
    : text_(text), file_(std::move(file)), line_starts_{0} {
    if (text_.starts_with(byte_order_mark))
        text_.remove_prefix(byte_order_mark.size());
    std::size_t characters = 0;
    for (std::size_t i = 0; i < text_.size(); ++i) {
        if (i % block_size_bytes == 0)
            characters_before_.push_back(characters);
        characters += is_continuation(text_[i]) ? 0 : 1;
        if (text_[i] == '\n')
            line_starts_.push_back(i + 1);
    }
    characters_before_.push_back(characters); // so that the end has a block too
}

std::size_t SourceText::characters_before(std::size_t offset) const {
    const auto block = offset / block_size_bytes;
    if (block >= characters_before_.size() - 1)
        return characters_before_.back() - count_characters(text_.substr(offset));
    const auto start = block * block_size_bytes;
    return characters_before_[block] + count_characters(text_.substr(start, offset - start));
}

Place SourceText::at(std::size_t offset) const {
    offset = std::min(offset, text_.size());
    const auto next = std::ranges::upper_bound(line_starts_, offset);
    const auto line = static_cast<std::size_t>(next - line_starts_.begin());
    const auto before = characters_before(offset) - characters_before(line_starts_[line - 1]);
    return {file_, static_cast<std::uint32_t>(line), static_cast<std::uint32_t>(before + 1)};
}

std::optional<ManifestError> SourceText::fault() const {
    if (text_.size() > manifest_size_bytes_max)
        return ManifestError{"expected a manifest of at most 16 MiB, this one is larger", {file_}};
    for (std::size_t i = 0; i < text_.size();) {
        const auto rest = text_.substr(i);
        const auto size = character_size(rest);
        if (size == 0)
            return ManifestError{"expected UTF-8, got a byte that is none", at(i)};
        if (is_forbidden(rest))
            return ManifestError{"expected text, got a control character", at(i)};
        i += size;
    }
    return std::nullopt;
}

std::string in_quotes(std::string_view text) {
    std::string shown = "\"";
    for (std::size_t i = 0; i < text.size();) {
        if (i >= shown_size_bytes_max)
            return shown + "...\"";
        const auto rest = text.substr(i);
        const auto size = character_size(rest);
        const bool is_shown = size > 1 || static_cast<unsigned char>(rest.front()) >= 0x20;
        shown += size > 0 && is_shown && !is_forbidden(rest) ? rest.substr(0, size) : "?";
        i += std::max<std::size_t>(size, 1);
    }
    return shown + "\"";
}

} // namespace mesh
