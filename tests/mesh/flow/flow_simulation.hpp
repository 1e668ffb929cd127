#pragma once

#include "mesh/flow/receiving/reception.hpp"
#include "mesh/flow/streams/publication.hpp"
#include "tests/mesh/flow/simulated_disk.hpp"
#include "tests/mesh/flow/simulated_handler.hpp"
#include "tests/mesh/flow/truth.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace flow_test {

/// One publisher and up to four subscribers, each with a Reception, joined by links that delay,
/// break and lose; driven by a seed, one random step after the other. Everything is held against
/// the truth while it runs: a Violation says what does not hold.
class FlowSimulation {
public:
    explicit FlowSimulation(std::uint64_t seed, mesh::FlowFault fault = mesh::FlowFault::none);

    /// Random steps, then the calm: everything is delivered, and nothing may be missing.
    void run();

    // What happened, so that a test can show that a simulation is worth its name.
    struct Happened {
        std::uint64_t published = 0;
        std::uint64_t waited = 0;
        std::uint64_t delivered = 0;
        std::uint64_t lost = 0;
        std::uint64_t lost_fast = 0;
        std::uint64_t lost_oldest = 0;
        std::uint64_t lost_newest = 0;
        std::uint64_t lost_older_values = 0;
        std::uint64_t overflowed = 0;
        std::uint64_t spilled = 0;
        std::uint64_t picked = 0;
        std::uint64_t sessions = 0;
        std::uint64_t restarts = 0;
        std::uint64_t rewinds = 0;
        std::uint64_t reopened = 0;
        std::uint64_t appended_in_few_steps = 0;
    };

    const Happened& happened() const { return happened_; }

private:
    /// An acknowledgement or a request to rewind on its way to the publisher.
    struct Control {
        std::uint64_t session = 0;
        bool is_rewind = false;
        std::vector<std::pair<mesh::SubscriptionIndex, mesh::Progress>> places;
        std::vector<mesh::Volume> windows;
    };

    struct Subscriber {
        mesh::LinkNumber link = 0;
        std::uint64_t session = 0;
        bool is_attached = false;
        mesh::Reception reception{0};
        std::vector<SimulatedHandler> handlers;
        std::deque<std::shared_ptr<const Received>> in_flight;
        std::deque<Control> controls;
    };

    std::uint64_t draw(std::uint64_t below) { return random_() % below; }

    bool one_in(std::uint64_t count) { return draw(count) == 0; }

    std::string draw_topic();
    std::vector<mesh::Pattern> draw_patterns();
    mesh::Volume draw_window();
    std::size_t draw_size();

    void step();
    void pass_time();
    void publish(const std::string& topic_of_burst);
    void attach(Subscriber& subscriber);
    void detach(Subscriber& subscriber);
    void break_session(Subscriber& subscriber);
    void restart(Subscriber& subscriber);
    bool send(Subscriber& subscriber);
    void check_sent(Subscriber& subscriber, const mesh::BatchPlan& plan);
    void check_loss(const Subscriber& subscriber, const SimulatedHandler& handler,
                    std::uint64_t sequence);
    bool has_newer_value(std::uint64_t sequence) const;
    mesh::StartFrom draw_start();
    void begin(SimulatedHandler& handler, const mesh::StartRequest& start);
    std::vector<std::uint64_t> picked_by(const SimulatedHandler& handler, mesh::StartFrom from,
                                         std::uint64_t& gone) const;
    void deliver(Subscriber& subscriber);
    void acknowledge(Subscriber& subscriber);
    void ask_rewinds(Subscriber& subscriber);
    void hear_heads(Subscriber& subscriber);
    void take_control(Subscriber& subscriber);
    void calm_down();
    void check_end(const Subscriber& subscriber) const;
    std::uint64_t beginning(const SimulatedHandler& handler, mesh::Duration age) const;
    std::uint64_t first_since(std::uint64_t time_us) const;
    std::uint64_t first_since_ago(mesh::Duration age) const;
    std::uint64_t outstanding(const SimulatedHandler& handler, bool counts_waiting_fast) const;

    std::mt19937_64 random_;
    mesh::FlowFault fault_;
    bool is_large_;        ///< events so large that the log is trimmed often
    bool is_lossy_;        ///< batches may be lost within a session
    bool is_calm_ = false; ///< near the end: credit is granted, nothing is lost any more
    mesh::TimePoint now_{std::chrono::hours(100)};
    mesh::WallTime wall_{std::chrono::hours(400'000)};
    mesh::Duration publisher_age_{};
    SimulatedDisk disk_;
    mesh::Publication publication_;
    std::vector<Published> published_;
    std::vector<Subscriber> subscribers_;
    std::uint64_t last_session_ = 0;
    mesh::LinkNumber last_link_ = 0;
    Happened happened_;
};

} // namespace flow_test
