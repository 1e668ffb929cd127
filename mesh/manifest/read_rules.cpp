#include "mesh/manifest/document.hpp"

#include <limits>
#include <utility>

namespace mesh {

namespace {

using Reading = DocumentReading;

/// A rule is one of two pairs of keys.
void check_pairs(Reading& reading, const YamlNode& node) {
    bool has_from = false;
    bool has_must_not_reach = false;
    bool has_event = false;
    bool has_max_fan_out = false;
    for (const auto& [key, value] : node.entries) {
        has_from |= key->text == "from";
        has_must_not_reach |= key->text == "must_not_reach";
        has_event |= key->text == "event";
        has_max_fan_out |= key->text == "max_fan_out";
    }
    const bool is_reach = has_from && has_must_not_reach && !has_event && !has_max_fan_out;
    const bool is_fan_out = !has_from && !has_must_not_reach && has_event && has_max_fan_out;
    if (!is_reach && !is_fan_out)
        reading.error(node, "expected a rule of \"from\" and \"must_not_reach\", or of \"event\" "
                            "and \"max_fan_out\"");
}

} // namespace

void read_rules(Reading& reading, const YamlNode& node, std::vector<RuleManifest>& into) {
    if (node.kind != YamlNode::Kind::list) {
        reading.error_in("rules", node, "expected a list");
        return;
    }
    for (const auto* item : reading.one_or_more("rules", node)) {
        RuleManifest rule{.from = {},
                          .must_not_reach = {},
                          .event = {},
                          .max_fan_out = {},
                          .place = reading.place(*item)};
        const bool is_mapping = reading.fields(
            *item, "a rule",
            {{"from", [&](const YamlNode&,
                          const YamlNode& value) { rule.from = reading.pattern("from", value); }},
             {"must_not_reach",
              [&](const YamlNode&, const YamlNode& value) {
                  rule.must_not_reach = reading.pattern("must_not_reach", value);
              }},
             {"event",
              [&](const YamlNode&, const YamlNode& value) {
                  rule.event = reading.pattern("event", value);
              }},
             {"max_fan_out", [&](const YamlNode&, const YamlNode& value) {
                  rule.max_fan_out = reading.number("max_fan_out", value, 0,
                                                    std::numeric_limits<std::uint32_t>::max());
              }}});
        if (is_mapping)
            check_pairs(reading, *item);
        into.push_back(std::move(rule));
    }
}

} // namespace mesh
