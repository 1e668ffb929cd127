#pragma once

#include "mesh/flow/deliveries.hpp"
#include "mesh/peer/link.hpp"
#include "mesh/wire/control.hpp"
#include "tests/prove/simulator/world.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <vector>

namespace simulator {

/// The links of one stream of a node, as mesh/node's Outgoing runs them: who is dialled, served,
/// heard of, and given up.
class Outflow {
public:
    using BeforeServing = std::function<void(std::function<void()> serve)>;

    /// `journal`: as in mesh::Open.
    Outflow(const Site& site, mesh::Deliveries& deliveries, std::uint64_t journal);

    void set_before_serving(BeforeServing before_serving) {
        before_serving_ = std::move(before_serving);
    }

    /// Called whenever somebody may go on who waits for credit.
    void set_freed(std::function<void()> freed) { freed_ = std::move(freed); }

    void update_peer(Number peer, std::uint32_t run);
    void remove_peer(Number peer);

    /// The node's own handlers: `deliver` takes their batches.
    void serve_self(std::uint64_t session, const std::vector<mesh::SubscriptionRequest>& requests,
                    std::function<void(const std::vector<std::byte>&)> deliver);

    void on_opened(Number from, const mesh::Opened& opened);
    void on_acknowledge(Number from, const mesh::Acknowledge& acknowledge);
    void on_rewind(Number from, const mesh::Rewind& rewind);
    void on_reopen(Number from, const mesh::Reopen& reopen);
    void acknowledge_self(std::uint16_t index, const mesh::Progress& progress, mesh::Volume window);

    /// Whether the line is one of this stream's; then the rest is done.
    bool on_subscribed(LineNumber line);
    bool on_unsubscribed(LineNumber line);
    bool on_writable(LineNumber line);

    /// The event that was appended last goes where it can.
    void hand_on();

    void tick();

    /// Something could not be read, and can be now.
    void drain_all();

    bool is_dry() const;

    std::uint64_t journal() const { return journal_; }

private:
    struct Peering {
        mesh::LinkNumber number = 0;
        std::uint32_t run = 0;
        mesh::Link link;
        std::optional<LineNumber> line;
        std::optional<mesh::Opened> opened;
        bool is_serving = false;
        std::uint64_t sent_count = 0; ///< batches of the session
        mesh::TimePoint head_sent_at{};
        mesh::TimePoint heard_at{}; ///< opened or acknowledged
    };

    void act(Number peer, Peering& peering, mesh::Link::Action action);
    void serve(Number peer, Peering& peering);
    void begin(Number peer, std::uint64_t session);
    void close(Peering& peering);
    void drain(Peering& peering);
    bool loses_batch(const Peering& peering) const;
    void drain_self();
    void send_heads();
    void check_lease(const Peering& peering) const;
    void note_begins(const std::vector<mesh::SubscriptionRequest>& requests, Number peer,
                     bool is_first_contact);
    void note_acknowledged(Number peer, std::uint16_t index, const mesh::Progress& done);
    Peering* find_line(LineNumber line);

    Site site_;
    mesh::Deliveries& deliveries_;
    std::uint64_t journal_;
    std::size_t stream_;
    mesh::TimePoint started_at_;
    std::uint64_t run_first_; ///< of this run's events
    BeforeServing before_serving_;
    std::function<void()> freed_;
    std::map<Number, Peering> peerings_;
    mesh::LinkNumber last_number_ = 0;
    std::function<void(const std::vector<std::byte>&)> deliver_self_;
};

} // namespace simulator
