#include "mesh/manifest/yaml_builder.hpp"

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace mesh {

namespace {

std::size_t offset_of(const YAML::Mark& mark) {
    return mark.pos < 0 ? 0 : static_cast<std::size_t>(mark.pos);
}

/// Skips `&anchor` and `!tag` before a value.
std::string_view without_properties(std::string_view text) {
    while (!text.empty() && (text.front() == '&' || text.front() == '!')) {
        const auto end = text.find_first_of(" \t\r\n");
        const auto next =
            end == std::string_view::npos ? end : text.find_first_not_of(" \t\r\n", end);
        text = next == std::string_view::npos ? std::string_view{} : text.substr(next);
    }
    return text;
}

/// Whether the quoted text at the start of `text` ends. yaml-cpp 0.7 takes the end of the file for
/// the closing quote.
bool is_closed(std::string_view text) {
    const char quote = text.front();
    for (std::size_t i = 1; i < text.size(); ++i) {
        const bool is_escape = quote == '"' && text[i] == '\\';
        const bool is_doubled = quote == '\'' && text.substr(i, 2) == "''";
        if (is_escape || is_doubled)
            ++i;
        else if (text[i] == quote)
            return true;
    }
    return false;
}

/// The word at the start of `text` that YAML reads as null, or nothing.
std::string_view null_word(std::string_view text) {
    for (const std::string_view word : {"~", "null", "Null", "NULL"})
        if (text.starts_with(word))
            return word;
    return {};
}

} // namespace

void YamlBuilder::error(std::size_t offset, std::string message) {
    tree_.errors.push_back({std::move(message), source_.at(offset)});
}

void YamlBuilder::OnDocumentStart(const YAML::Mark& mark) {
    const auto offset = offset_of(mark);
    // yaml-cpp 0.7 reports empty documents without end at a comma outside of a list.
    if (document_offset_ == offset)
        throw YamlStop{offset, "not valid YAML: expected a value"};
    document_offset_ = offset;
    input_.reached(offset);
    anchors_.clear();
    root_ = nullptr;
}

void YamlBuilder::OnDocumentEnd() {
    if (root_ != nullptr && root_->kind != YamlNode::Kind::nothing)
        tree_.documents.push_back(root_);
    root_ = nullptr;
}

YamlNode& YamlBuilder::add(const YAML::Mark& mark, YamlNode::Kind kind, YAML::anchor_t anchor) {
    const auto offset = offset_of(mark);
    input_.reached(offset);
    if (tree_.nodes.size() >= yaml_nodes_max)
        throw YamlStop{offset, "expected at most " + std::to_string(yaml_nodes_max) +
                                   " values in one file"};
    auto& node = tree_.nodes.emplace_back();
    node.kind = kind;
    node.offset = offset;
    if (anchor != 0) {
        anchors_.resize(std::max<std::size_t>(anchors_.size(), anchor + 1));
        anchors_[anchor] = &node;
    }
    return node;
}

bool YamlBuilder::is_key_next() const {
    return !open_.empty() && open_.back().node->kind == YamlNode::Kind::map &&
           open_.back().key == nullptr;
}

void YamlBuilder::attach(const YamlNode& node) {
    if (open_.empty()) {
        root_ = &node;
        return;
    }
    auto& parent = open_.back();
    if (parent.node->kind == YamlNode::Kind::list) {
        parent.node->items.push_back(&node);
    } else if (parent.key == nullptr) {
        parent.key = &node;
    } else {
        const auto* key = std::exchange(parent.key, nullptr);
        const bool is_merge = key->is_plain && key->text == "<<";
        (is_merge ? parent.merges : parent.node->entries).push_back({key, &node});
    }
}

void YamlBuilder::open(YamlNode& node) {
    if (open_.size() >= yaml_depth_max)
        throw YamlStop{node.offset,
                       "expected at most " + std::to_string(yaml_depth_max) + " levels of nesting"};
    open_.push_back({&node, nullptr, {}});
}

void YamlBuilder::check_tag(const YAML::Mark& mark, const std::string& tag) {
    const bool is_usual =
        tag.empty() || tag == "?" || tag == "!" || tag.starts_with("tag:yaml.org,2002:");
    if (!is_usual)
        error(offset_of(mark), "unknown tag " + in_quotes(tag) + "; a manifest needs none");
}

void YamlBuilder::OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) {
    const bool is_key = is_key_next();
    auto& node = add(mark, YamlNode::Kind::nothing, anchor);
    if (is_key) {
        // As a name, `null` is text like any other.
        node.text = null_word(without_properties(source_.text().substr(node.offset)));
        if (!node.text.empty())
            node.kind = YamlNode::Kind::text;
    } else {
        // The mark of an empty value is that of the next token: go back to what announced it.
        const auto before = source_.text().find_last_not_of(" \t\r\n", node.offset - 1);
        const bool is_announced =
            node.offset > 0 && before != std::string_view::npos &&
            std::string_view("-,[:").find(source_.text()[before]) != std::string_view::npos;
        if (is_announced)
            node.offset = before;
    }
    attach(node);
}

