#pragma once

#include "mesh/base/log.hpp"
#include "mesh/flow/receiving/reception.hpp"
#include "mesh/net/inbox.hpp"
#include "mesh/net/reactor.hpp"
#include "mesh/node/handling/handler_runner.hpp"
#include "mesh/node/identity.hpp"
#include "mesh/node/receiving/in_hand.hpp"
#include "mesh/peer/cut.hpp"
#include "mesh/peer/roster.hpp"
#include "mesh/store/place_table.hpp"
#include "mesh/wire/control.hpp"

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace mesh {

/// The receiving half of a node: what comes from each publisher, which handlers take it, and when
/// to acknowledge. The loop's thread, except where said.
class Incoming {
public:
    using Send = std::function<void(const NodeId& to, const ControlBody& body)>;
    using AcknowledgeSelf = std::function<void(std::uint64_t journal, SubscriptionIndex index,
                                               const Progress& done, Volume window)>;

    /// What comes from a node of `cut` is as good as never sent.
    Incoming(Reactor& reactor, const Identity& identity, const Cut& cut,
             std::vector<std::unique_ptr<HandlerRunner>>& handlers, Send send,
             AcknowledgeSelf acknowledge_self);

    /// What earlier runs of this node have handled for good; before the first link.
    void remember(const std::vector<Place>& places, const std::vector<Place>& marks);

    /// `moved` is told of places that move back, as a publisher's journal is an older copy.
    void set_moved_back(std::function<void(const Place&)> moved) { moved_back_ = std::move(moved); }

    /// A publisher opens a link: begins a session and says where the handlers stand.
    Opened open(const Peer& publisher, const Open& open);

    /// The node's own publications: like `open`, for the link to itself, anew with each call.
    /// `journal`: as in Open.
    Opened open_self(std::uint64_t journal);

    /// A batch from the inbox.
    void receive(std::shared_ptr<const void> owner, Bytes message);

    /// The same, or one from this node itself.
    void receive(ReceivedBatch batch);

    void on_head(const NodeId& from, const Head& head);

    /// A run of a publisher was met: an older one has no session any more.
    void meet_run(const NodeId& id, std::uint32_t incarnation);

    /// The peer left for good.
    void forget(const NodeId& id);

    /// The peer is away; should this run of it come back, the handlers go on where they stood.
    void pause(const NodeId& id);

    /// A handler began to rest, or may go on after a rest: publishers open their links anew,
    /// without it or with it, where it stood. `reopen_self` does that for the node's own link.
    void change_handler(std::size_t handler,
                        const std::function<void(std::uint64_t journal)>& reopen_self);

    /// Asks publishers again whose link was to be opened anew. To be called every 100 ms or so.
    void tick();

    /// Whether the publisher's links to this node work.
    bool is_linked(const NodeId& id) const;

    /// The publisher that last sent something valid since the last call, for judging silence.
    std::vector<std::pair<NodeId, std::uint32_t>> take_heard();

    /// Sends the acknowledgements that are due, if something happened since the last call.
    void pump();

    /// What the handlers have done with the events of each publisher.
    void tell_ledger(std::vector<HandledRow>& rows);

    /// From now on no credit is granted: what was sent is worked off, nothing new comes.
    void close_windows();

    /// Acknowledges what is handled, and takes nothing of other nodes from here on: what was on its
    /// way goes to other replicas, or comes again, and is not handled here without their knowing.
    void shut();

    /// Whether some publisher gives handlers of this node what it would else give to replicas.
    bool is_sharing() const;

    /// Whether all that arrived is handled and acknowledged.
    bool is_dry();

    /// Shows each event that arrives to `tap`, once, before any handler has it.
    void set_tap(std::function<void(const ArrivedEvent&)> tap) { tap_ = std::move(tap); }

    /// Any thread: a handler has made progress.
    void note_progress();

private:
    /// One stream of a publisher's events: of its journal, or of one run.
    struct StreamId {
        NodeId node;
        std::uint64_t journal = 0; ///< 0: of this run

        auto operator<=>(const StreamId&) const = default;
    };

    struct Source {
        std::uint32_t incarnation = 0;        ///< of the publisher's process
        std::optional<std::uint64_t> attempt; ///< of the session that is open
        Reception reception{0};
        std::vector<std::shared_ptr<Feed>>
            feeds;                 ///< by the reception's numbers; null before the first batch
        std::vector<bool> reaches; ///< whether its events may reach the handler
        std::vector<std::string> tapped_topics; ///< by number, while there is a tap
        std::uint64_t shown_to = 0;             ///< the last event that the tap has seen
        std::map<std::size_t, std::uint64_t> parts_shown_to; ///< the same, by a part's number
        InHand in_hand;
        bool is_heard = false;
        bool is_outdated = false; ///< its session is about handlers as they were before
        TimePoint paused_at{};
    };

    Opened open_session(const StreamId& id, std::uint32_t incarnation, const Contract& contract,
                        const Open& open);
    Source& source_of(const StreamId& id, std::uint32_t incarnation, const Contract& contract);
    void forget_foreign(const StreamId& id, Source& source, const std::vector<Open::Foreign>& rows);
    void add_standings(Opened& opened, const StreamId& id, Source& source, std::size_t handler);
    bool is_shared(std::size_t handler) const;
    static void begin_feed(Source& source, const Reception::Taken& taken);
    void begin_account(const StreamId& id, const Source& source, std::size_t handler, bool is_new);
    bool is_open(const Source& source) const;
    void acknowledge(const StreamId& id, Source& source, TimePoint time);
    void ask_rewinds(const StreamId& id, Source& source, TimePoint time);
    void update_progress(Source& source);
    void show(Source& source, const ReceivedBatch& received,
              const std::vector<Reception::Taken>& taken);
    Volume window_of(const StreamId& id, std::size_t handler) const;
    void arm();

    Reactor& reactor_;
    const Identity& identity_;
    const Cut& cut_;
    std::vector<std::unique_ptr<HandlerRunner>>& handlers_;
    Send send_;
    AcknowledgeSelf acknowledge_self_;
    std::function<void(const ArrivedEvent&)> tap_;
    std::function<void(const Place&)> moved_back_;
    TimePoint started_at_ = now();
    std::map<StreamId, Source> sources_;

    /// Of one handler in one journal.
    struct Remembered {
        std::uint64_t place = 0;
        std::set<std::uint64_t> marks;
    };

    std::map<std::pair<StreamId, std::string>, Remembered> remembered_;
    std::unordered_map<std::uint64_t, StreamId> sessions_;
    std::mt19937_64 session_numbers_{std::random_device{}()};
    std::atomic<bool> has_progress_{false};
    std::uint64_t self_attempt_ = 0;
    bool is_closing_ = false;
    bool is_shut_ = false;
    std::optional<TimerId> timer_;
    CountedWarning malformed_{"batch dropped"};
    CountedWarning stale_{"batch of no session dropped"};
};

} // namespace mesh
