#pragma once

#include "mesh/base/result.hpp"
#include "mesh/event/delivery.hpp"
#include "mesh/event/pattern.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace mesh {

/// What is known of a topic, or of all topics of a pattern: an entry of a manifest's `events`.
struct EventRule {
    Pattern name;
    Level level = Level::reliable;
    bool is_entry = false; ///< comes from outside the mesh: publishing it is nobody's emit

    /// Payloads of at least so many bytes are compressed; nothing: as the node does otherwise.
    std::optional<std::uint64_t> compress_from_bytes = {};

    bool operator==(const EventRule&) const = default;
};

/// Answers what is known of a topic. The rule of exactly its name wins. Else the narrowest pattern
/// that matches it gives the level and from which size on to compress (of two that do not hold each
/// other the stronger level, and the smaller size), and it is an entry when any of them says so. A
/// topic that nothing is known of is `reliable`.
class EventRules {
public:
    EventRules() = default;
    explicit EventRules(const std::vector<EventRule>& rules);

    Level level_of(std::string_view topic) const;

    bool is_entry(std::string_view topic) const;

    std::optional<std::uint64_t> compress_from_bytes(std::string_view topic) const;

    /// The smallest of all sizes, if there is one: below it no topic has to be looked up.
    std::optional<std::uint64_t> compress_from_bytes_min() const { return compress_min_; }

private:
    struct Hash {
        using is_transparent = void;

        std::size_t operator()(std::string_view text) const {
            return std::hash<std::string_view>{}(text);
        }
    };

    bool is_narrowest(const EventRule& rule, std::string_view topic) const;

    std::unordered_map<std::string, EventRule, Hash, std::equal_to<>> exact_;
    std::vector<EventRule> wild_; ///< the stronger level first
    std::optional<std::uint64_t> compress_min_;
};

/// The rules in one line, for the environment of a process: `NAME=LEVEL`, behind that `+entry` and
/// `+compress:BYTES` where they hold, with a blank between two.
std::string to_text(const std::vector<EventRule>& rules);

/// The rules of such a line. Errors: `invalid`, quoting the entry that cannot be read.
Result<std::vector<EventRule>> parse_event_rules(std::string_view text);

} // namespace mesh
