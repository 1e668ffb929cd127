#pragma once

#include "mesh/net/context.hpp"
#include "mesh/net/inbox.hpp"
#include "mesh/net/interfaces.hpp"
#include "mesh/net/reactor.hpp"
#include "mesh/node/answering.hpp"
#include "mesh/node/asking.hpp"
#include "mesh/node/disk.hpp"
#include "mesh/node/handling/handler_runner.hpp"
#include "mesh/node/handling/letters.hpp"
#include "mesh/node/handling/packing.hpp"
#include "mesh/node/identity.hpp"
#include "mesh/node/known_topics.hpp"
#include "mesh/node/meeting/chain_view.hpp"
#include "mesh/node/meeting/joining.hpp"
#include "mesh/node/meeting/neighbours.hpp"
#include "mesh/node/node_options.hpp"
#include "mesh/node/publishing/publishing.hpp"
#include "mesh/node/readiness.hpp"
#include "mesh/node/receiving/incoming.hpp"
#include "mesh/node/request_options.hpp"
#include "mesh/node/requests.hpp"
#include "mesh/peer/cut.hpp"
#include "mesh/store/instance.hpp"

#include <atomic>
#include <condition_variable>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

namespace mesh {

/// The parts of a running node, joined: what Node holds behind its face.
class NodeCore {
public:
    explicit NodeCore(NodeOptions options);
    ~NodeCore();
    NodeCore(const NodeCore&) = delete;
    NodeCore& operator=(const NodeCore&) = delete;

    // Before the start.

    void add_handler(HandlerSpec spec);

    HandlerSpec& handler(std::size_t index) { return specs_[index]; }

    std::size_t handler_count() const { return specs_.size(); }

    /// Fixes the contract and opens the node; later calls do nothing.
    void open();

    // Any thread, once open.

    Result<void> publish(std::string_view topic, const Payload& payload,
                         const EventOptions& options, bool may_wait);
    Result<void> publish_and_wait(std::string_view topic, const Payload& payload,
                                  const EventOptions& options, Duration patience);
    Result<Payload> request(std::string_view topic, const Payload& payload,
                            const RequestOptions& options);
    std::future<Result<Payload>> request_later(std::string_view topic, const Payload& payload,
                                               const RequestOptions& options);
    void publish_later(std::string_view topic, const Payload& payload, const EventOptions& options,
                       std::function<void(const Result<void>&)> done);
    Result<void> publish_all(std::span<const NewEvent> events);
    void stop();
    bool wait_ready(TimePoint deadline);

    bool is_refused() const { return is_refused_; }

    bool is_open() const { return is_open_; }

    /// A control address to join by; also before the start.
    void add_address(const Endpoint& address);

    std::vector<Peer> peers() const;

    bool wait_dry(TimePoint deadline, Whom whom) { return outgoing_->wait_dry(deadline, whom); }

    std::vector<Unacknowledged> unacknowledged() const { return outgoing_->unacknowledged(); }

    bool wait_subscribers(std::string_view topic, std::size_t count, TimePoint deadline) {
        return outgoing_->wait_subscribers(topic, topics_.facts_of(topic).level, count, deadline);
    }

    std::size_t subscriber_count(std::string_view topic) const {
        return outgoing_->subscriber_count(topic, topics_.facts_of(topic).level);
    }

    /// Asks another node; `answered` is called on the loop, at most once.
    void ask(const NodeId& node, const Question& question, Asking::Answered answered);

    /// What the node keeps on disk, opened when it is first asked for. Null for one that passes,
    /// and when that fails, which is logged once. Not on the loop's thread, which does not wait for
    /// disks.
    Disk* disk();

    /// As Node::with_store.
    void with_store(const std::function<void(Store&)>& work);

    const Identity& identity() const { return identity_; }

    const NodeOptions& options() const { return options_; }

    Reactor& reactor() { return reactor_; }

    // The loop's thread.

    void loop();

    Neighbours& neighbours() { return *neighbours_; }

    void sight(const Sighting& sighting);

    Readiness& readiness() { return readiness_; }

