#pragma once

#include "mesh/event/dead_letter.hpp"
#include "mesh/event/delivery.hpp"
#include "mesh/event/event.hpp"
#include "mesh/event/start_from.hpp"
#include "mesh/net/interfaces.hpp"
#include "mesh/node/handling/emitter.hpp"
#include "mesh/node/handling/event_queue.hpp"
#include "mesh/node/handling/handler.hpp"
#include "mesh/node/identity.hpp"
#include "mesh/node/node_options.hpp"
#include "mesh/node/refused.hpp"
#include "mesh/node/request_options.hpp"
#include "mesh/peer/peer.hpp"
#include "mesh/store/store.hpp"
#include "mesh/wire/payload.hpp"

#include <functional>
#include <future>
#include <initializer_list>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <type_traits>
#include <vector>

namespace mesh {

class NodeCore;
struct Answer;
struct Question;

/// One service in the mesh: publishes events, handles those of others, and links directly with
/// every node that its contract meets.
///
///     mesh::Node node{{.service = "order", .realm = "shop"}};
///     node.on("user.registered", [](const mesh::Event& event, mesh::Emitter& emit) {
///         emit("order.created", mesh::pack(Order{...}));
///     }).emits({"order.created"});
///     discovery::Discovery discovery{node};
///     node.run();
///
/// Handlers run on threads of their own, never on the node's loop, so they may block and publish.
/// Functions may be called from any thread unless they say otherwise.
class Node {
public:
    /// Throws std::invalid_argument for options that cannot be.
    explicit Node(NodeOptions options);

    /// Stops, waiting for what is under way as `stop` does.
    ~Node();
    Node(const Node&) = delete;
    Node& operator=(const Node&) = delete;

    /// Says more about a handler just declared. Use it in the same expression.
    class Declaration {
    public:
        /// What the handler may emit; without it, that is read as all that the node publishes.
        Declaration& emits(std::initializer_list<std::string_view> patterns);
        Declaration& emits(const std::vector<Pattern>& patterns);
        /// Of these emissions, one may close a cycle: an event goes around it `rounds_max` times.
        Declaration& allows_loop(std::string_view emitted, std::uint32_t rounds_max);
        /// Its name in the contract; else the text of what it listens to.
        Declaration& named(std::string_view name);
        /// Events that it takes, unhandled, from all publishers together.
        Declaration& credit(std::uint64_t events);
        /// What becomes of events when it has no room: by default their publisher waits. Of what
        /// waits with `drop_oldest`, as many as its credit stay.
        Declaration& policy(Policy policy);
        /// Whether replicas share its events, those of a key in order, which is the default.
        Declaration& group(GroupMode mode);
        /// Where it begins at a publisher that has not met it before; one that has goes on.
        Declaration& from(StartFrom start);
        /// Is told of events that it will not get; else the node logs them.
        Declaration& on_gap(std::function<void(const Gap&)> function);
        /// Its function asks its Emitter for a Store.
        Declaration& with_store();
        /// Runs on the node's loop: saves a thread's hop, for handlers that return at once.
        Declaration& inlined();

        // How its lane works; docs/handlers.md explains it. What cannot be throws
        // std::invalid_argument when the node starts.

        /// So many events at once, 1 to 64, each on a thread of its own.
        Declaration& workers(std::uint32_t count);
        /// Which of the events that wait is the next.
        Declaration& order(LaneOrder order);
        /// Tries again what it failed on, holding back only that key; then it is a dead letter.
        Declaration& retry(const Retry& retry);
        /// An attempt that takes longer is told in the log at once, and counts as failed when it
        /// returns: what it emitted does not leave.
        Declaration& deadline(Duration deadline);
        /// Of a timed handler: the events of which it remembers the last one, a pattern each.
        Declaration& after(std::initializer_list<std::string_view> patterns);
        /// Keeps the idempotency keys that it has dealt with elsewhere than in memory.
        Declaration& remembers(SeenKeys seen);

    private:
        friend class Node;

        Declaration(NodeCore& core, std::size_t index) : core_(core), index_(index) {}

        NodeCore& core_;
        std::size_t index_;
    };

