#pragma once

#include "mesh/event/delivery.hpp"
#include "mesh/event/event_rules.hpp"
#include "mesh/event/pattern.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mesh {

/// What a node has to know of a topic that it publishes.
struct TopicFacts {
    bool is_publishable = false; ///< the contract declares it
    bool is_entry = false;
    Level level = Level::reliable;
    std::optional<std::uint64_t> compress_from_bytes = {};
};

/// Answers that, and remembers it of the topics that were asked for first: patterns are looked at
/// once a topic, not once an event. Any thread, without a lock.
class KnownTopics {
public:
    KnownTopics() = default;
    ~KnownTopics();
    KnownTopics(const KnownTopics&) = delete;
    KnownTopics& operator=(const KnownTopics&) = delete;

    /// Before the first question.
    void declare(std::vector<Pattern> publishable, EventRules rules);

    TopicFacts facts_of(std::string_view topic) const;

    const EventRules& rules() const { return rules_; }

    const std::vector<Pattern>& publishable() const { return publishable_; }

private:
    struct Known {
        std::string topic;
        TopicFacts facts;
    };

    // Bounds what is remembered. Of the others the patterns are looked at again and again.
    static constexpr std::size_t places = 1024;
    static constexpr std::size_t places_tried = 4;

    TopicFacts find_out(std::string_view topic) const;

    std::vector<Pattern> publishable_;
    EventRules rules_;
    mutable std::array<std::atomic<const Known*>, places> known_{}; ///< each set once
};

} // namespace mesh
