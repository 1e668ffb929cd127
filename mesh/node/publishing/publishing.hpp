#pragma once

#include "mesh/flow/draft.hpp"
#include "mesh/flow/streams/publication.hpp"
#include "mesh/node/node_options.hpp"
#include "mesh/node/publishing/durable_stream.hpp"
#include "mesh/node/publishing/outgoing.hpp"
#include "mesh/node/publishing/spill.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mesh {

/// The publishing half of a node: the events of this run, and those that a journal keeps, each a
/// stream with links of its own. As in Outgoing, but for both.
class Publishing {
public:
    Publishing(zmq::context_t& context, Reactor& reactor, const Identity& identity,
               const NodeOptions& options, Outgoing::Send send, Outgoing::Doubt doubt);

    /// Durable events from now on. Before the start.
    void keep_on(Disk& disk, Outgoing::Send send, Outgoing::Doubt doubt);

    /// The journal's id, as in Open; 0: there is none.
    std::uint64_t journal() const { return durable_ ? durable_->journal() : 0; }

    DurableStream* durable() { return durable_ ? &*durable_ : nullptr; }

    // Any thread.

    struct Published {
        std::uint64_t sequence = 0;
        bool is_durable = false;
    };

    /// Errors: as Outgoing::publish and DurableStream::publish; `refused` for a durable event
    /// without a journal.
    Result<Published> publish(const Draft& draft, bool may_wait);

    /// The same in few steps, when the event is like those of its topic before, and nothing waits:
    /// see Publication::append_usual. Zero when it is not, and nothing has happened.
    std::uint64_t publish_usual(std::string_view topic, std::string_view content_type,
                                Bytes payload, const Cause* cause = nullptr) {
        return volatile_.publish_usual(payload.size(), [&](WallTime time) {
            return publication_.append_usual(topic, content_type, payload, cause, time);
        });
    }

    /// Waits for credit until the deadline. Errors: also `timed_out`.
    Result<Published> publish_by(const Draft& draft, TimePoint deadline);

    /// Publishes, and waits until every subscription that wants the event has finished with it.
    /// Errors: also those of Outgoing::wait_finished.
    Result<Published> publish_and_wait(const Draft& draft, TimePoint deadline);

    using Done = std::function<void(const Result<Published>&)>;

    /// Publishes, and tells `done` once it is stored: as DurableStream::publish_later. Events that
    /// end with this run are published when this returns. Errors: as `publish`.
    void publish_later(const Draft& draft, bool may_wait, Done done);

    /// Publishes the events in order, with none of others in between; those of a journal all or
    /// none. Returns the first one. Errors: also `invalid` when some are durable and some are not.
    Result<Published> publish_all(std::span<const Draft> drafts);

    /// Waits as `publish` does for the credit that the event needs, and publishes nothing.
    /// Errors: `closed`.
    Result<void> wait_for_room(const Draft& draft);

    bool wait_dry(TimePoint deadline, Whom whom);
    bool close_if_dry();

    /// Of the stream that carries events of this level.
    bool wait_subscribers(std::string_view topic, Level level, std::size_t count,
                          TimePoint deadline);
    std::size_t subscriber_count(std::string_view topic, Level level) const;

    /// Subscriptions that have not acknowledged what ends with this run.
    std::vector<std::string> behind() const { return volatile_.behind(); }

    /// Of both streams; is owed what the journal keeps.
    std::vector<Unacknowledged> unacknowledged() const;

    std::map<std::string, std::uint64_t> published_counts() const;

    /// As Publication::delivery_counts, of what ends with this run.
    std::map<std::string, DeliveryCounts> delivery_counts() const;
    void close();

    // The loop's thread.

    void update_peer(const Peer& peer, bool is_wanted);
    void remove_peer(const NodeId& id, bool has_left);
    void serve_self(std::uint64_t journal, std::uint64_t session,
                    const std::vector<SubscriptionRequest>& requests,
                    std::function<void(ReceivedBatch)> deliver);
    void on_opened(const NodeId& id, const Opened& opened);
    void on_acknowledge(const NodeId& id, const Acknowledge& acknowledge);
    void on_rewind(const NodeId& id, const Rewind& rewind);
    void on_reopen(const NodeId& id, const Reopen& reopen);
    void acknowledge_self(std::uint64_t journal, SubscriptionIndex index, const Progress& progress,
                          Volume window);
    bool is_linked(const NodeId& id) const;
    void tell_ledger(std::vector<SentRow>& rows) const;
    void collect(std::vector<int>& fds);
    void readable(int fd);
    void tick();

    /// The node stops now.
    void finish() {
        if (durable_)
            durable_->finish();
    }

private:
    Result<void> check_journal(const Draft& draft) const;
    Result<Published> publish(const Draft& draft, const Outgoing::Patience& patience,
                              bool is_watched);

    template <class Use>
    void each(Use use) {
        use(volatile_);
        if (durable_)
            use(durable_->links());
    }

    const Outgoing& links_for(Level level) const {
        return durable_ && level >= Level::durable ? durable_->links() : volatile_;
    }

    zmq::context_t& context_;
    Reactor& reactor_;
    const Identity& identity_;
    std::size_t log_size_bytes_max_;
    Spill spill_;
    Publication publication_; ///< volatile_ guards it, and spill_ with it
    Outgoing volatile_;
    std::optional<DurableStream> durable_;
};

} // namespace mesh
