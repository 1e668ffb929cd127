#pragma once

#include "mesh/flow/streams/archive.hpp"
#include "mesh/wire/event_record.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

namespace flow_test {

/// A disk that a test can read, cut and damage.
class FakeArchive : public mesh::Archive {
public:
    struct Stored {
        std::uint64_t sequence;
        std::uint64_t time_us;
        std::uint16_t topic;
        std::vector<std::byte> record;

        mesh::EventLog::Entry entry() const {
            return {sequence, time_us, topic, record, false, false};
        }
    };

    std::uint64_t first() const override { return first_; }

    std::optional<std::uint64_t> first_since(std::uint64_t time_us) override {
        if (is_unreadable)
            return std::nullopt;
        for (const auto& one : stored_)
            if (one.sequence >= first_ && one.time_us >= time_us)
                return one.sequence;
        return last() + 1;
    }

    Stretch read(std::uint64_t from, std::size_t size_bytes_max) override {
        ++reads;
        if (is_unreadable)
            return {{}, from - 1};
        read_.clear();
        std::size_t size_bytes = 0;
        auto reached = from - 1;
        for (auto i = from - 1; i < stored_.size() && size_bytes <= size_bytes_max; ++i) {
            reached = stored_[i].sequence;
            if (damaged.contains(reached))
                continue;
            read_.push_back(stored_[i].entry());
            size_bytes += stored_[i].record.size();
        }
        return {read_, reached};
    }

    std::uint64_t last() const { return stored_.size(); }

    /// Stores an event of `topic` and gives its entry.
    mesh::EventLog::Entry store(std::uint16_t topic, std::uint64_t time_us,
                                std::size_t payload_size_bytes, std::string_view key = {},
                                std::optional<std::uint8_t> slot = {}) {
        const std::vector<std::byte> payload(payload_size_bytes);
        mesh::EventRecord record;
        record.topic = topic;
        record.time_delta_us =
            static_cast<std::uint32_t>(stored_.empty() ? 0 : time_us - stored_.back().time_us);
        record.payload = payload;
        record.key = key;
        record.slot = slot;
        std::vector<std::byte> bytes(mesh::encoded_size(record));
        mesh::encode(record, bytes.data());
        stored_.push_back({last() + 1, time_us, topic, std::move(bytes)});
        return stored_.back().entry();
    }

    /// Lets go of everything up to `sequence`; what that was.
    std::vector<mesh::EventLog::Entry> drop(std::uint64_t sequence) {
        std::vector<mesh::EventLog::Entry> dropped;
        for (; first_ <= sequence; ++first_)
            dropped.push_back(stored_[first_ - 1].entry());
        return dropped;
    }

    const Stored& at(std::uint64_t sequence) const { return stored_.at(sequence - 1); }

    std::set<std::uint64_t> damaged;
    bool is_unreadable = false;
    int reads = 0;

private:
    std::uint64_t first_ = 1;
    std::vector<Stored> stored_;
    std::vector<mesh::EventLog::Entry> read_;
};

} // namespace flow_test
