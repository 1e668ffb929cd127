#include "tests/prove/graph/plain_graph.hpp"

#include <algorithm>
#include <cassert>

namespace prove_graph {

namespace {

using Words = std::vector<std::string>;

Words words_of(const std::string& text) {
    Words words(1);
    for (const char c : text)
        if (c == '.')
            words.emplace_back();
        else
            words.back() += c;
    return words;
}

std::vector<Words> all_topics() {
    std::vector<Words> topics;
    std::vector<Words> longest{{}};
    for (int length = 1; length <= 3; ++length) {
        std::vector<Words> longer;
        for (const auto& topic : longest)
            for (const char* token : {"a", "b", "c"}) {
                longer.push_back(topic);
                longer.back().emplace_back(token);
            }
        topics.insert(topics.end(), longer.begin(), longer.end());
        longest = std::move(longer);
    }
    assert(topics.size() == topic_count);
    return topics;
}

bool is_match(const Words& pattern, const Words& topic) {
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (pattern[i] == ">")
            return topic.size() > i;
        if (i >= topic.size() || (pattern[i] != "*" && pattern[i] != topic[i]))
            return false;
    }
    return pattern.size() == topic.size();
}

PlainPattern plain(const mesh::Pattern& pattern) {
    return {pattern.text(), topics_of(pattern.text())};
}

} // namespace

Topics topics_of(const std::string& pattern) {
    static const auto topics = all_topics();
    const auto words = words_of(pattern);
    Topics matched = 0;
    for (std::size_t i = 0; i < topics.size(); ++i)
        if (is_match(words, topics[i]))
            matched |= Topics{1} << i;
    return matched;
}

bool is_matched(const std::string& pattern, const std::string& topic) {
    return is_match(words_of(pattern), words_of(topic));
}

bool triggers(const PlainPattern& emits, const PlainHandler& handler) {
    return std::ranges::any_of(
        handler.on, [&](const PlainPattern& on) { return (on.topics & emits.topics) != 0; });
}

PlainGraph::PlainGraph(const mesh::GraphInput& input) {
    for (const auto& declared : input.contracts) {
        const auto& contract = declared.contract;
        for (std::size_t h = 0; h < contract.handlers.size(); ++h) {
            const auto& handler = contract.handlers[h];
            PlainHandler made{contract.service + "." + handler.name, services.size(), {}, {}, {}};
            for (const auto* list : {&handler.on, &handler.after})
                for (const auto& pattern : *list)
                    made.on.push_back(plain(pattern));
            const auto emits = handler.emits        ? *handler.emits
                               : contract.publishes ? *contract.publishes
                                                    : std::vector<mesh::Pattern>{};
            for (const auto& pattern : emits) {
                made.emits.push_back(plain(pattern));
                for (const auto& loop : contract.loops)
                    if (loop.handler == handler.name && loop.emits == pattern)
                        made.emits.back().is_allowed = true;
            }
            if (h < declared.handlers.size()) {
                made.is_blocking = declared.handlers[h].is_blocking;
                for (const auto& name : declared.handlers[h].compensates)
                    made.compensates.push_back(
                        name.find('.') == std::string::npos ? contract.service + "." + name : name);
            }
            if (h < declared.places.handlers.size())
                made.line = declared.places.handlers[h].name.line;
            handlers.push_back(std::move(made));
        }
        if (contract.publishes)
            for (const auto& pattern : *contract.publishes) {
                const auto is_it = [&](const mesh::LoopContract& loop) {
                    return loop.emits == pattern;
                };
                published.emplace_back(services.size(), plain(pattern));
                published.back().second.is_allowed = std::ranges::any_of(contract.loops, is_it);
            }
        services.push_back(contract.service);
    }
}

Matrix PlainGraph::handlers_matrix(Loops loops) const {
    Matrix matrix(handlers.size());
    for (std::size_t from = 0; from < handlers.size(); ++from)
        for (const auto& emits : handlers[from].emits)
            for (std::size_t to = 0; to < handlers.size(); ++to)
                if ((loops == Loops::kept || !emits.is_allowed) && triggers(emits, handlers[to]))
                    matrix.add(from, to);
    return matrix;
}

Matrix PlainGraph::services_matrix() const {
    Matrix matrix(services.size());
    const auto send = [&](std::size_t from, const PlainPattern& pattern) {
        for (const auto& handler : handlers)
            if (!pattern.is_allowed && triggers(pattern, handler))
                matrix.add(from, handler.service);
    };
    for (const auto& handler : handlers)
        for (const auto& emits : handler.emits)
            send(handler.service, emits);
    for (const auto& [service, pattern] : published)
        send(service, pattern);
    return matrix;
}

std::size_t PlainGraph::find(const std::string& label) const {
    const auto found = std::ranges::find(handlers, label, &PlainHandler::label);
    return static_cast<std::size_t>(found - handlers.begin());
}

} // namespace prove_graph
