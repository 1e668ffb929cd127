#pragma once

#include "mesh/base/bytes.hpp"
#include "mesh/base/time.hpp"
#include "mesh/event/delivery.hpp"
#include "mesh/event/pattern.hpp"
#include "mesh/flow/batch_plan.hpp"
#include "mesh/flow/subscription.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mesh {

/// What a subscriber asks of a publisher when a session opens.
struct SubscriptionRequest {
    std::string key;
    std::string group; ///< whose members share the events; empty: it gets all
    SubscriptionIndex index = 0;
    std::vector<Pattern> patterns;
    Policy policy = Policy::drop_oldest;
    std::uint64_t depth = 0; ///< events that wait with `drop_oldest`; 0: as many as the log holds
    Volume window;
    StartRequest start;
    WallTime member_since{}; ///< of a member of a group: since when its node runs

    /// Of a member of a group: where the parts stand that it had in an earlier session.
    std::vector<std::pair<SubscriptionIndex, Progress>> standings = {};
};

/// Adds one that a subscriber asks for. Several of a handler that shares its events are one
/// request, with a standing each; others that come twice are a peer's mistake.
inline void add_request(std::vector<SubscriptionRequest>& requests, SubscriptionRequest one) {
    const auto handler = handler_of(one.index);
    const auto same = std::ranges::find_if(
        requests, [&](const auto& other) { return handler_of(other.index) == handler; });
    if (!one.group.empty() && one.start.resume) {
        one.standings.emplace_back(one.index, *std::exchange(one.start.resume, std::nullopt));
        one.index = handler;
    }
    if (same == requests.end())
        requests.push_back(std::move(one));
    else
        std::ranges::move(one.standings, std::back_inserter(same->standings));
}

/// One stream of a publisher's events, in order, and to whom they are owed: all that its links ask.
/// A node has one for the events of this run (Publication) and, with a journal, one for those that
/// outlive it (JournalPublication). Not safe for several threads: the node guards it with one lock.
class Deliveries {
public:
    virtual ~Deliveries() = default;

    /// The subscription whose credit an event of `topic` and `payload_size_bytes` has to wait for,
    /// or null. Asked before an event gets its sequence, so that nobody waits holding a place. Not
    /// to be asked for an event of level `fast`, which waits for nobody.
    virtual const Subscription* waits_for(std::string_view topic, std::size_t payload_size_bytes,
                                          std::string_view key = {}) const = 0;

    /// The keys of all those.
    virtual std::vector<std::string> slow_ones(std::string_view topic,
                                               std::size_t payload_size_bytes,
                                               std::string_view key = {}) const = 0;

    /// Which slot an event of `topic` without a key is best put in, so that groups give it to a
    /// member that has room; nothing when nobody shares the topic.
    virtual std::optional<KeySlot> best_slot(std::string_view topic) const = 0;

    /// From now on `unfinished` tells of the event, which was appended last.
    virtual void watch(std::uint64_t sequence, std::string_view topic) = 0;

    /// Who wanted an event that is watched, and is not done with it.
    struct Unfinished {
        std::vector<std::string> open; ///< keys of those that may still come to it
        std::vector<std::string> lost; ///< keys of those that do not get it, or are gone for good
    };

    virtual Unfinished unfinished(std::uint64_t sequence) const = 0;
    virtual void stop_watching(std::uint64_t sequence) = 0;

    /// The links that the event appended last concerns; stays as it is until the next one.
    virtual const std::vector<LinkNumber>& concerned_links() const = 0;

    /// What these know of the stream although it never was in it: a journal that was put back in
    /// place of a newer one, or that lost its end with the power. By their index, where that
    /// begins: they have to forget what lies behind.
    virtual std::vector<std::pair<SubscriptionIndex, std::uint64_t>>
    foreign(const std::vector<SubscriptionRequest>& /*requests*/,
            Duration /*publisher_age*/) const {
        return {};
    }

