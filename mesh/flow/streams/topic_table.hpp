#pragma once

#include "mesh/base/quick_hash.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace mesh {

struct Subscription;

/// What a publisher keeps of one topic.
struct TopicEntry {
    std::string name;
    std::uint64_t last_sequence = 0;   ///< of its newest event
    std::uint64_t published_count = 0; ///< its events so far
    std::uint64_t trimmed_count = 0;   ///< those that the log no longer holds

    /// The attached subscriptions that want it.
    std::vector<Subscription*> subscriptions;

    /// Of its last event that was published the usual way.
    struct Usual {
        std::string content_type; ///< as given
        bool is_fast = false;
    };

    std::optional<Usual> usual = {};
};

/// A publisher's topics by number, as they travel. Numbers are 16 bits wide: when all are taken,
/// the topic that was silent the longest gives up its number, provided that no event of it is held.
class TopicTable {
public:
    /// The number of a topic that has one.
    std::optional<std::uint16_t> find(std::string_view name) const {
        // Asked for each event twice, and mostly for a topic that was asked for lately.
        if (last_found_ < entries_.size() && is_same_text(entries_[last_found_].name, name))
            return last_found_;
        auto& found = found_[quick_hash(name) % found_.size()];
        if (found >= entries_.size() || !is_same_text(entries_[found].name, name))
            return look_up(name, found);
        return last_found_ = found;
    }

    struct Added {
        std::uint16_t number = 0;
        bool is_reused = false; ///< the number meant another topic before
    };

    /// Gives a new topic a number. `held_first` is the oldest sequence that is held anywhere;
    /// `retire` is called with the number and the entry that give way. Nothing when all numbers
    /// are in use.
    std::optional<Added> add(std::string_view name, std::uint64_t held_first,
                             const std::function<void(std::uint16_t, const TopicEntry&)>& retire);

    TopicEntry& operator[](std::uint16_t number) { return entries_[number]; }

    const TopicEntry& operator[](std::uint16_t number) const { return entries_[number]; }

    std::size_t size() const { return entries_.size(); }

private:
    struct Hash {
        using is_transparent = void;

        std::size_t operator()(std::string_view text) const {
            return std::hash<std::string_view>{}(text);
        }
    };

    std::optional<std::uint16_t> look_up(std::string_view name, std::uint16_t& found) const;

    std::vector<TopicEntry> entries_;
    std::unordered_map<std::string, std::uint16_t, Hash, std::equal_to<>> numbers_;
    /// By hash, numbers that were found; what they mean is looked up.
    mutable std::array<std::uint16_t, 512> found_{};
    mutable std::uint16_t last_found_ = 0; ///< the same
};

} // namespace mesh
