#pragma once

#include "mesh/flow/streams/publication.hpp"
#include "tests/mesh/flow/simulated_disk.hpp"
#include "tests/prove/simulator/inflow.hpp"
#include "tests/prove/simulator/journal_shell.hpp"
#include "tests/prove/simulator/lane.hpp"
#include "tests/prove/simulator/outflow.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace simulator {

/// One run of a node: the product's pure parts, joined as mesh/node joins them.
class Node {
public:
    explicit Node(const Site& site);

    /// Opens what it has for itself, and begins to live.
    void begin();

    // From the network.

    void receive(Number from, std::uint32_t run, const mesh::ControlBody& body);

    void receive_batch(const std::vector<std::byte>& bytes) { inflow_.receive(bytes); }

    void on_subscribed(LineNumber line);
    void on_unsubscribed(LineNumber line);
    void on_writable(LineNumber line);

    /// Whether nothing is left to do: all said, all sent, all acknowledged.
    bool is_settled() const;

    /// Why it is not settled.
    std::string what_is_left() const;

    /// The stream of this run, in the truth.
    std::size_t run_stream() const { return run_stream_; }

private:
    struct Peer {
        std::uint32_t run = 0; ///< 0: not met, or gone
        mesh::TimePoint heard_at{};
    };

    /// Somebody who waits for the credit of some events.
    struct Waiting {
        std::vector<Fact> facts;
        std::function<void()> go;
    };

    void tick();
    void look_around();
    void meet(Number peer);
    void lose(Number peer);
    void serve_own_handlers(Outflow& flow);

    /// Whose credit is missing.
    const mesh::Subscription* waited_for(const Fact& fact) const;
    void wait_for_room(std::vector<Fact> facts, std::function<void()> go);
    void poke();
    void publish(const Fact& fact, std::function<void(bool)> done);
    void publish_of_run(const Fact& fact, const std::function<void(bool)>& done);
    void commit(const std::vector<Fact>& facts, JournalShell::With with,
                std::function<void(bool)> done);
    void publish_own();

    template <class Call>
    void each_flow(Call call) {
        call(run_flow_);
        if (journal_)
            call(journal_->links());
    }

    Site site_;
    std::optional<JournalShell> journal_;
    flow_test::SimulatedDisk spill_;
    mesh::Publication publication_;
    Outflow run_flow_;
    std::size_t run_stream_;
    std::vector<std::unique_ptr<Lane>> lanes_;
    Inflow inflow_;
    std::vector<Peer> peers_;
    std::deque<Waiting> waiting_;
    bool is_poking_ = false;
    std::uint64_t own_left_;
    bool is_publishing_own_ = false;
    mesh::TimePoint ticked_at_;
};

} // namespace simulator
