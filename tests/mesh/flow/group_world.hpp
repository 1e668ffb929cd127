#pragma once

#include "mesh/flow/streams/publication.hpp"
#include "mesh/wire/batch.hpp"
#include "mesh/wire/record_reader.hpp"
#include "tests/support/catch.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace flow_test::groups {

using namespace mesh;
using namespace std::chrono_literals;

inline constexpr WallTime wall{400'000h};
inline constexpr TimePoint start{100h};

inline SubscriptionRequest member(const std::string& instance, std::string_view pattern = "a",
                                  Volume window = {1'000, 1'000'000}) {
    SubscriptionRequest request;
    request.key = "order/create/" + instance;
    request.group = "order/create";
    request.patterns.push_back(*Pattern::parse(pattern));
    request.policy = Policy::block;
    request.window = window;
    return request;
}

/// A publisher and its links; link 1 is member 1's and so on.
struct World {
    Publication publication{NodeId{}, 1, 1024 * 1024};

    void join(LinkNumber link, Volume window = {1'000, 1'000'000}) {
        publication.attach(link, link, {member(std::to_string(link), "a", window)}, wall, 1s);
    }

    bool publish(std::string_view key = {}) {
        if (publication.waits_for("a", 0, key) != nullptr)
            return false;
        return publication.append({"a", key, {}, {}, std::nullopt, {}}, wall).has_value();
    }

    void publish_keys(int count) {
        for (int i = 0; i < count; ++i)
            REQUIRE(publish("key " + std::to_string(i)));
    }

    struct Sent {
        std::vector<std::uint64_t> sequences;
        std::map<SubscriptionIndex, Progress> places;
    };

    /// What can go on a link, with where it takes its subscriptions.
    Sent send(LinkNumber link) {
        Sent sent;
        while (const auto* plan = publication.plan(link)) {
            std::vector<std::byte> bytes(plan->size_bytes());
            plan->write(bytes.data());
            const auto batch = decode_batch(bytes);
            REQUIRE(batch);
            RecordReader reader(batch->body, batch->header.base_sequence,
                                batch->header.base_time_us);
            for (auto record = reader.next(); record && *record; record = reader.next())
                sent.sequences.push_back(reader.sequence());
            for (const auto& position : batch->header.positions) {
                auto& place = progress_[{link, position.subscription}];
                place.position = position.after;
                place.volume = place.volume + Volume{position.events, position.bytes};
                sent.places[position.subscription] = place;
            }
            publication.sent(link);
        }
        return sent;
    }

    void acknowledge(LinkNumber link, const Sent& sent, Volume window = {1'000, 1'000'000}) {
        for (const auto& [index, place] : sent.places)
            publication.acknowledge(link, index, place, window);
    }

    const Group& group() const { return *publication.groups().all().at("order/create"); }

private:
    std::map<std::pair<LinkNumber, SubscriptionIndex>, Progress> progress_;
};

} // namespace flow_test::groups
