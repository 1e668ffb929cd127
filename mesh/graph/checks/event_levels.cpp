#include "mesh/graph/checks/event_levels.hpp"

#include "mesh/event/tokens.hpp"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

namespace mesh {

namespace {

std::vector<Pattern> names_of(const std::vector<DeclaredEvent>& events) {
    std::vector<Pattern> names;
    names.reserve(events.size());
    for (const auto& event : events)
        names.push_back(event.name);
    return names;
}

/// The pattern of all topics that two patterns have in common, which is at least one.
std::string common_pattern(const Pattern& a, const Pattern& b) {
    const Tokens left(a.text());
    const Tokens right(b.text());
    std::string text;
    auto l = left.begin();
    auto r = right.begin();
    while (l != left.end() && r != right.end()) {
        const auto one = *l;
        const auto other = *r;
        text += text.empty() ? "" : ".";
        text += one == ">" || (one == "*" && other != ">") ? other : one;
        // A final `>` stands for all that is left of the other side.
        if (one != ">" || other == ">")
            ++l;
        if (other != ">" || one == ">")
            ++r;
    }
    return text;
}

} // namespace

EventLevels::EventLevels(const std::vector<DeclaredEvent>& events, std::size_t cost_max)
    : events_(events), index_(names_of(events)), cost_max_(cost_max) {
    std::set<std::string_view> tokens;
    for (const auto& event : events) {
        std::size_t count = 0;
        for (const auto token : Tokens(event.name.text())) {
            tokens.insert(token);
            ++count;
        }
        token_count_max_ = std::max(token_count_max_, count);
    }
    for (std::size_t number = 0; fresh_token_.empty(); ++number)
        if (auto token = std::to_string(number); !tokens.contains(token))
            fresh_token_ = std::move(token);
}

NamedLevel EventLevels::strongest(const Pattern& pattern) {
    std::optional<NamedLevel> best;
    visit_topics(pattern, [&](const Pattern& topic, const std::string& of) {
        const auto is = answer(topic);
        if (!best || is.level > best->level || (is.level == best->level && of < best->name))
            best = named(of, is);
    });
    return best.value_or(NamedLevel{Level::reliable, pattern.text(), {}});
}

std::optional<NamedLevel> EventLevels::weakest(const Pattern& pattern) {
    std::optional<NamedLevel> best;
    visit_topics(pattern, [&](const Pattern& topic, const std::string& of) {
        const auto is = answer(topic);
        if (!is.is_terminal &&
            (!best || std::tie(is.level, of) < std::tie(best->level, best->name)))
            best = named(of, is);
    });
    return best;
}

EventLevels::Answer EventLevels::answer(const Pattern& topic) {
    const auto matching = index_.intersecting(topic);
    cost_ += 1 + matching.size();
    Answer best;
    for (const auto number : matching) {
        const auto& event = events_[number];
        if (event.name == topic)
            return {event.level, number, event.is_terminal};
        best.is_terminal |= event.is_terminal;
        const bool is_better =
            !best.entry || event.level > best.level ||
            (event.level == best.level && event.name < events_[*best.entry].name);
        if (is_better && is_narrowest(number, matching)) {
            best.level = event.level;
            best.entry = number;
        }
    }
    return best;
}

bool EventLevels::is_narrowest(Number entry, const std::vector<Number>& matching) {
    cost_ += matching.size();
    const auto& name = events_[entry].name;
    return std::ranges::none_of(matching, [&](Number other) {
        return events_[other].name != name && contains(name, events_[other].name);
    });
}

NamedLevel EventLevels::named(const std::string& name, const Answer& answer) const {
    NamedLevel found{answer.level, name, {}};
    if (answer.entry)
        found.place = events_[*answer.entry].place;
    return found;
}

// Which entries match a topic depends on how many tokens it has, and on those that entries name.
// So the topics of a pattern have the levels of these few: of the pattern itself, and of what it
// has in common with each entry, one of each length with fresh tokens in place of wildcards. Such a
// topic is matched by no more entries than any other one that stands in the same place.
template <class Visit>
void EventLevels::visit_topics(const Pattern& pattern, Visit visit) {
    if (pattern.is_topic()) {
        visit(pattern, pattern.text());
        return;
    }
    visit_lengths(pattern.text(), visit);
    for (const auto number : index_.intersecting(pattern)) {
        ++cost_;
        if (auto common = common_pattern(pattern, events_[number].name); common != pattern.text())
            visit_lengths(common, visit);
        if (is_exhausted())
            return;
    }
}

template <class Visit>
void EventLevels::visit_lengths(const std::string& pattern, Visit visit) {
    std::string topic;
    std::size_t count = 0;
    for (const auto token : Tokens(pattern)) {
        topic += topic.empty() ? "" : ".";
        topic += token == "*" || token == ">" ? fresh_token_ : token;
        ++count;
    }
    // No entry can tell apart topics that are longer than all entries.
    const auto count_max = pattern.ends_with('>') ? std::max(count, token_count_max_ + 1) : count;
    for (; count <= count_max; ++count) {
        // A topic that would be too long is none.
        if (const auto parsed = Pattern::parse(topic))
            visit(*parsed, pattern);
        topic += "." + fresh_token_;
    }
}

} // namespace mesh
