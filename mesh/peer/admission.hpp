#pragma once

#include "mesh/base/node_id.hpp"
#include "mesh/base/time.hpp"
#include "mesh/event/contract.hpp"
#include "mesh/graph/handler_graph.hpp"
#include "mesh/peer/admission_fault.hpp"
#include "mesh/wire/control.hpp"

#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mesh {

struct AdmissionOptions {
    NodeId id;
    std::uint32_t incarnation = 1;
    std::shared_ptr<const Contract> contract;

    /// Refuses the whole node when one of its handlers would close a cycle; else, and always after
    /// the first admission, only the handlers that do are quarantined.
    bool is_strict = false;

    Duration listening = std::chrono::milliseconds(150); ///< before it asks
    std::size_t peers_max = join_members_max;
    AdmissionFault fault = AdmissionFault::none;
};

/// What a node has to do after it told its Admission something.
struct AdmissionOutcome {
    struct Message {
        NodeId to;
        ControlBody body;
    };

    std::vector<Message> messages;
    std::vector<std::string> lines; ///< for the log, of several lines each
    bool has_changed = false;       ///< `state` or `runs` may say something else now
};

/// How one node joins: asks those whom it sees, waits for their answers, and then lets its
/// handlers run, less those that would close a cycle of events. docs/joining.md has the protocol
/// and why it holds.
/// Pure: `now` is passed in and messages come out. One thread uses it. An observer has none.
class Admission {
public:
    explicit Admission(AdmissionOptions options);

    using Outcome = AdmissionOutcome;

    /// Begins to listen. Decided at once when no handler both receives and emits.
    Outcome start(TimePoint now);

    /// Discovery sees this run of a peer; to be called again when its contract is known. Messages
    /// of a peer count from then on. Not for observers.
    Outcome seen(const NodeId& id, std::uint32_t incarnation,
                 const std::shared_ptr<const Contract>& contract, TimePoint now);

    /// It left, or does not answer any more. An earlier run's end is no news of a later one.
    Outcome gone(const NodeId& id, std::uint32_t incarnation, TimePoint now);

    Outcome received(const NodeId& from, std::uint32_t incarnation, const Join& join,
                     TimePoint now);
    Outcome received(const NodeId& from, std::uint32_t incarnation, const JoinAnswer& answer,
                     TimePoint now);

    /// To be called every 100 ms or so, and at `due`. `lateness` is how much this node itself was
    /// held up lately: its own delay is nobody's silence.
    Outcome tick(TimePoint now, Duration lateness = {});

    /// When the next tick has something to do, if nothing else happens before.
    std::optional<TimePoint> due() const;

    /// This node stops: who waits for its answer gets it.
    Outcome leave(TimePoint now);

    /// Whether the first request has been decided, in whatever way.
    bool is_decided() const { return is_decided_; }

    /// Decided against the node as a whole: it must not become ready. `cycles` say why.
    bool is_refused() const { return is_refused_; }

    /// Pending, active, or quarantined: this handler's events are to be handled, or wait for a
    /// decision (`is_waiting`), or are not for it.
    bool runs(std::size_t handler) const;

    bool is_waiting(std::size_t handler) const { return !is_decided_ && !runs(handler); }

    const Standing& standing() const { return standing_; }

    /// Why handlers are quarantined, or the node refused: one cycle for each, up to
    /// join_cycles_max.
    const std::vector<JoinCycle>& cycles() const { return cycles_; }

    /// Whether all peers in view have confirmed what this node says of itself.
    bool is_told() const;

    /// All that the next steps depend on, but for times: equal snapshots act alike.
    std::string snapshot() const;

private:
    using Slot = HandlerGraph::Slot;
    using Vertex = HandlerGraph::Vertex;

    static constexpr Duration introduction_patience = std::chrono::seconds(3); ///< > silence_max
    static constexpr Duration answer_patience = std::chrono::seconds(10);

    /// A peer in view.
    struct Entry {
        std::uint32_t incarnation = 0;
        std::shared_ptr<const Contract> contract; ///< none: heard of, not introduced yet
        Slot slot = 0;
        Standing standing;
        std::optional<StandingVersion> version; ///< of `standing`; none: it never said one
        std::optional<StandingVersion> told;    ///< the version of ours that it answered last
        std::vector<Mention> mentions;          ///< of that answer
        bool is_mute = false;                   ///< given up on in this request

        struct Owed {
            StandingVersion version;
            std::vector<std::uint32_t> known;
        };

        std::optional<Owed> owed; ///< an answer held back
        TimePoint ask_at{};
        Duration ask_delay{};
        TimePoint patient_until{};
    };

    /// The node that holds a running handler up, and how strong it is when handlers meet that
    /// should not run together: the larger view, then the smaller epoch, then the smaller id.
    struct Holder {
        std::uint32_t view_size = 0;
        std::uint64_t epoch = 0;
        NodeId id;
        std::uint32_t handler = 0; ///< decides between handlers of one node

        bool is_stronger_than(const Holder& other) const;
    };

    /// Whoever runs, by slot and handler.
    class Running;

    bool is_asking() const { return standing_.state == JoinState::pending && is_started_; }

    bool has(AdmissionFault fault) const { return options_.fault == fault; }

    StandingVersion version() const { return version_of(standing_, options_.incarnation); }

    static StandingVersion version_of(const Standing& standing, std::uint32_t incarnation);
    Entry* introduced(const NodeId& id, std::uint32_t incarnation);
    void merge(Entry& entry, const Standing& standing);
    void report(const std::vector<JoinCycle>& cycles);
    JoinAnswer answer(const NodeId& to, const StandingVersion& version, bool is_held,
                      const std::vector<std::uint32_t>& known) const;
    bool holds_back(const NodeId& from, const Standing& asking) const;

    void ask(TimePoint now);
    void begin_telling(TimePoint now);
    bool is_everyone_heard(TimePoint now) const;
    bool is_heard(const Entry& entry, TimePoint now) const;
    void forget_mentions_of(const NodeId& id, TimePoint now);
    bool is_in_view(const Mention& mention) const;
    bool is_settled(const Mention& mention, TimePoint now) const;
    bool wants_telling(const Entry& entry) const;
    void give_up_on_the_mute(TimePoint now);
    Running running(bool counts_mute) const;
    bool would_fit();
    void decide(TimePoint now);
    void yield(TimePoint now);
    void add_cycle(const std::vector<Vertex>& cycle, Vertex loser, const Running& running);
    void tell(TimePoint now);
    Outcome settle(TimePoint now);

    AdmissionOptions options_;
    HandlerGraph graph_;
    Slot slot_ = 0;
    Standing standing_;
    std::vector<std::uint16_t> relaying_; ///< handlers that admission is about
    std::vector<JoinCycle> cycles_;
    std::map<NodeId, Entry> view_;
    std::map<NodeId, TimePoint> mentioned_at_; ///< first, in this request
    std::uint64_t epoch_highest_ = 0;
    TimePoint listen_until_{};
    TimePoint settled_at_{};
    Duration lateness_{};
    bool is_started_ = false; ///< has asked, or need not
    bool is_listening_ = false;
    bool is_decided_ = false;
    bool is_refused_ = false;
    bool is_stale_ = false; ///< who runs may have changed since it was looked at
    Outcome outcome_;
};

} // namespace mesh
