#pragma once

#include "mesh/flow/groups/group_fault.hpp"
#include "mesh/flow/receiving/reception.hpp"
#include "mesh/wire/record_reader.hpp"
#include "tests/mesh/flow/simulated_publisher.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace flow_test {

/// One publisher and up to five replicas that share its events, which come, leave, are killed, cut
/// off and come back, as a seed has it, maybe as another version that listens to one topic more or
/// less; with a journal the publisher dies, too. A Violation says
/// what does not hold: an event that nobody handles though all versions listen to it, events of a
/// key out of order, a slot with two owners at once, or, when everybody is polite, an event that is
/// handled twice.
class GroupSimulation {
public:
    explicit GroupSimulation(std::uint64_t seed, mesh::GroupFault fault = mesh::GroupFault::none);

    /// Random steps, then the calm, in which everything is handled.
    void run();

    struct Happened {
        std::uint64_t steps = 0;
        std::uint64_t published = 0;
        std::uint64_t twice = 0;
        std::uint64_t joins = 0;
        std::uint64_t leaves = 0;
        std::uint64_t kills = 0;
        std::uint64_t cuts = 0;
        std::uint64_t restarts = 0;
        std::uint64_t epochs = 0;
        std::uint64_t parts_max = 0;
        std::uint64_t versions = 0; ///< restarts with other patterns
    };

    const Happened& happened() const { return happened_; }

private:
    struct Received {
        std::vector<std::byte> bytes;
        mesh::Batch batch;
    };

    struct Feed {
        mesh::Progress progress;
    };

    struct Task {
        std::shared_ptr<const Received> received;
        mesh::Reception::Taken taken;
        std::shared_ptr<Feed> feed;
        std::optional<mesh::RecordReader> reader;
    };

    struct Control {
        std::uint64_t session = 0;
        bool is_rewind = false;
        std::vector<std::pair<mesh::SubscriptionIndex, mesh::Progress>> places;
        mesh::Volume window;
    };

    struct Member {
        std::string key;
        mesh::LinkNumber link = 0;
        std::uint64_t session = 0;
        bool is_attached = false;
        bool is_leaving = false;
        bool is_dead = false; ///< killed, and not started again
        bool wants_b = false; ///< of a version that listens to both topics
        mesh::TimePoint since{};
        mesh::TimePoint away_since{};
        mesh::Volume window;
        mesh::Reception reception{1};
        std::vector<std::shared_ptr<Feed>> feeds; ///< by number
        std::deque<Task> lane;
        std::deque<std::shared_ptr<const Received>> in_flight;
        std::deque<Control> controls;
    };

    struct Published {
        std::string key;
        mesh::KeySlot slot = 0;
        bool is_a = true; ///< of the topic that every version listens to
        bool is_handled = false;
    };

    /// An event that a member was sent and that is not acknowledged.
    struct Outstanding {
        std::uint64_t sequence = 0;
        std::string member;
        mesh::SubscriptionIndex index = 0;
    };

    std::uint64_t draw(std::uint64_t below) { return random_() % below; }

    bool one_in(std::uint64_t count) { return draw(count) == 0; }

    // group_simulation.cpp
    void step();
    void pass_time(mesh::Duration time);
    void publish();
    void publisher_restarts();
    void calm_down();
    void work_off();
    bool is_all_handled() const;

    // group_simulation_members.cpp
    void add_member();
    void attach(Member& member);
    void cut(Member& member, bool loses);
    void kill(Member& member);
    void leave_when_done(Member& member);
    bool send(Member& member);
    void note_sent(const Member& member, const Received& received);
    void deliver(Member& member);
    void process(Member& member, std::size_t events);
    void handle(std::uint64_t sequence);
    void acknowledge(Member& member);
    void take_control(Member& member);
    void forget_outstanding(const std::string& member);

    std::mt19937_64 random_;
    bool is_polite_;    ///< members only come and leave
    bool is_large_;     ///< events so large that memory does not hold them for long
    bool has_versions_; ///< members differ in what they listen to
    bool is_calm_ = false;
    bool had_nobody_ = false; ///< at some moment nobody was there for whom to keep anything
    mesh::TimePoint now_{std::chrono::hours(100)};
    std::uint64_t time_us_ = 1'000'000;
    std::unique_ptr<SimulatedPublisher> publisher_;
    bool is_durable_;
    std::deque<Member> members_;
    std::vector<Published> published_;
    std::map<std::string, std::deque<std::uint64_t>> unhandled_; ///< by key, in order
    std::array<std::vector<Outstanding>, mesh::key_slot_count> outstanding_;
    std::uint64_t last_session_ = 0;
    mesh::LinkNumber last_link_ = 0;
    std::size_t last_member_ = 0;
    Happened happened_;
};

} // namespace flow_test
