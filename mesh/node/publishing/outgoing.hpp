#pragma once

#include "mesh/base/burst_clock.hpp"
#include "mesh/base/result.hpp"
#include "mesh/flow/deliveries.hpp"
#include "mesh/flow/draft.hpp"
#include "mesh/net/context.hpp"
#include "mesh/net/link_socket.hpp"
#include "mesh/net/reactor.hpp"
#include "mesh/node/identity.hpp"
#include "mesh/node/node_options.hpp"
#include "mesh/node/publishing/send_pace.hpp"
#include "mesh/node/publishing/spill.hpp"
#include "mesh/peer/link.hpp"
#include "mesh/peer/roster.hpp"
#include "mesh/wire/question.hpp"

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mesh {

/// The publishing half of a node, for one stream of its events: the links that carry it. Events may
/// be published from any thread; everything else belongs to the loop's thread. One lock guards the
/// stream and the link sockets together.
class Outgoing {
public:
    using Send = std::function<void(const NodeId& to, const ControlBody& body)>;
    /// A link broke: is the peer still there?
    using Doubt = std::function<void(const NodeId& id)>;

    /// Subscriptions of a lasting stream have to be stored before they are served. Called without
    /// the lock; to go on, call `serve` on the loop's thread.
    using BeforeServing = std::function<void(std::function<void()> serve)>;

    /// `journal`: whose events these are, when they outlive this run; 0: those of this run.
    Outgoing(zmq::context_t& context, Reactor& reactor, const Identity& identity,
             Deliveries& deliveries, std::uint64_t journal, Send send, Doubt doubt);

    void set_before_serving(BeforeServing before_serving) {
        before_serving_ = std::move(before_serving);
    }

    // Any thread.

    /// How long to wait for credit. Nobody waits for that of an event of level `fast`.
    struct Patience {
        enum class Waiting { as_long_as_it_takes, not_at_all, until_deadline };

        Waiting waiting = Waiting::as_long_as_it_takes;
        TimePoint deadline{};
    };

    /// Publishes what `append` appends to the stream, under the lock. Waits for the credit of
    /// blocking subscriptions, except on the loop's thread, which must not wait and goes beyond it.
    /// Errors: those of `append`, `would_wait` or `timed_out` when it would have to wait longer,
    /// naming who is slow, and `closed` when the node stops meanwhile. Returns what `append`
    /// returns; when `is_watched`, `wait_finished` goes on from there.
    Result<std::uint64_t> publish(const Draft& draft, const Patience& patience, bool is_watched,
                                  const std::function<Result<std::uint64_t>(WallTime)>& append);

    /// Publishes what `append` appends, under the lock, unless it returns zero. It gets the time,
    /// and may only append what waits for nobody. Returns what it returns.
    template <class Append>
    std::uint64_t publish_usual(std::size_t size_bytes, const Append& append) {
        std::uint64_t sequence = 0;
        bool has_to_wake = false;
        {
            const std::lock_guard lock(mutex_);
            if (is_closed_)
                return 0;
            const auto time = clock_.now();
            sequence = append(time);
            if (sequence == 0)
                return 0;
            has_to_wake = send_on(deliveries_.concerned_links(), time, size_bytes);
        }
        if (has_to_wake)
            reactor_.wake();
        return sequence;
    }

    /// Publishes what `append` appends, one after the other and nothing in between: once there is
    /// credit for each. Nothing is appended behind one that fails. Errors: as `publish`.
    Result<void> publish_all(std::span<const Draft> drafts, const Patience& patience,
                             const std::function<Result<std::uint64_t>(const Draft&)>& append);

    /// Waits as `publish` does, and appends nothing: for events that go to disk first.
    Result<void> wait_for_room(std::span<const Draft> drafts, const Patience& patience);

    /// Hands on `count` events that `append` appends one by one, under the lock and without asking
    /// for credit.
    void hand_on(std::size_t count, const std::function<void(std::size_t)>& append);

    /// Calls `work` under the lock.
    void with_lock(const std::function<void()>& work) const;

    /// From now on `wait_finished` tells of an event that was handed on.
    void watch(std::uint64_t sequence, std::string_view topic);

    /// Waits until every subscription that wants the watched event has finished with it.
    /// Errors: `timed_out` when some have not by then, and `refused` when some lost it: the message
    /// names them. Not to be called on the loop's thread.
    Result<void> wait_finished(std::uint64_t sequence, std::string_view topic, TimePoint deadline);

    /// Waits until everything published is acknowledged by every subscription that is there or
    /// being linked, or also by those that are away. False when it is not by then.
    bool wait_dry(TimePoint deadline, Whom whom = Whom::present);

    /// When everything is acknowledged, nothing more is accepted, in one step. False otherwise.
    bool close_if_dry();

    /// Waits until at least `count` subscriptions want the topic. False when they do not by then.
    bool wait_subscribers(std::string_view topic, std::size_t count, TimePoint deadline);

    std::size_t subscriber_count(std::string_view topic) const;
    std::vector<std::string> behind() const;
    std::vector<Unacknowledged> unacknowledged() const;
    std::map<std::string, std::uint64_t> published_counts() const;

    /// Nobody waits for credit from now on.
    void close();

    // The loop's thread.

    /// A peer appeared, changed, or wants something else.
    void update_peer(const Peer& peer, bool is_wanted);
    void remove_peer(const NodeId& id, bool has_left);

    /// Serves this node's own handlers: their batches go to `deliver`.
    void serve_self(std::uint64_t session, const std::vector<SubscriptionRequest>& requests,
                    std::function<void(ReceivedBatch)> deliver);

    void on_opened(const NodeId& id, const Opened& opened);
    void on_acknowledge(const NodeId& id, const Acknowledge& acknowledge);
    void on_rewind(const NodeId& id, const Rewind& rewind);
    void on_reopen(const NodeId& id, const Reopen& reopen);
    void acknowledge_self(SubscriptionIndex index, const Progress& progress, Volume window);

    /// What became of the events of this stream, row by row.
    void tell_ledger(std::vector<SentRow>& rows) const;

    /// Whether the peer gets what it wants.
    bool is_linked(const NodeId& id) const;

    /// Before each wait of the loop: sends what can go, and names the sockets to watch.
    void collect(std::vector<int>& fds);
    void readable(int fd);

    /// Every 100 ms or so. Returns the lasting subscriptions that were away too long.
    std::vector<std::string> tick();

private:
    struct Peering {
        LinkNumber number = 0;
        Peer peer;
        Link link;
        std::optional<Opened> opened;
        std::vector<Open::Foreign> foreign; ///< what it was told to forget
        TimePoint head_sent_at{};
    };

    /// What a publishing thread may touch, under the lock.
    struct Line {
        std::unique_ptr<LinkSocket> socket;
        bool is_serving = false;
        /// Direct while true: whoever publishes also sends. When the socket takes no more, events
        /// gather in the log, and the loop sends them in large batches until it has caught up.
        bool is_writable = true;
        SendPace pace = {};
        bool is_gathering = false;    ///< something waits for more, and the loop sees to it
        bool is_subscribed = false;   ///< news that the loop has not taken yet
        bool is_unsubscribed = false; ///<
    };

    Result<void> wait_for_room(std::unique_lock<std::mutex>& lock, std::span<const Draft> drafts,
                               const Patience& patience);
    const Draft* find_short(std::span<const Draft> drafts) const;
    void note_concerned(std::vector<LinkNumber>& concerned) const;

    bool send_on(const std::vector<LinkNumber>& concerned, WallTime time,
                 std::size_t size_bytes = 0) {
        if (time != burst_.time || size_bytes > burst_event_size_bytes_max ||
            concerned != burst_.links)
            return send_or_gather(concerned, time, size_bytes);
        ++burst_.events;
        burst_.size_bytes += size_bytes;
        return false;
    }

    bool send_or_gather(const std::vector<LinkNumber>& concerned, WallTime time,
                        std::size_t size_bytes);
    void settle_burst();
    void check_again();
    bool send_rest();
    void begin(const NodeId& id, std::uint64_t session);
    void act(Peering& peering, Link::Action action);
    void dial(Peering& peering);
    void serve(Peering& peering);
    bool disowns(Peering& peering, const std::vector<SubscriptionRequest>& requests);
    void close(Peering& peering);
    std::string address_of(const Peering& peering) const;
    bool drain(LinkNumber number, Line& line);
    void look(Line& line);
    void take_news();
    void drain_self();
    ReceivedBatch own_batch(const BatchPlan& plan) const;
    void send_heads(TimePoint time);
    Peering* find(const NodeId& id);
    void count_opening();

    zmq::context_t& context_;
    Reactor& reactor_;
    const Identity& identity_;
    Deliveries& deliveries_; ///< guarded by the mutex as well
    std::uint64_t journal_;
    Send send_;
    Doubt doubt_;
    BeforeServing before_serving_;
    TimePoint started_at_ = now();

    std::map<NodeId, Peering> peerings_;
    LinkNumber last_number_ = 0;
    std::mt19937_64 seeds_{std::random_device{}()};
    std::function<void(ReceivedBatch)> deliver_self_;
    std::uint64_t self_session_ = 0;
    bool is_serving_self_ = false;
    bool has_check_ = false; ///< the loop is going to look again soon
    WallTime passed_at_{};   ///< when it last saw to all links

    /// Of larger events a few are a batch, so each is looked at.
    static constexpr std::size_t burst_event_size_bytes_max = 2'048;

    /// Events that came at the same time as one before them, to the same links, and gather with it:
    /// for them no link has to be looked at.
    struct Burst {
        WallTime time{}; ///< nothing: the next event is none of them
        std::vector<LinkNumber> links;
        std::uint64_t events = 0;
        std::size_t size_bytes = 0;
    };

    Burst burst_; ///< guarded by the mutex

    // Told without the lock, which is what they are to save.
    std::atomic<WallTime> published_at_{};
    std::atomic<bool> is_loop_signalled_{false}; ///< it was woken and has not come yet

    mutable std::mutex mutex_; ///< guards the rest
    std::condition_variable progress_;
    MessageBuffers buffers_;
    BurstClock clock_;
    std::map<LinkNumber, Line> lines_;
    std::size_t opening_count_ = 0; ///< links that are wanted and on their first tries
    bool has_news_ = false;         ///< some line has news for the loop
    bool is_closed_ = false;
};

} // namespace mesh
