#pragma once

#include "mesh/base/node_id.hpp"
#include "mesh/base/result.hpp"
#include "mesh/base/time.hpp"
#include "mesh/event/event.hpp"
#include "mesh/flow/batch_plan.hpp"
#include "mesh/flow/deliveries.hpp"
#include "mesh/flow/draft.hpp"
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

/// The events of one run of a publisher and to whom it owes them: one log, many cursors. It says
/// what goes into the next batch of a link, who has credit, and what is lost.
/// Pure: no socket, no clock.
class Publication final : public Deliveries {
public:
    Publication(NodeId source, std::uint32_t incarnation, std::size_t log_size_bytes_max);

    /// Appends an event and gives its sequence. Errors: `invalid` for a malformed topic, `limit`
    /// for something too large or when all topic numbers are in use.
    Result<std::uint64_t> append(const Draft& draft, WallTime now);

    const Subscription* waits_for(std::string_view topic,
                                  std::size_t payload_size_bytes) const override;

    const std::vector<LinkNumber>& concerned_links() const override { return concerned_links_; }

    void attach(LinkNumber number, std::uint64_t session,
                const std::vector<SubscriptionRequest>& requests, WallTime now,
                Duration publisher_age) override;
    void detach(LinkNumber number, TimePoint now) override;
    void dismiss(LinkNumber number, TimePoint now) override;
    bool acknowledge(LinkNumber link, std::uint16_t index, const Progress& done,
                     Volume window) override;
    void rewind(LinkNumber link, std::uint16_t index, const Progress& standing) override;
    std::vector<std::string> retire(TimePoint now, Duration away_max) override;
    const BatchPlan* plan(LinkNumber number) override;
    void sent(LinkNumber number) override;

    bool has_more() const override { return false; }

    std::vector<std::pair<std::uint16_t, std::uint64_t>> heads(LinkNumber number) const override;
    bool is_dry(LinkNumber number) const override;
    std::vector<std::string> behind() const override;
    std::size_t subscriber_count(std::string_view topic) const override;
    std::map<std::string, std::uint64_t> published_counts() const override;

    const EventLog& log() const { return log_; }

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
