#pragma once

#include "mesh/flow/streams/journal_publication.hpp"
#include "mesh/wire/batch.hpp"
#include "mesh/wire/record_reader.hpp"
#include "tests/mesh/flow/fake_archive.hpp"
#include "tests/support/catch.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace flow_test {

inline constexpr mesh::WallTime wall{std::chrono::hours(400'000)};
inline constexpr mesh::LinkNumber link_number = 5;
inline constexpr std::size_t memory_bytes = 256 * 1024;
inline constexpr std::size_t large = 100'000; // two or three of them fill a chunk of memory

/// A publisher with two topics, `a` and `b`, on a fake disk.
struct World {
    FakeArchive archive;
    mesh::JournalPublication publication{mesh::NodeId{}, 0, memory_bytes, archive};
    std::uint64_t time_us = 1'000'000;

    World() {
        publication.add_topic("a");
        publication.add_topic("b");
    }

    void publish(std::uint16_t topic = 0, std::size_t payload_size_bytes = 10) {
        publication.append(archive.store(topic, time_us += 10, payload_size_bytes));
    }

    /// The publisher dies and comes back with what is on disk.
    void restart(const std::vector<mesh::RememberedSubscription>& known) {
        std::destroy_at(&publication);
        std::construct_at(&publication, mesh::NodeId{}, archive.last(), memory_bytes, archive);
        publication.add_topic("a");
        publication.add_topic("b");
        for (const auto& one : known)
            publication.restore(one, mesh::TimePoint{});
    }

    void attach(const mesh::SubscriptionRequest& request,
                mesh::Duration publisher_age = std::chrono::hours(1), std::uint64_t session = 1) {
        publication.attach(link_number, session, {request}, wall, publisher_age);
    }

    /// Everything that can go; the sequences that came, in order, and what was lost.
    std::vector<std::uint64_t> arrived;
    std::uint64_t lost = 0;
    mesh::Progress progress;

    void deliver() {
        arrived.clear();
        lost = 0;
        take_batches();
    }

    /// As `deliver`, with as many turns as it takes.
    void deliver_all() {
        deliver();
        while (publication.has_more())
            take_batches();
    }

    void acknowledge(mesh::Volume window = {1000, 100'000'000}) {
        publication.acknowledge(link_number, 0, progress, window);
    }

private:
    void take_batches() {
        for (const auto* plan = publication.plan(link_number); plan != nullptr;
             plan = publication.plan(link_number)) {
            std::vector<std::byte> bytes(plan->size_bytes());
            plan->write(bytes.data());
            const auto batch = mesh::decode_batch(bytes);
            REQUIRE(batch);
            CHECK(batch->header.incarnation == 0);
            mesh::RecordReader reader(batch->body, batch->header.base_sequence,
                                      batch->header.base_time_us);
            for (auto record = reader.next(); record && *record; record = reader.next()) {
                CHECK(reader.time_us() == archive.at(reader.sequence()).time_us);
                arrived.push_back(reader.sequence());
            }
            const auto& position = batch->header.positions.at(0);
            lost += position.lost;
            progress = {position.after,
                        progress.volume +
                            mesh::Volume{position.events + position.lost, position.bytes}};
            publication.sent(link_number);
        }
    }
};

inline mesh::SubscriptionRequest request(std::string key, std::string_view pattern,
                                         mesh::Volume window = {1000, 100'000'000}) {
    mesh::SubscriptionRequest made;
    made.key = std::move(key);
    made.patterns.push_back(*mesh::Pattern::parse(pattern));
    made.policy = mesh::Policy::block;
    made.window = window;
    return made;
}

} // namespace flow_test
