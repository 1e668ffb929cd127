#pragma once

#include "mesh/base/node_id.hpp"
#include "mesh/base/result.hpp"
#include "mesh/base/time.hpp"
#include "mesh/event/event.hpp"
#include "mesh/flow/batch_plan.hpp"
#include "mesh/flow/event_log.hpp"
#include "mesh/flow/subscription.hpp"
#include "mesh/flow/topic_table.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace mesh {

/// An event about to be published.
struct Draft {
    std::string_view topic;
    std::string_view key;
    std::string_view content_type; ///< empty: default_content_type
    Bytes headers;
    std::optional<Cause> cause;
    Bytes payload;
    Level level = Level::reliable;
};

/// What a subscriber asks of a publisher when a session opens.
struct SubscriptionRequest {
    std::string key;
    std::uint16_t index = 0;
    std::vector<Pattern> patterns;
    bool is_blocking = false;
    Volume window;
    StartRequest start;
};

/// Everything that one node published and to whom it owes it: one log, many cursors. It says what
/// goes into the next batch of a link, who has credit, and what is lost.
/// Pure: no socket, no clock. Not safe for several threads: the node guards it with one lock.
class Publication {
public:
    Publication(NodeId source, std::uint32_t incarnation, std::size_t log_size_bytes_max);

    /// The subscription whose credit an event of `topic` and `payload_size_bytes` has to wait for,
    /// or null. Asked before an event gets its sequence, so that nobody waits holding a place.
    const Subscription* waits_for(std::string_view topic, std::size_t payload_size_bytes) const;

    /// Appends an event and gives its sequence. Errors: `invalid` for a malformed topic, `limit`
    /// for something too large or when all topic numbers are in use.
    Result<std::uint64_t> append(const Draft& draft, WallTime now);

    /// The links that the event appended last concerns.
    const std::vector<LinkNumber>& concerned_links() const { return concerned_links_; }

    /// Begins a session on a link, which replaces an older one. `publisher_age` is how long this
    /// node has been running.
    void attach(LinkNumber number, std::uint64_t session,
                const std::vector<SubscriptionRequest>& requests, WallTime now,
                Duration publisher_age);

    /// Ends the link's session. Subscriptions keep their place until `retire`.
    void detach(LinkNumber number, TimePoint now);

    /// Ends the link's session because the subscriber left: only lasting subscriptions keep their
    /// place.
    void dismiss(LinkNumber number, TimePoint now);

    /// Takes an acknowledgement of processed events. True when it freed credit.
    bool acknowledge(LinkNumber link, std::uint16_t index, const Progress& done, Volume window);

    /// Sends a subscription's events again from where it stands.
    void rewind(LinkNumber link, std::uint16_t index, const Progress& standing);

    /// Forgets lasting subscriptions that were away for longer than `away_max`, others that were
    /// away for a minute, and the ones away longest beyond a count of 1,024. Returns the keys of
    /// the lasting ones.
    std::vector<std::string> retire(TimePoint now, Duration away_max);

    /// The next batch of the link, or null when nothing can go. It stays valid until this object
    /// is used again; `sent` makes it count.
    const BatchPlan* plan(LinkNumber number);

    /// The batch planned last is on its way.
    void sent(LinkNumber number);

    /// How far each subscription of the link was taken: what the subscriber should have reached.
    std::vector<std::pair<std::uint16_t, std::uint64_t>> heads(LinkNumber number) const;

    /// Whether everything that the link's subscriptions want is sent and acknowledged.
    bool is_dry(LinkNumber number) const;

    /// Keys of the attached subscriptions that have not acknowledged everything.
    std::vector<std::string> behind() const;

    /// How many attached subscriptions want the topic.
    std::size_t subscriber_count(std::string_view topic) const;

    const EventLog& log() const { return log_; }

    /// Topics and how many events each had, in order of name.
    std::map<std::string, std::uint64_t> published_counts() const;

private:
    struct Link {
        std::uint64_t session = 0;
        std::vector<Subscription*> subscriptions;
        std::vector<std::vector<Subscription*>> wanting; ///< by topic number
        std::vector<bool> is_defined;                    ///< by topic number, in this session
    };

    Result<std::uint16_t> number_of(std::string_view topic);
    std::uint64_t held_first() const;
    void trim();
    void keep_owed(Subscription& subscription, std::uint64_t chunk_last);

    Subscription& admit(const SubscriptionRequest& request, WallTime now, Duration publisher_age);
    std::uint64_t beginning(const SubscriptionRequest& request, WallTime now,
                            Duration publisher_age) const;
    void count_before(Subscription& subscription, std::uint64_t position) const;
    void count_anew(Subscription& subscription, const SubscriptionRequest& request);
    void place(Subscription& subscription, const Progress& standing);
    std::uint64_t trimmed_wanted_count(const Subscription& subscription) const;

    bool has_hole(const Subscription& subscription) const;
    bool is_worth_sending() const;
    void plan_overflow(Link& link, Subscription& subscription);
    void plan_log(Link& link, Subscription& leader);
    void serve(Subscription& subscription, std::uint64_t lost);
    void define_topic(Link& link, std::uint16_t number);
    Subscription* find(LinkNumber number, std::uint16_t index);

    NodeId source_;
    std::uint32_t incarnation_;
    EventLog log_;
    TopicTable topics_;
    std::map<std::string, std::unique_ptr<Subscription>> subscriptions_;
    std::unordered_map<LinkNumber, Link> links_;
    std::vector<LinkNumber> concerned_links_;

    BatchPlan plan_;
};

} // namespace mesh
