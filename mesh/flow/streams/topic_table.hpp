#pragma once

#include "mesh/base/quick_hash.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
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
        const auto found = look_up(name);
        return found == 0 ? std::nullopt : std::optional(static_cast<std::uint16_t>(found - 1));
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
    /// One more than its number, or 0. An optional of two bytes would come back through memory,
    /// where what is written by the byte cannot be read at once as a whole: 3.5 % of a publisher's
    /// samples.
    std::uint32_t look_up(std::string_view name) const;

    std::uint16_t number_at(std::size_t place) const {
        return static_cast<std::uint16_t>(places_[place] - 1);
    }

    /// Where the topic stands in places_, or the free place that it would get.
    std::size_t place_of(std::string_view name) const;

    void grow();
    void take_out(std::size_t place);

    std::vector<TopicEntry> entries_;

    /// By hash, with steps to the next one: one more than a number, or 0. A power of two of them,
    /// at least half of which are free.
    std::vector<std::uint32_t> places_;
    mutable std::uint16_t last_found_ = 0; ///< what it means is looked up
};

} // namespace mesh
