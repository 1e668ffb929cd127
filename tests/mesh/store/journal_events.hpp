#pragma once

#include "mesh/store/journal.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace tests {

/// Events whose content follows from their sequence, so that whoever reads them can tell whether
/// they are right. Every fourth topic number, and records of 8 to 263 bytes.
class JournalEvents {
public:
    static constexpr std::uint16_t topic_count = 4;

    /// `count` events from `first` on. Their records live in this object until the next call.
    std::vector<mesh::StoredEvent> make(std::uint64_t first, std::uint64_t count) {
        records_.clear();
        std::vector<mesh::StoredEvent> events;
        for (auto sequence = first; sequence < first + count; ++sequence)
            records_.push_back(record_of(sequence));
        for (auto sequence = first; sequence < first + count; ++sequence)
            events.push_back({.sequence = sequence,
                              .time_us = time_of(sequence),
                              .topic = topic_of(sequence),
                              .record = mesh::bytes_of(records_[sequence - first])});
        return events;
    }

    static void add_topics(mesh::Journal& journal) {
        for (std::uint16_t number = 0; number < topic_count; ++number)
            journal.add_topic("topic." + std::to_string(number), number);
    }

    static bool is_right(const mesh::StoredEvent& event) {
        return event.time_us == time_of(event.sequence) &&
               event.topic == topic_of(event.sequence) &&
               mesh::text_of(event.record) == record_of(event.sequence);
    }

    static std::uint64_t time_of(std::uint64_t sequence) { return 1'000'000 + sequence * 10; }

private:
    static std::uint16_t topic_of(std::uint64_t sequence) {
        return static_cast<std::uint16_t>(sequence % topic_count);
    }

    static std::string record_of(std::uint64_t sequence) {
        std::string record = std::to_string(sequence) + ":";
        auto noise = sequence * 0x9e3779b97f4a7c15U;
        const auto size = 8 + (noise >> 32U) % 256;
        while (record.size() < size) {
            noise = noise * 6364136223846793005U + 1442695040888963407U;
            record += static_cast<char>(noise >> 56U);
        }
        return record;
    }

    std::vector<std::string> records_;
};

} // namespace tests
