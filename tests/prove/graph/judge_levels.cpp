#include "tests/prove/graph/judge.hpp"

#include <algorithm>
#include <bitset>
#include <map>

namespace prove_graph {

namespace {

using Events = std::vector<mesh::DeclaredEvent>;

/// Topics of one to four tokens: no pattern has more than three, so those of four stand for all
/// that are longer.
std::vector<std::string> all_topics() {
    std::vector<std::string> topics{"a", "b", "c"};
    std::size_t start = 0;
    for (int length = 2; length <= 4; ++length) {
        const auto end = topics.size();
        for (; start < end; ++start)
            for (const char* token : {".a", ".b", ".c"})
                topics.push_back(topics[start] + token);
    }
    return topics;
}

const std::vector<std::string>& topics() {
    static const auto all = all_topics();
    return all;
}

constexpr std::size_t topic_count_long = 3 + 9 + 27 + 81;
using LongTopics = std::bitset<topic_count_long>;

/// The topics that a pattern matches, found by trying each; kept, as there are few patterns.
const LongTopics& long_topics_of(const std::string& pattern) {
    static std::map<std::string, LongTopics> known;
    const auto [entry, is_new] = known.try_emplace(pattern);
    if (is_new)
        for (std::size_t i = 0; i < topics().size(); ++i)
            entry->second[i] = is_matched(pattern, topics()[i]);
    return entry->second;
}

/// Whether `inner` matches less than `outer`.
bool is_narrower(const std::string& inner, const std::string& outer) {
    const auto& within = long_topics_of(inner);
    return inner != outer && (within & long_topics_of(outer)) == within;
}

struct TopicKnown {
    mesh::Level level = mesh::Level::reliable;
    bool is_terminal = false;
};

TopicKnown known_of(const Events& events, std::size_t topic) {
    Events matching;
    for (const auto& event : events) {
        if (event.name.text() == topics()[topic])
            return {event.level, event.is_terminal};
        if (long_topics_of(event.name.text())[topic])
            matching.push_back(event);
    }
    TopicKnown known;
    std::vector<mesh::Level> levels;
    for (const auto& event : matching) {
        known.is_terminal |= event.is_terminal;
        if (std::ranges::none_of(matching, [&](const mesh::DeclaredEvent& other) {
                return is_narrower(other.name.text(), event.name.text());
            }))
            levels.push_back(event.level);
    }
    if (!levels.empty())
        known.level = *std::ranges::max_element(levels);
    return known;
}

/// What is known of each topic, in the order of `topics()`.
using Table = std::vector<TopicKnown>;

/// The strongest level that somebody listens to; false when to none.
bool find_strongest(const Table& table, const std::vector<PlainPattern>& on, mesh::Level& level) {
    std::vector<mesh::Level> levels;
    for (std::size_t i = 0; i < table.size(); ++i)
        if (std::ranges::any_of(
                on, [&](const PlainPattern& one) { return long_topics_of(one.text)[i]; }))
            levels.push_back(table[i].level);
    if (levels.empty())
        return false;
    level = *std::ranges::max_element(levels);
    return true;
}

std::string weaker(const Table& table, const std::string& emits, mesh::Level heard) {
    std::vector<mesh::Level> levels;
    for (std::size_t i = 0; i < table.size(); ++i)
        if (!table[i].is_terminal && long_topics_of(emits)[i])
            levels.push_back(table[i].level);
    if (levels.empty() || heard < mesh::Level::durable)
        return {};
    const auto weakest = *std::ranges::min_element(levels);
    if (weakest >= heard)
        return {};
    return std::string(name_of(heard)) + " " + std::string(name_of(weakest));
}

/// The level in brackets that follows the first one of `after`.
std::string told_level(const std::string& message, const std::string& after) {
    const auto start = message.find('(', message.find(after)) + 1;
    return message.substr(start, message.find(')', start) - start);
}

} // namespace

std::string judge_levels(const Case& one) {
    Table table;
    for (std::size_t i = 0; i < topics().size(); ++i)
        table.push_back(known_of(one.input.events, i));
    std::vector<std::string> expected;
    std::size_t number = 0;
    for (const auto& declared : one.input.contracts)
        for (std::size_t h = 0; h < declared.contract.handlers.size(); ++h) {
            const auto& handler = one.plain.handlers[number++];
            const auto& places = declared.contract.handlers[h].emits
                                     ? declared.places.handlers[h].emits
                                     : declared.places.publishes;
            mesh::Level heard{};
            if (!find_strongest(table, handler.on, heard))
                continue;
            for (std::size_t i = 0; i < handler.emits.size(); ++i)
                if (const auto levels = weaker(table, handler.emits[i].text, heard);
                    !levels.empty())
                    expected.push_back(handler.label + " " + std::to_string(places[i].line) + " " +
                                       levels);
        }
    std::vector<std::string> found;
    for (const auto& finding : one.of("W010")) {
        const auto& message = finding.message; // handler LABEL listens ...
        found.push_back(message.substr(8, message.find(" listens") - 8) + " " +
                        std::to_string(finding.place.line) + " " +
                        told_level(message, " listens to ") + " " +
                        told_level(message, " and emits "));
    }
    std::string fault;
    expect_equal(fault, "handlers that emit weaker events", expected, found);
    return fault;
}

} // namespace prove_graph
