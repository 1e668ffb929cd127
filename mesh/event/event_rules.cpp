#include "mesh/event/event_rules.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace mesh {

namespace {

constexpr std::string_view entry_mark = "+entry";

} // namespace

EventRules::EventRules(const std::vector<EventRule>& rules) {
    for (const auto& rule : rules)
        if (rule.name.is_topic())
            exact_.emplace(rule.name.text(), rule);
        else
            wild_.push_back(rule);
    std::ranges::stable_sort(wild_, std::greater<>{}, &EventRule::level);
}

Level EventRules::level_of(std::string_view topic) const {
    if (const auto known = exact_.find(topic); known != exact_.end())
        return known->second.level;
    // Which of two rules comes first depends on the topic: what lies within the stronger one and
    // makes it give way may not match it. So there is no order of rules to be kept.
    const auto is_narrowest = [&](const EventRule& rule) {
        return std::ranges::none_of(wild_, [&](const EventRule& other) {
            return other.name != rule.name && other.name.matches(topic) &&
                   contains(rule.name, other.name);
        });
    };
    const auto rule = std::ranges::find_if(
        wild_, [&](const EventRule& one) { return one.name.matches(topic) && is_narrowest(one); });
    return rule == wild_.end() ? Level::reliable : rule->level;
}

bool EventRules::is_entry(std::string_view topic) const {
    if (const auto known = exact_.find(topic); known != exact_.end())
        return known->second.is_entry;
    return std::ranges::any_of(
        wild_, [&](const EventRule& one) { return one.is_entry && one.name.matches(topic); });
}

std::string to_text(const std::vector<EventRule>& rules) {
    std::string text;
    for (const auto& rule : rules) {
        text += text.empty() ? "" : " ";
        text += rule.name.text();
        text += '=';
        text += name_of(rule.level);
        text += rule.is_entry ? entry_mark : "";
    }
    return text;
}

Result<std::vector<EventRule>> parse_event_rules(std::string_view text) {
    std::vector<EventRule> rules;
    for (std::size_t start = 0; start < text.size();) {
        const auto blank = std::min(text.find(' ', start), text.size());
        const auto item = text.substr(start, blank - start);
        start = blank + 1;
        if (item.empty())
            continue;
        // A topic may hold `=`, a level may not.
        const auto equals = item.rfind('=');
        if (equals == std::string_view::npos)
            return fail(ErrorCode::invalid,
                        "expected TOPIC=LEVEL, got \"" + std::string(item) + "\"");
        auto level_text = item.substr(equals + 1);
        const bool is_entry = level_text.ends_with(entry_mark);
        if (is_entry)
            level_text.remove_suffix(entry_mark.size());
        auto name = Pattern::parse(item.substr(0, equals));
        const auto level = parse_level(level_text);
        if (!name || !level)
            return fail(ErrorCode::invalid, "\"" + std::string(item) + "\": " +
                                                (name ? level.error() : name.error()).detail);
        rules.push_back({std::move(*name), *level, is_entry});
    }
    return rules;
}

} // namespace mesh
