#include "mesh/manifest/json_tree.hpp"

#include "mesh/manifest/json_cursor.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace mesh {

namespace {

/// Takes the events of the parser. Each comes right after its token was read, so the cursor tells
/// where that ends; before it stand only blanks, `:` and `,`. Returns false to end the reading.
class JsonBuilder {
public:
    using Size = std::size_t;

    JsonBuilder(const SourceText& source, JsonReached& reached, YamlTree& tree)
        : source_(source), reached_(reached), tree_(tree) {}

    bool null() { return scalar(YamlNode::Kind::nothing, {}); }

    bool boolean(bool value) { return scalar(YamlNode::Kind::text, value ? "true" : "false"); }

    bool number_integer(std::int64_t /*value*/) { return number(); }

    bool number_unsigned(std::uint64_t /*value*/) { return number(); }

    bool number_float(double /*value*/, const std::string& /*written*/) { return number(); }

    bool string(std::string& value) {
        auto* const node = add(YamlNode::Kind::text);
        if (node == nullptr)
            return false;
        node->is_plain = false;
        node->text = std::move(value);
        end_ = reached_.offset;
        attach(*node);
        return true;
    }

    bool binary(std::vector<std::uint8_t>& /*value*/) { return false; } // of other formats

    bool key(std::string& value) {
        auto* const node = add(YamlNode::Kind::text);
        if (node == nullptr)
            return false;
        node->is_plain = false;
        node->text = std::move(value);
        end_ = reached_.offset;
        open_.back().key = node;
        return true;
    }

    bool start_object(Size /*size*/) { return open(YamlNode::Kind::map); }

    bool start_array(Size /*size*/) { return open(YamlNode::Kind::list); }

    bool end_object() { return close(); }

    bool end_array() { return close(); }

    bool parse_error(Size position, const std::string& /*token*/,
                     const nlohmann::json::exception& fault) {
        std::string_view message = fault.what();
        const auto start = message.find("while parsing ");
        message.remove_prefix(start == std::string_view::npos ? message.find("] ") + 2 : start);
        message = message.substr(0, message.find("; last read: "));
        // What stands behind the last value, or the comma or colon that should not be there.
        const auto text = source_.text();
        auto offset = std::min(text.find_first_not_of(" \t\r\n,:", end_), text.size());
        if (position > end_ && position <= offset && text[position - 1] != ' ')
            offset = position - 1;
        return stop(offset, "not valid JSON: " + std::string(message.substr(0, 200)));
    }

private:
    struct Open {
        YamlNode* node;
        const YamlNode* key = nullptr; ///< of a mapping, waits for its value
        std::unordered_map<std::string_view, const YamlNode*> seen;
    };

    bool stop(Size offset, std::string message) {
        tree_.errors.push_back({std::move(message), source_.at(offset)});
        return false;
    }

    YamlNode* add(YamlNode::Kind kind) {
        const auto start = source_.text().find_first_not_of(" \t\r\n,:", end_);
        if (tree_.nodes.size() >= yaml_nodes_max) {
            stop(start,
                 "expected at most " + std::to_string(yaml_nodes_max) + " values in one file");
            return nullptr;
        }
        auto& node = tree_.nodes.emplace_back();
        node.kind = kind;
        node.offset = start;
        end_ = start;
        return &node;
    }

    void attach(const YamlNode& node) {
        if (open_.empty()) {
            if (node.kind != YamlNode::Kind::nothing)
                tree_.documents.push_back(&node);
            return;
        }
        auto& parent = open_.back();
        if (parent.node->kind == YamlNode::Kind::list) {
            parent.node->items.push_back(&node);
            return;
        }
        const auto* const key = std::exchange(parent.key, nullptr);
        const auto [first, is_new] = parent.seen.emplace(key->text, key);
        if (is_new)
            parent.node->entries.push_back({key, &node});
        else
            stop(key->offset, "duplicate key " + in_quotes(key->text) + ", first at " +
                                  to_string(source_.at(first->second->offset)) +
                                  "; keep one of them");
    }

    bool scalar(YamlNode::Kind kind, std::string_view text) {
        auto* const node = add(kind);
        if (node == nullptr)
            return false;
        node->text = text;
        end_ = reached_.offset;
        attach(*node);
        return true;
    }

    /// A number is text as written. Its end is not where the cursor stands: that looked at the
    /// character behind it.
    bool number() {
        auto* const node = add(YamlNode::Kind::text);
        if (node == nullptr)
            return false;
        const auto text = source_.text();
        end_ = std::min(text.find_first_not_of("+-.0123456789eE", node->offset), text.size());
        node->text = text.substr(node->offset, end_ - node->offset);
        attach(*node);
        return true;
    }

    bool open(YamlNode::Kind kind) {
        auto* const node = add(kind);
        if (node == nullptr)
            return false;
        if (open_.size() >= yaml_depth_max)
            return stop(node->offset, "expected at most " + std::to_string(yaml_depth_max) +
                                          " levels of nesting");
        end_ = reached_.offset;
        open_.push_back({node, nullptr, {}});
        return true;
    }

    bool close() {
        end_ = reached_.offset;
        const auto* const node = open_.back().node;
        open_.pop_back();
        attach(*node);
        return true;
    }

    const SourceText& source_;
    JsonReached& reached_;
    YamlTree& tree_;
    std::vector<Open> open_;
    Size end_ = 0; ///< of the last token that made an event
};

} // namespace

YamlTree parse_json(const SourceText& source) {
    YamlTree tree;
    JsonReached reached;
    JsonBuilder builder(source, reached, tree);
    const auto text = source.text();
    nlohmann::json::sax_parse(JsonCursor(text, 0, &reached), JsonCursor(text, text.size(), nullptr),
                              &builder);
    if (!tree.errors.empty() && tree.errors.back().message.starts_with("not valid JSON"))
        tree.documents.clear();
    return tree;
}

} // namespace mesh
