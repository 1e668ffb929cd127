#pragma once

#include "mesh/peer/admission.hpp"
#include "tests/mesh/peer/joining_contracts.hpp"
#include "tests/mesh/peer/joining_watch.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <memory>
#include <optional>
#include <queue>
#include <string>
#include <variant>
#include <vector>

namespace joining_test {

/// Two to six nodes with random contracts that join, leave, crash and come back, with a network
/// that loses, doubles, delays and reorders, is cut in two and healed, and a discovery that tells
/// each of them late, one-sidedly and sometimes wrongly who is there. In the end all faults stop,
/// and everything must settle. All of it follows from the seed; a Violation says what does not
/// hold.
class JoiningSimulation {
public:
    struct Options {
        std::uint64_t seed = 1;
        mesh::AdmissionFault fault = mesh::AdmissionFault::none;
        std::ostream* trace = nullptr;
    };

    explicit JoiningSimulation(const Options& options);

    void run();

    /// What happened, so that one can see that a simulation is worth its name.
    struct Happened {
        std::uint64_t steps = 0;
        std::uint64_t messages = 0;
        std::uint64_t lost = 0;
        std::uint64_t admissions = 0;
        std::uint64_t quarantines = 0;
        std::uint64_t readmissions = 0;
        std::uint64_t yields = 0;
        std::uint64_t refusals = 0;
        std::uint64_t given_up = 0;
        std::uint64_t starts = 0;
        std::uint64_t partitions = 0;
        std::uint64_t emissions = 0;
        mesh::Duration settling{}; ///< from the last fault to the last decision
    };

    const Happened& happened() const { return happened_; }

private:
    using Number = std::size_t; ///< of a node

    struct Message {
        Number from;
        std::uint32_t incarnation;
        Number to;
        mesh::ControlBody body;
    };

    struct Tick {
        Number node;
    };

    /// Discovery tells `node` of this run of `peer`.
    struct Sight {
        Number node;
        Number peer;
        std::uint32_t incarnation;
        bool is_introduced;
    };

    /// Discovery tells `node` that this run of `peer` is gone; it does not when they are linked
    /// again since the silence began.
    struct Loss {
        Number node;
        Number peer;
        std::uint32_t incarnation;
        std::uint64_t silence;
    };

    enum class Fault { start, crash, leave, cut, heal, suspect, calm };

    struct Planned {
        Fault fault;
        Number node;
    };

    struct Arrival {
        Number node;
    };

    using Event = std::variant<Message, Tick, Sight, Loss, Planned, Arrival>;

    struct Entry {
        mesh::TimePoint at;
        std::uint64_t order;
        Event event;

        bool operator<(const Entry& other) const {
            return at != other.at ? at > other.at : order > other.order;
        }
    };

    /// Events that one handler has to handle.
    struct Ledger {
        std::uint64_t arrived = 0;
        std::uint64_t handled = 0;
        std::uint64_t waiting = 0;
    };

    struct Node {
        std::shared_ptr<const mesh::Contract> contract;
        std::uint32_t incarnation = 0;
        std::optional<mesh::Admission> admission; ///< of a process that runs
        mesh::TimePoint tick_at{};
        std::vector<Ledger> ledgers;
        std::array<std::uint32_t, nodes_max> view{}; ///< the runs that discovery told it of
        std::array<bool, nodes_max> is_introduced{};
    };

    std::uint64_t draw(std::uint64_t below) { return random_() % below; }

    bool one_in(std::uint64_t times) { return draw(times) == 0; }

    mesh::Duration draw_ms(std::uint64_t from, std::uint64_t to);
    mesh::Duration draw_delay();

    void plan();
    void at(mesh::TimePoint time, Event event);
    void take(const Message& message);
    void take(const Tick& tick);
    void take(const Sight& sight);
    void take(const Loss& loss);
    void take(const Planned& planned);
    void take(const Arrival& arrival);

    void start(Number number);
    void stop(Number number, bool is_said);
    void cut();
    void heal();
    void suspect(Number number);
    void introduce(Number one, Number other);
    void grow_silent(Number node, Number peer);
    bool are_linked(Number one, Number other) const;
    void told(Number number, mesh::Admission::Outcome outcome);
    void count(const mesh::Standing& before, const mesh::Admission& after, bool was_decided);
    void send(Number from, const mesh::Admission::Outcome::Message& message);
    void handle_waiting(Node& node);
    void check_end() const;
    void say(const std::string& text) const;

    Random random_;
    Options options_;
    std::vector<Node> nodes_;
    std::optional<JoiningWatch> watch_;
    std::priority_queue<Entry> events_;
    std::uint64_t order_ = 0;
    mesh::TimePoint now_{};
    bool is_calm_ = false;
    mesh::TimePoint calm_at_{};
    std::uint64_t loss_percent_ = 0;
    std::uint64_t double_percent_ = 0;
    bool is_slow_ = false;      ///< some messages take long
    std::uint32_t side_ = 0;    ///< bits of the nodes on one side of the cut
    std::uint64_t silence_ = 0; ///< numbers cuts and ends
    std::array<std::array<std::uint64_t, nodes_max>, nodes_max> silent_since_{};
    Happened happened_;
};

} // namespace joining_test
