#include "mesh/event/event_rules.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <system_error>
#include <utility>

namespace mesh {

namespace {

constexpr std::string_view entry_mark = "+entry";
constexpr std::string_view compress_mark = "+compress:";

/// The smaller one of those that there are.
std::optional<std::uint64_t> smaller(std::optional<std::uint64_t> a,
                                     std::optional<std::uint64_t> b) {
    return a && b ? std::min(a, b) : a ? a : b;
}

/// `text` is what stands behind `=`: a level and its marks.
Result<EventRule> read_rule(Pattern name, std::string_view text) {
    EventRule rule{.name = std::move(name)};
    if (const auto mark = text.find(compress_mark); mark != std::string_view::npos) {
        const auto digits = text.substr(mark + compress_mark.size());
        std::uint64_t size = 0;
        const auto [end, error] =
            std::from_chars(digits.data(), digits.data() + digits.size(), size);
        if (error != std::errc{} || end != digits.data() + digits.size())
            return fail(ErrorCode::invalid, "expected a number of bytes behind " +
                                                std::string(compress_mark) + ", got \"" +
                                                std::string(digits) + "\"");
        rule.compress_from_bytes = size;
        text = text.substr(0, mark);
    }
    rule.is_entry = text.ends_with(entry_mark);
    if (rule.is_entry)
        text.remove_suffix(entry_mark.size());
    const auto level = parse_level(text);
    if (!level)
        return tl::unexpected(level.error());
    rule.level = *level;
    return rule;
}

} // namespace

EventRules::EventRules(const std::vector<EventRule>& rules) {
    for (const auto& rule : rules) {
        compress_min_ = smaller(compress_min_, rule.compress_from_bytes);
        if (rule.name.is_topic())
            exact_.emplace(rule.name.text(), rule);
        else
            wild_.push_back(rule);
    }
    std::ranges::stable_sort(wild_, std::greater<>{}, &EventRule::level);
}

Level EventRules::level_of(std::string_view topic) const {
    if (const auto known = exact_.find(topic); known != exact_.end())
        return known->second.level;
    const auto rule =
        std::ranges::find_if(wild_, [&](const EventRule& one) { return is_narrowest(one, topic); });
    return rule == wild_.end() ? Level::reliable : rule->level;
}

/// Whether the rule matches the topic, and none within it does.
bool EventRules::is_narrowest(const EventRule& rule, std::string_view topic) const {
    // Which of two rules comes first depends on the topic: what lies within the stronger one and
    // makes it give way may not match it. So there is no order of rules to be kept.
    return rule.name.matches(topic) && std::ranges::none_of(wild_, [&](const EventRule& other) {
               return other.name != rule.name && other.name.matches(topic) &&
                      contains(rule.name, other.name);
           });
}

std::optional<std::uint64_t> EventRules::compress_from_bytes(std::string_view topic) const {
    if (const auto known = exact_.find(topic); known != exact_.end())
        return known->second.compress_from_bytes;
    std::optional<std::uint64_t> size;
    for (const auto& rule : wild_)
        if (rule.compress_from_bytes && is_narrowest(rule, topic))
            size = smaller(size, rule.compress_from_bytes);
    return size;
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
        if (rule.compress_from_bytes)
            text += std::string(compress_mark) + std::to_string(*rule.compress_from_bytes);
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
        auto name = Pattern::parse(item.substr(0, equals));
        auto rule = name ? read_rule(std::move(*name), item.substr(equals + 1))
                         : Result<EventRule>(tl::unexpected(name.error()));
        if (!rule)
            return fail(ErrorCode::invalid,
                        "\"" + std::string(item) + "\": " + rule.error().detail);
        rules.push_back(std::move(*rule));
    }
    return rules;
}

} // namespace mesh
