#include "tests/prove/graph/judge.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace prove_graph {

namespace {

bool is_topic(const std::string& text) {
    return text.find_first_of("*>") == std::string::npos;
}

/// What `events` says of a name: its own entry, else all that cover it, or for a pattern that is
/// asked for an entry have something in common with it.
struct Events {
    const std::vector<mesh::DeclaredEvent>& events;

    const mesh::DeclaredEvent* exact(const std::string& text) const {
        const auto found = std::ranges::find_if(
            events, [&](const mesh::DeclaredEvent& one) { return one.name.text() == text; });
        return found == events.end() ? nullptr : &*found;
    }

    bool is_terminal(const std::string& text) const {
        if (const auto* one = exact(text))
            return one->is_terminal;
        return std::ranges::any_of(events, [&](const mesh::DeclaredEvent& one) {
            // Only a `>` covers topics of any length.
            const bool is_long_enough = !text.ends_with('>') || one.name.text().ends_with('>');
            const auto outer = topics_of(one.name.text());
            const auto inner = topics_of(text);
            return one.is_terminal && is_long_enough && (outer & inner) == inner;
        });
    }

    bool is_entry(const std::string& text) const {
        if (const auto* one = exact(text); one != nullptr && is_topic(text))
            return one->is_entry;
        return std::ranges::any_of(events, [&](const mesh::DeclaredEvent& one) {
            return one.is_entry && (topics_of(one.name.text()) & topics_of(text)) != 0;
        });
    }
};

/// All that is emitted or published, with the services it comes from; allowed loops too.
std::map<std::string, std::set<std::size_t>> all_emitted(const Case& one) {
    std::map<std::string, std::set<std::size_t>> emitted;
    for (const auto& handler : one.plain.handlers)
        for (const auto& emits : handler.emits)
            emitted[emits.text].insert(handler.service);
    for (const auto& [service, pattern] : one.plain.published)
        emitted[pattern.text].insert(service);
    for (const auto& event : one.input.events)
        if (event.is_entry)
            emitted[event.name.text()];
    return emitted;
}

bool is_handled(const PlainGraph& graph, const std::string& text) {
    return std::ranges::any_of(graph.handlers, [&](const PlainHandler& handler) {
        return triggers({text, topics_of(text)}, handler);
    });
}

std::vector<std::string> told(const Case& one, const std::string& code, std::size_t word) {
    std::vector<std::string> all;
    for (const auto& finding : one.of(code)) {
        std::size_t start = 0;
        for (std::size_t i = 0; i < word; ++i)
            start = finding.message.find(' ', start) + 1;
        all.push_back(
            finding.message.substr(start, finding.message.find_first_of(" ,", start) - start));
    }
    return all;
}

} // namespace

std::string judge_warnings(const Case& one) {
    const Events events{one.input.events};
    const auto emitted = all_emitted(one);
    std::vector<std::string> unhandled;
    std::vector<std::string> shared;
    for (const auto& [text, services] : emitted) {
        if (!is_handled(one.plain, text) && !events.is_terminal(text))
            unhandled.push_back(text);
        if (services.size() > 1 && is_topic(text) && !events.is_entry(text))
            shared.push_back(text);
    }
    std::vector<std::string> unfed;
    for (const auto& handler : one.plain.handlers)
        for (const auto& on : handler.on) {
            const bool is_fed = std::ranges::any_of(emitted, [&](const auto& entry) {
                return (topics_of(entry.first) & on.topics) != 0;
            });
            if (!is_fed && !events.is_entry(on.text))
                unfed.push_back(on.text);
        }
    std::string fault;
    expect_equal(fault, "events that nobody handles", unhandled, told(one, "W002", 2));
    expect_equal(fault, "subscriptions that nobody feeds", unfed, told(one, "W003", 2));
    expect_equal(fault, "events of several services", shared, told(one, "W007", 0));
    return fault;
}

} // namespace prove_graph