    /// Declares a handler, before the start. `function` takes the event, an Emitter if it emits,
    /// and behind that a Store if it keeps something: then it runs in a transaction of the node's
    /// disk, which keeps what it writes, the durable events that it emits and, for events of level
    /// `once`, that it has handled them, together or not at all. Nothing else that is durable goes
    /// on in the node meanwhile, so it should be quick.
    /// Throws std::invalid_argument for a malformed pattern.
    template <class Function>
    Declaration on(std::string_view pattern, Function function) {
        return on(std::vector<std::string>{std::string(pattern)}, std::move(function));
    }

    template <class Function>
    Declaration on(const std::vector<std::string>& patterns, Function function) {
        if constexpr (std::is_invocable_v<Function, const Event&, Emitter&, Store&>)
            return declare(patterns,
                           [function = std::move(function)](const Event& event,
                                                            Emitter& emitter) mutable {
                               function(event, emitter, emitter.store());
                           })
                .with_store();
        else if constexpr (std::is_invocable_v<Function, const Event&, Emitter&>)
            return declare(patterns, std::move(function));
        else
            return declare(patterns,
                           [function = std::move(function)](const Event& event, Emitter&) mutable {
                               function(event);
                           });
    }

    /// Declares a handler by its whole contract, as a manifest gives it. One without `on` is never
    /// called: its cause is the clock of the program.
    Declaration on(HandlerContract contract, HandlerFunction function);

    /// Declares a handler whose events the program takes from `queue` when it likes: by waiting,
    /// polling, a future or `co_await`. The queue serves one handler of one node.
    Declaration on(std::string_view pattern, EventQueue& queue);
    Declaration on(const std::vector<std::string>& patterns, EventQueue& queue);

    /// Declares a timed handler: its cause is the node's clock. `function` takes the Beat, if it
    /// likes, and an Emitter. A beat is skipped while the one before still runs; beats never pile
    /// up. What it emits has no cause, or, with `after`, the newest event that it remembers.
    template <class Function>
    Declaration every(std::string_view name, Duration interval, Function function) {
        HandlerContract contract;
        contract.name = name;
        if constexpr (std::is_invocable_v<Function, const Beat&, Emitter&>)
            return every(std::move(contract), interval, BeatFunction(std::move(function)));
        else
            return every(std::move(contract), interval,
                         BeatFunction([function = std::move(function)](
                                          const Beat&, Emitter& emit) mutable { function(emit); }));
    }

    Declaration every(HandlerContract contract, Duration interval, BeatFunction function);

    /// Publishes an event. Waits while a subscriber that must not miss it has no room. In a
    /// handler it is an emit of that handler, and leaves when the handler has returned; but for a
    /// topic that is known to come from outside (`entry`), which leaves at once, without a cause.
    /// Errors: `invalid`, `limit`; `refused` for a topic that the contract does not declare;
    /// `closed` before the start and while stopping.
    Result<void> publish(std::string_view topic, const Payload& payload,
                         const EventOptions& options = {});

    /// The same, but never waits. Errors: `would_wait`, saying for whom.
    Result<void> try_publish(std::string_view topic, const Payload& payload,
                             const EventOptions& options = {});

    /// Publishes an event without waiting until it is stored: of level `durable` or `once`, many
    /// can be on their way to the disk at a time, and share what a commit costs. Events of one
    /// thread keep their order. `done` is called once, with what `publish` would have returned: on
    /// a thread that others wait for, or on this one when it is known at once, as it is for the
    /// levels `fast` and `reliable`. It returns soon, and does not publish. What `publish` waits
    /// for is waited for here too, and room when 4,096 events or 8 MiB are on their way. Errors:
    /// also `refused` in a handler of this node.
    void publish_later(std::string_view topic, const Payload& payload, const EventOptions& options,
                       std::function<void(const Result<void>&)> done);

    /// The same, with a future.
    std::future<Result<void>> publish_later(std::string_view topic, const Payload& payload,
                                            const EventOptions& options = {});

    /// Publishes the events in their order and with nothing of this node in between. Those of level
    /// `durable` or `once` are stored all or none, in one transaction; they do not mix with others.
    /// At most 4,096 events and 4 MiB of payload.
    /// Errors: as `publish`, and none is published then, but for a topic that finds all 65,536
    /// numbers taken, behind which nothing is; also `invalid` for levels that do not mix, and
    /// `refused` in a handler, whose emits leave together anyway.
    Result<void> publish_all(std::span<const NewEvent> events);

