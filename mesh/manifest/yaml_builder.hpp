#pragma once

#include "mesh/manifest/yaml_input.hpp"
#include "mesh/manifest/yaml_tree.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/mark.h>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace mesh {

/// Builds the tree from the parser's events. Private to the room: it shows yaml-cpp. Throws
/// `YamlStop` for what ends the reading; collects what does not in the tree's errors.
class YamlBuilder : public YAML::EventHandler {
public:
    YamlBuilder(const SourceText& source, YamlInput& input, YamlTree& tree)
        : source_(source), input_(input), tree_(tree) {}

    void OnDocumentStart(const YAML::Mark& mark) override;
    void OnDocumentEnd() override;
    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override;
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override;
    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override;
    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value style) override;
    void OnSequenceEnd() override;
    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value style) override;
    void OnMapEnd() override;

private:
    /// A list or mapping that is not complete yet.
    struct Open {
        YamlNode* node;
        const YamlNode* key = nullptr; ///< of a mapping, waits for its value
        std::vector<YamlEntry> merges; ///< `<<` entries
    };

    YamlNode& add(const YAML::Mark& mark, YamlNode::Kind kind, YAML::anchor_t anchor);
    void attach(const YamlNode& node);
    void open(YamlNode& node);
    void check_tag(const YAML::Mark& mark, const std::string& tag);
    bool is_key_next() const;
    void close_map(Open& open);
    void merge(const YamlNode& from, YamlNode& into);
    void error(std::size_t offset, std::string message);

    const SourceText& source_;
    YamlInput& input_;
    YamlTree& tree_;
    std::vector<Open> open_;
    std::vector<const YamlNode*> anchors_;
    const YamlNode* root_ = nullptr;
    std::optional<std::size_t> document_offset_;
    std::size_t merged_count_ = 0;
};

} // namespace mesh