void YamlBuilder::OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) {
    const auto offset = offset_of(mark);
    input_.reached(offset);
    const auto* target = anchor < anchors_.size() ? anchors_[anchor] : nullptr;
    const auto is_target = [&](const Open& open) { return open.node == target; };
    if (target == nullptr || std::ranges::any_of(open_, is_target))
        throw YamlStop{offset, "an alias may not stand inside its own anchor"};
    attach(*target);
}

void YamlBuilder::OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                           const std::string& value) {
    check_tag(mark, tag);
    auto& node = add(mark, YamlNode::Kind::text, anchor);
    node.text = value;
    const auto written = without_properties(source_.text().substr(node.offset));
    const char first = written.empty() ? ' ' : written.front();
    const bool is_quoted = first == '"' || first == '\'';
    node.is_folded = first == '>';
    node.is_plain = !is_quoted && first != '>' && first != '|';
    if (is_quoted && !is_closed(written))
        throw YamlStop{node.offset, "the quote is not closed"};
    attach(node);
}

void YamlBuilder::OnSequenceStart(const YAML::Mark& mark, const std::string& tag,
                                  YAML::anchor_t anchor, YAML::EmitterStyle::value /*style*/) {
    check_tag(mark, tag);
    open(add(mark, YamlNode::Kind::list, anchor));
}

void YamlBuilder::OnSequenceEnd() {
    const auto* node = open_.back().node;
    open_.pop_back();
    attach(*node);
}

void YamlBuilder::OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                             YAML::EmitterStyle::value /*style*/) {
    check_tag(mark, tag);
    open(add(mark, YamlNode::Kind::map, anchor));
}

void YamlBuilder::OnMapEnd() {
    auto open = std::move(open_.back());
    open_.pop_back();
    close_map(open);
    attach(*open.node);
}

void YamlBuilder::close_map(Open& open) {
    auto& node = *open.node;
    std::unordered_map<std::string_view, const YamlNode*> seen;
    std::vector<YamlEntry> unique;
    for (const auto& entry : node.entries) {
        if (entry.key->kind != YamlNode::Kind::text) {
            error(entry.key->offset, "expected a name as key");
            continue;
        }
        const auto [first, is_new] = seen.emplace(entry.key->text, entry.key);
        if (is_new)
            unique.push_back(entry);
        else
            error(entry.key->offset, "duplicate key " + in_quotes(entry.key->text) + ", first at " +
                                         to_string(source_.at(first->second->offset)) +
                                         "; keep one of them");
    }
    node.entries = std::move(unique);
    for (const auto& entry : open.merges) {
        if (entry.value->kind == YamlNode::Kind::map) {
            merge(*entry.value, node);
        } else if (entry.value->kind == YamlNode::Kind::list) {
            for (const auto* item : entry.value->items)
                merge(*item, node);
        } else {
            error(entry.key->offset, "expected a mapping or a list of mappings to merge");
        }
    }
}

void YamlBuilder::merge(const YamlNode& from, YamlNode& into) {
    if (from.kind != YamlNode::Kind::map) {
        error(from.offset, "expected a mapping to merge");
        return;
    }
    std::unordered_map<std::string_view, bool> own;
    for (const auto& entry : into.entries)
        own.emplace(entry.key->text, true);
    merged_count_ += from.entries.size() + into.entries.size() + 1;
    if (merged_count_ > yaml_nodes_max)
        throw YamlStop{into.offset, "expected at most " + std::to_string(yaml_nodes_max) +
                                        " merged entries in one file"};
    // What was merged first, or written in the mapping itself, wins.
    for (const auto& entry : from.entries)
        if (!own.contains(entry.key->text))
            into.entries.push_back(entry);
}

} // namespace mesh