    /// Begins a session on a link, which replaces an older one. `publisher_age` is how long this
    /// node has been running.
    virtual void attach(LinkNumber number, std::uint64_t session,
                        const std::vector<SubscriptionRequest>& requests, WallTime now,
                        Duration publisher_age) = 0;

    /// Ends the link's session. Subscriptions keep their place until `retire`.
    virtual void detach(LinkNumber number, TimePoint now) = 0;

    /// Ends the link's session because the subscriber left: only lasting subscriptions keep their
    /// place.
    virtual void dismiss(LinkNumber number, TimePoint now) = 0;

    /// Takes an acknowledgement of processed events. True when it freed credit.
    virtual bool acknowledge(LinkNumber link, SubscriptionIndex index, const Progress& done,
                             Volume window) = 0;

    /// Sends a subscription's events again from where it stands.
    virtual void rewind(LinkNumber link, SubscriptionIndex index, const Progress& standing) = 0;

    /// Gives what belongs to members of groups that are away for too long to the others. Also
    /// forgets lasting subscriptions that were away for longer than `away_max`, others that were
    /// away for a minute, and the ones away longest beyond a count of 1,024. Returns the keys of
    /// the lasting ones.
    virtual std::vector<std::string> retire(TimePoint now, Duration away_max) = 0;

    /// The next batch of the link, or null when nothing can go. It stays valid until this object
    /// is used again; `sent` makes it count.
    virtual const BatchPlan* plan(LinkNumber number) = 0;

    /// What keeps the records of the batch planned last where they are
    /// (BatchPlan::records_in_place), for who reads them there. Null where they cannot be kept.
    virtual std::shared_ptr<const void> owner_of(Bytes /*records*/) const { return nullptr; }

    /// The batch planned last is on its way.
    virtual void sent(LinkNumber number) = 0;

    /// Whether the last `plan` gave up early, so as not to read on and on: to be asked again soon.
    virtual bool has_more() const = 0;

    /// How far each subscription of the link was taken: what the subscriber should have reached.
    virtual std::vector<std::pair<SubscriptionIndex, std::uint64_t>>
    heads(LinkNumber number) const = 0;

    /// Whether everything that the link's subscriptions want is sent and acknowledged.
    virtual bool is_dry(LinkNumber number) const = 0;

    /// Keys of the attached subscriptions that have not acknowledged everything.
    virtual std::vector<std::string> behind() const = 0;

    /// The same, and those that are away and will be served when they come back.
    virtual std::vector<std::string> owed() const { return behind(); }

    /// Those of both kinds, and of how many events; also what an earlier session of them left.
    virtual std::vector<Unacknowledged> unacknowledged() const = 0;

    /// How many attached subscriptions want the topic.
    virtual std::size_t subscriber_count(std::string_view topic) const = 0;

    /// What moved between the members of groups since the last call, for the log.
    virtual std::vector<std::string> take_news() = 0;

    /// What became of the events of one topic that a subscription wants: each is waiting, dropped,
    /// or it is up to the subscriber to say what became of it.
    struct LedgerRow {
        std::string key;
        std::optional<LinkNumber> link; ///< nothing while it is away
        SubscriptionIndex index = 0;    ///< on that link
        std::string topic;              ///< empty: topics that are not known any more
        std::uint64_t sent = 0;
        std::uint64_t waiting = 0;
        LossTally::Counts dropped{}; ///< told to the subscriber, by LossReason
    };

    /// A row for each subscription and topic, counted since the run of the subscriber is known.
    virtual std::vector<LedgerRow> ledger() const = 0;

    /// Topics and how many events each had in this run, in order of name.
    virtual std::map<std::string, std::uint64_t> published_counts() const = 0;

protected:
    Deliveries() = default;
    Deliveries(const Deliveries&) = default;
    Deliveries& operator=(const Deliveries&) = default;
};

} // namespace mesh
