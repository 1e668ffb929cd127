#pragma once

#include "mesh/flow/event_log.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace mesh {

/// Chooses the last events of each topic, or the last one of each topic and key, from events that
/// are shown once and in order. Pure.
class LastEvents {
public:
    /// `per_topic`: how many of each topic; nothing: one of each topic and key.
    /// `size_bytes_max`: of what it remembers.
    explicit LastEvents(std::optional<std::uint64_t> per_topic,
                        std::size_t size_bytes_max = std::size_t{64} * 1024 * 1024)
        : per_topic_(per_topic), size_bytes_max_(size_bytes_max) {}

    void see(const EventLog::Entry& entry);

    /// The sequences of those that are chosen, in order.
    std::vector<std::uint64_t> sequences() const;

    /// How many older ones gave way because there are more than it can remember.
    std::uint64_t given_up_count() const { return given_up_count_; }

private:
    struct Chosen {
        std::uint16_t topic = 0;
        const std::string* key = nullptr; ///< in by_key_
    };

    void choose(std::uint64_t sequence, Chosen chosen);
    void drop(std::uint64_t sequence);
    void keep_bound();

    std::optional<std::uint64_t> per_topic_;
    std::size_t size_bytes_max_;
    std::size_t size_bytes_ = 0;
    std::uint64_t given_up_count_ = 0;
    std::map<std::uint64_t, Chosen> chosen_;
    std::vector<std::deque<std::uint64_t>> by_topic_;
    std::unordered_map<std::string, std::uint64_t> by_key_;
};

} // namespace mesh