    std::vector<std::function<void(const Peer&)>> watchers;
    std::vector<std::function<void()>> leavers; ///< called when the node is about to go
    std::function<void()> on_ready;
    std::function<void()> on_refused;
    std::function<void(const std::string&)> on_unreachable;
    std::function<void(const Event&)> tap;
    DeadLetterSink on_dead_letter; ///< beside the log

private:
    void bind();
    bool bind_at(const std::vector<std::string>& hosts, std::uint16_t port);
    void claim_instance();
    void fix_contract();
    void make_handlers();
    void open_disk();
    Result<void> open_data();
    void remember_places();
    void serve_own_handlers(std::uint64_t journal);
    void prepare_joining();
    void refuse();
    void dispatch(const Peer& from, const ControlBody& body);
    void peer_changed(const Peer& peer);
    void note(const Peer& peer);
    bool wants_from_here(const Peer& peer) const;
    bool wants_from_there(const Peer& peer) const;
    void tick();
    void turn(std::vector<int>& fds);
    void check_ready();
    void check_drained();
    Draft draft_of(std::string_view topic, const Payload& payload, const EventOptions& options,
                   std::string_view headers) const;
    static Draft draft_of(std::string_view topic, const Payload& payload,
                          const EventOptions& options, std::string_view headers, Level level);
    static Result<void> say_entry(Emitter& emitter, std::string_view topic, const Payload& payload,
                                  const EventOptions& options);
    Result<void> check_outside(std::string_view what, std::string_view topic) const;
    bool may_publish_usual(const Payload& payload) const;
    Result<void> check_running(bool is_in_handler) const;
    Result<void> check_publishable(std::string_view topic) const;
    static Result<void> refused_topic(const Identity& identity, std::string_view topic);
    Result<void> publish_draft(const Draft& draft, bool may_wait);
    Result<Emitted> emit(const HandlerContract& handler, const Emitter::Said& said,
                         const Event* because, CommonCause& common);
    Event event_of(const Draft& draft, std::uint32_t incarnation, std::uint64_t sequence) const;
    void show(const Draft& draft, const Publishing::Published& published) const;
    void show(const ArrivedEvent& event);
    PackedDraft packed(const Draft& draft);
    void bury(const DeadLetter& letter);
    void keep(const DeadLetter& letter);
    void prepare_answering();
    Result<Requests::Open> begin_request(std::string_view topic, const Payload& payload,
                                         const RequestOptions& options);
    void reply(const Event& request, Reply reply);
    Disk* disk_if_open();
    Disk* disk_of_letters(bool may_open);
    void tell_ledger(Answer& answer);
    void begin_cut(const Question& question, Answer& answer);
    bool has_key(const std::string& handler, std::string_view key);
    Result<void> keep_key(const std::string& handler, std::string_view key);
    void start_clocks();
    void report() const;

    NodeOptions options_;
    std::vector<HandlerSpec> specs_;
    KnownTopics topics_;
    std::uint64_t compress_from_bytes_min_ = 0; ///< of any topic
    Packing packing_;
    Identity identity_;
    std::optional<Instance> instance_;
    Readiness readiness_;
    ChainView chains_;

    zmq::context_t context_;
    Reactor reactor_;
    Cut cut_;
    std::optional<Neighbours> neighbours_;
    std::mutex disk_mutex_; ///< guards the next two; after the start only `disk` changes them
    std::unique_ptr<Disk> disk_;
    bool is_without_disk_ = false;
    Letters letters_{[this](bool may_open) { return disk_of_letters(may_open); }};
    std::optional<Publishing> outgoing_;
    std::optional<Inbox> inbox_;
    std::optional<Incoming> incoming_;
    std::optional<Joining> joining_; ///< not of an observer

    enum class Draining { no, handlers, acknowledgements };
    Draining draining_ = Draining::no;
    TimePoint drain_deadline_{};
    TimePoint leaves_at_{};
    TimePoint refused_at_{};
    TimePoint ticked_at_{};
    TimePoint chains_counted_at_{};
    TimePoint ready_check_at_{};
    std::atomic<bool> is_ready_{false};
    std::atomic<bool> is_over_{false};
    std::atomic<bool> is_refused_{false};
    std::atomic<bool> is_stopping_{false};
    std::atomic<bool> is_open_{false};

    mutable std::mutex peers_mutex_; ///< guards peers_; the condition also watches is_ready_
    mutable std::condition_variable ready_changed_;
    std::map<NodeId, Peer> peers_;

    Requests requests_;
    std::optional<Asking> asking_;
    std::optional<Answering> answering_;

    /// After everything that they use, so that their lanes end first.
    std::vector<std::unique_ptr<HandlerRunner>> handlers_;
};

} // namespace mesh