    /// The synchronous form: publishes, and returns when the handler of every subscription that is
    /// linked now and wants the event has finished with it.
    /// Errors: as `publish`; `timed_out` when some have not by then, and `refused` when some lost
    /// it by their policy, both naming them: the event is published all the same. `refused` also in
    /// a handler, where it could wait for itself: nothing is published then.
    Result<void> publish_and_wait(std::string_view topic, const Payload& payload,
                                  Duration patience = std::chrono::seconds(5),
                                  const EventOptions& options = {});

    /// Calls `work` with the node's store, once started: what it writes is kept, or, when it
    /// throws, nothing. Not in a handler, which is given the store, and not on the node's loop.
    /// Throws StoreError when there is no disk or it fails, and what `work` throws.
    void with_store(const std::function<void(Store&)>& work);

    /// Publishes an event, and waits for the first that a handler replies (Emitter::reply). Errors:
    /// as `publish`; `refused` when nobody handles the topic, all who got it failed, or it would
    /// wait for itself; `timed_out`: it may still be handled. More in docs/handlers.md.
    Result<Payload> request(std::string_view topic, const Payload& payload,
                            const RequestOptions& options = {});

    /// The same, but does not wait for the reply. May be used on the loop too.
    std::future<Result<Payload>> request_later(std::string_view topic, const Payload& payload,
                                               const RequestOptions& options = {});

    /// Runs the node on this thread until `stop`, SIGINT or SIGTERM, and drains it: what arrived is
    /// handled, what was published is acknowledged. A second signal ends the process.
    /// Throws std::runtime_error when it cannot start: a taken port, an instance that runs already;
    /// and Refused when it would close a cycle.
    void run();

    /// Runs the node on a thread of its own. Throws as `run`, but Refused goes to `on_refused`.
    void start();

    /// Drains and stops a node that runs. Returns when that is done; at once on the node's own
    /// threads, and for a node in `run`, which returns then. From here on nothing is published but
    /// what handlers emit. A node is not destroyed by its own handlers.
    void stop();

    /// Waits until the node has looked around and is linked with everybody it sees. Not if refused.
    bool wait_ready(Duration patience);

    /// Waits until every subscriber has acknowledged everything; who has not, be it gone or not.
    bool wait_dry(Duration patience, Whom whom = Whom::present);
    std::vector<Unacknowledged> unacknowledged() const;

    /// Waits until at least `count` subscriptions want the topic.
    bool wait_subscribers(std::string_view topic, std::size_t count, Duration patience);

    /// Subscriptions of the topic that are linked now, those of this node included.
    std::size_t subscriber_count(std::string_view topic) const;

    /// Nodes that this one sees.
    std::vector<Peer> peers() const;

    /// Known once started.
    const Identity& identity() const;
    const NodeOptions& options() const;

    // For guests on the node's loop, such as discovery. To be called before the start or on the
    // loop; the functions given are called on the loop.

    /// Is told of every change of a peer.
    void watch(std::function<void(const Peer&)> function);
    /// Is told when the node is ready.
    void on_ready(std::function<void()> function);
    /// Is told that the mesh refused the node, which stops then.
    void on_refused(std::function<void()> function);
    /// Is told that a publisher cannot dial this node's inbox at an address.
    void on_unreachable(std::function<void(const std::string& endpoint)> function);
    /// Is told of every dead letter, beside the log, from whichever thread gives the event up.
    void on_dead_letter(DeadLetterSink sink);
    /// Sees every event that arrives or is published, from whichever thread deals with it.
    void tap(std::function<void(const Event&)> function);
    void every(Duration interval, std::function<void()> function);
    void after(Duration delay, std::function<void()> function);
    void on_readable(int fd, std::function<void()> function);
    void before_leaving(std::function<void()> function);
    void at_start(std::function<void()> function);
    /// The node is not ready before it has listened this long.
    void listen_for(Duration time);
    /// A node was seen; an address may lead to one; a node said that it leaves.
    void sight(const Sighting& sighting);
    void connect(const Endpoint& control);
    void forget(const NodeId& id, std::uint32_t incarnation);
    /// Asks a node in view (mesh/wire/question.hpp), until it answers. Any thread.
    void ask(const NodeId& node, const Question& question,
             std::function<void(const Answer&)> answered);
    /// How much the loop was held up lately.
    Duration lateness() const;

private:
    Declaration declare(const std::vector<std::string>& patterns, HandlerFunction function);
    void open();

    std::unique_ptr<NodeCore> core_;
    std::thread thread_;
    std::vector<std::function<void()>> starters_;
    bool is_running_ = false;
};

} // namespace mesh
