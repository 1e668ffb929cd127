#pragma once

#include "mesh/flow/receiving/reception.hpp"
#include "mesh/wire/batch.hpp"
#include "mesh/wire/event_record.hpp"
#include "mesh/wire/record_reader.hpp"
#include "tests/mesh/flow/truth.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace flow_test {

/// A batch on the receiving side, with its bytes.
struct Received {
    std::vector<std::byte> bytes;
    mesh::Batch batch;
};

/// One handler of a subscriber as a node runs it: takes the stretches of batches that are for it,
/// in order and in pieces, and holds every event against what was really published.
struct SimulatedHandler {
    struct Task {
        std::shared_ptr<const Received> received;
        std::optional<mesh::Reception::Taken> taken; ///< none: only the topics matter
        std::optional<mesh::RecordReader> reader;    ///< once it is begun
    };

    struct Topic {
        std::string name;
        std::uint64_t session = 0; ///< that defined it
    };

    std::string key;
    std::vector<mesh::Pattern> patterns;
    std::optional<std::vector<mesh::Pattern>> next_patterns; ///< from the next session on
    mesh::Policy policy = mesh::Policy::block;
    std::uint64_t depth = 0;
    bool is_lasting = false;
    mesh::Volume window;
    WantedCounts wanted;
    std::vector<std::uint64_t> session_at; ///< attached while event i + 1 was published; 0: none

    // What the publisher must know.
    bool is_known = false;
    std::uint64_t told = 0;
    std::uint64_t told_highest = 0; ///< in this session
    std::uint64_t acknowledged = 0; ///< position
    std::uint64_t window_bytes_highest = 0;
    std::uint64_t expected_begin = 0;
    bool is_announced = false;         ///< a batch for it went out in this session
    bool is_retold = false;            ///< something was sent or told twice and is not acknowledged
    std::uint64_t live_after = 0;      ///< what came up to here was there before this session
    std::uint64_t fast_sent_to = 0;    ///< where an earlier run of the subscriber was taken to
    std::uint64_t sent_highest = 0;    ///< over all sessions of this run
    std::uint64_t spills_from = 0;     ///< nothing from before is put aside for it
    std::vector<bool> had_little_room; ///< by event: whether something took room at its publish
    std::vector<bool> is_lost;         ///< by event: whether the last batch over it said so

    // This run of the subscriber.
    std::optional<std::uint64_t> begin;
    bool is_begin_known = true; ///< it may begin a little before what it asked for
    std::uint64_t delivered = 0;
    std::uint64_t lost = 0;
    std::uint64_t last_sequence = 0;
    mesh::Progress progress;
    std::vector<std::optional<Topic>> topics;
    std::deque<Task> queue;

    void begin_new_run() {
        fast_sent_to = std::max(fast_sent_to, sent_highest);
        begin.reset();
        delivered = lost = last_sequence = 0;
        progress = {};
        topics.clear();
        queue.clear();
    }

    /// Works off up to `events` events.
    void process(std::size_t events, const std::vector<Published>& published) {
        while (!queue.empty()) {
            auto& task = queue.front();
            if (!task.reader)
                start(task);
            if (task.taken && !work_off(task, events, published))
                return;
            queue.pop_front();
        }
    }

private:
    void start(Task& task) {
        const auto& header = task.received->batch.header;
        for (const auto& [number, topic] : header.topics) {
            if (topics.size() <= number)
                topics.resize(number + std::size_t{1});
            topics[number] = Topic{std::string(topic), header.session};
        }
        task.reader.emplace(task.received->batch.body, header.base_sequence, header.base_time_us);
        if (task.taken) {
            lost += task.taken->lost;
            progress.volume.events += task.taken->lost;
        }
    }

    /// False when it stopped because `events` were worked off.
    bool work_off(Task& task, std::size_t& events, const std::vector<Published>& published) {
        const auto& header = task.received->batch.header;
        for (;;) {
            if (events == 0)
                return false;
            const auto record = task.reader->next();
            expect(record.has_value(), "a record cannot be read");
            if (!*record)
                break;
            const auto sequence = task.reader->sequence();
            expect((*record)->topic < topics.size() && topics[(*record)->topic] &&
                       topics[(*record)->topic]->session == header.session,
                   "a topic's number is used before its session defined it");
            const auto& truth = published.at(sequence - 1);
            expect(topics[(*record)->topic]->name == truth.topic, "an event has another topic");
            if (sequence <= task.taken->before || !wanted.is_wanted(sequence))
                continue;
            expect(sequence <= task.taken->after.position, "an event from beyond the position");
            check_event(**record, *task.reader, truth);
            expect(task.taken->lost == 0, "a batch tells events and a gap of one subscription");
            ++delivered;
            last_sequence = sequence;
            expect(wanted.between(*begin, sequence) == delivered + lost,
                   "an event is missing without being announced, or announced without missing");
            progress.position = sequence;
            ++progress.volume.events;
            progress.volume.bytes += task.reader->record_size_bytes();
            --events;
        }
        const auto& after = task.taken->after;
        expect(progress.volume == after.volume, "a batch's counts are not those of its records");
        progress = after;
        expect(wanted.between(*begin, progress.position) == delivered + lost,
               "the events up to a position are not the delivered and the lost ones");
        return true;
    }

    void check_event(const mesh::EventRecord& record, const mesh::RecordReader& reader,
                     const Published& truth) const {
        expect(reader.sequence() > last_sequence, "an event comes twice or late");
        expect(reader.time_us() == truth.time_us, "an event has another time");
        expect(reader.record_size_bytes() == truth.record_size_bytes,
               "an event has another record size");
        expect(record.payload.size() == truth.payload_size_bytes, "an event has another payload");
        expect(record.key == truth.key, "an event has another key");
        expect(!truth.is_fast || reader.sequence() > fast_sent_to,
               "a fast event comes again that an earlier run was sent");
        if (record.payload.size() >= sizeof(std::uint64_t)) {
            std::uint64_t written = 0;
            std::memcpy(&written, record.payload.data(), sizeof written);
            expect(written == reader.sequence(), "an event has the payload of another one");
        }
    }
};

} // namespace flow_test
