#pragma once

#include "mesh/base/bytes.hpp"
#include "mesh/base/node_id.hpp"
#include "mesh/base/result.hpp"
#include "mesh/base/time.hpp"
#include "mesh/event/event.hpp"
#include "mesh/flow/draft.hpp"
#include "mesh/flow/event_log.hpp"
#include "mesh/flow/flow_fault.hpp"
#include "mesh/flow/spill_store.hpp"
#include "mesh/flow/streams/key_index.hpp"
#include "mesh/flow/streams/linked_deliveries.hpp"
#include "mesh/flow/streams/spill_record.hpp"
#include "mesh/flow/streams/topic_table.hpp"
#include "mesh/flow/streams/trim_history.hpp"
#include "mesh/flow/streams/uncounted_events.hpp"
#include "mesh/flow/subscription.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mesh {

/// The events of one run of a publisher and to whom it owes them: one log, many cursors. It says
/// what goes into the next batch of a link, who has credit, and what is lost.
/// Pure: no socket, no clock.
class Publication final : public LinkedDeliveries {
public:
    /// `spill` holds what subscriptions with the policy `spill` are owed and the log lets go; it
    /// outlives this object. Without one they lose it.
    Publication(NodeId source, std::uint32_t incarnation, std::size_t log_size_bytes_max,
                SpillStore* spill = nullptr);
    ~Publication() override;
    Publication(const Publication&) = delete;
    Publication& operator=(const Publication&) = delete;

    /// Appends an event and gives its sequence. Errors: `invalid` for a malformed topic, `limit`
    /// for something too large or when all topic numbers are in use.
    Result<std::uint64_t> append(const Draft& draft, WallTime now);

    /// The same in few steps for an event like most: of a topic whose last one was published the
    /// usual way and is like it, while everybody has room for both. Zero when it is no such event:
    /// then nothing has happened.
    std::uint64_t append_usual(std::string_view topic, std::string_view content_type, Bytes payload,
                               const Cause* cause, WallTime now);

    const Subscription* waits_for(std::string_view topic, std::size_t payload_size_bytes,
                                  std::string_view key = {}) const override;
    bool acknowledge(LinkNumber link, SubscriptionIndex index, const Progress& done,
                     Volume window) override;
    void rewind(LinkNumber link, SubscriptionIndex index, const Progress& standing) override;
    const BatchPlan* plan(LinkNumber number) override;

    std::shared_ptr<const void> owner_of(Bytes records) const override {
        return log_.owner_of(records);
    }

    void sent(LinkNumber number) override;

    bool has_more() const override { return false; }

    std::map<std::string, std::uint64_t> published_counts() const override;

    /// Who wanted the event appended last, and is not done with it, is told by `unfinished`.
    void watch(std::uint64_t sequence, std::string_view topic) override;
    Unfinished unfinished(std::uint64_t sequence) const override;
    void stop_watching(std::uint64_t sequence) override;

    /// What became of what each known subscription wants, in order of key; parts of a group
    /// together, under its name.
    std::map<std::string, DeliveryCounts> delivery_counts() const;

    std::vector<LedgerRow> ledger() const override;

    const EventLog& log() const { return log_; }

    using LinkedDeliveries::plant;

    /// For tests only: breaks a rule.
    void plant(FlowFault fault) { fault_ = fault; }

private:
    /// What is to become of a subscription's next event.
    enum class Fate { sent, waits, lost_fast, lost_policy };

    /// The gap that was planned last, and what it takes from its subscription's accounts.
    struct PlannedGap {
        LossReason reason{};
        Volume pending;
        Volume pending_fast;
        std::uint64_t refused = 0;
        TopicCountList topics = {}; ///< of the lost events, as far as they are known
    };

    Result<std::uint16_t> add_topic(std::string_view topic);
    std::uint64_t held_first() const;
    std::uint64_t newest_of_key(KeyIndex& keys, const EventLog::Entry& entry) const;
    void mark_superseded();
    void watch_keys();

    // What LinkedDeliveries asks.
    std::uint64_t last_sequence() const override { return log_.last(); }

    std::size_t topic_count() const override { return topics_.size(); }

    const std::string& topic_name(std::uint16_t number) const override {
        return topics_[number].name;
    }

    std::vector<Subscription*>& attached_to(std::uint16_t topic) override {
        return topics_[topic].subscriptions;
    }

    bool is_short(const Subscription& one, std::size_t payload_size_bytes) const override;

    bool has_all(const Subscription& one) const override { return one.is_dry(); }

    void settle_accounts() const override;
    void begin_accounts_anew() override;

    void note_attached() override { watch_keys(); }

    // publication_accounts.cpp
    void note_appended(std::uint16_t number, std::size_t record_size_bytes, bool is_fast,
                       std::uint8_t slot);
    void count_later(std::uint16_t number, std::size_t record_size_bytes);
    std::optional<Volume> room_for(std::uint16_t topic, bool is_fast) const;
    void add(Subscription& subscription, std::uint64_t first_sequence, Volume volume,
             bool is_fast) const;

    // publication_trim.cpp
    void trim();
    void keep_owed(Subscription& subscription, std::uint64_t chunk_last);
    bool let_go_together(Subscription& subscription, std::uint64_t chunk_last, Volume wanted,
                         Volume fast);
    void put_aside(Subscription& subscription);
    bool load_after(Subscription& subscription, std::uint64_t position);
    void release_kept(Subscription& subscription);
    void forget_kept(Subscription& subscription);
    void forget_unwanted(Subscription& subscription, const std::vector<Pattern>& patterns);
    std::uint64_t trimmed_wanted_count(const Subscription& subscription) const;
    bool has_hole(const Subscription& subscription) const;
    std::uint64_t hole_count(const Subscription& subscription) const;

    // publication_sessions.cpp
    Subscription& admit(const SubscriptionRequest& request, WallTime now,
                        Duration publisher_age) override;
    void count_anew(Subscription& subscription, const SubscriptionRequest& request);
    void place(Subscription& subscription, const Progress& standing);
    void note_done(Subscription& subscription, const Progress& done);

    // publication_parts.cpp
    Subscription& split(Subscription& from, SlotMask slots, std::string key) override;
    void serve(Subscription& part, LinkNumber link, const SubscriptionRequest& request) override;
    void hold(Subscription& part) override;
    void merge(Subscription& into, Subscription& from) override;
    void end(Subscription& part, Subscription& heir) override;

    bool is_done(const Subscription& part) const override;
    void begin_anew(Subscription& part) override;
    void settle_slots(Subscription& part) override;
    void catch_up(Subscription& part) override;
    bool is_plain(const Subscription& part) const override;
    void count_trims(Subscription& subscription);
    void count_sent(Subscription& part, const BatchPosition& position) const;
    std::vector<std::uint64_t> told_by_topic(const Subscription& subscription) const;
    void add_part_rows(const Subscription& part, std::vector<LedgerRow>& rows) const;
    void forget(Subscription& subscription) override;

    // publication_starts.cpp
    Progress begin(Subscription& subscription, const StartRequest& start, WallTime now,
                   Duration publisher_age) const;
    std::uint64_t last_before(std::uint64_t time_us) const;
    TrimHistory::Since trimmed_after(std::uint64_t position) const;
    void count_before(Subscription& subscription, const TrimHistory::Since& since) const;
    Progress begin_with_last(Subscription& subscription, std::uint64_t events_max) const;
    Progress begin_with_values(Subscription& subscription) const;
    Progress begin_with(Subscription& subscription, std::vector<std::uint64_t> picked,
                        std::uint64_t gone_count) const;

    // publication_batches.cpp
    void plan_overflow(Link& link, Subscription& subscription);
    void plan_gap(Subscription& subscription, std::uint64_t after, std::uint64_t count,
                  const PlannedGap& gap);
    void plan_log(Link& link, Subscription& leader);
    Volume run_room(const Subscription& subscription, std::uint64_t start) const;
    bool plan_run(const Link& link, std::uint64_t start, std::uint64_t limit);
    void plan_dropped(Subscription& subscription, EventLog::Reader reader, Fate first);
    bool is_loaded(Subscription& subscription);
    Fate fate(const Subscription& subscription, const EventLog::Entry& entry, Volume on_way,
              Volume taken, Volume taken_fast) const;
    void serve(Subscription& subscription);
    void settle_gap(Subscription& subscription, const BatchPosition& position);
    TopicCountList refused_topics(const Subscription& subscription) const;

    NodeId source_;
    std::uint32_t incarnation_;
    EventLog log_;
    SpillStore* spill_;
    TopicTable topics_;
    mutable UncountedEvents uncounted_; ///< who looks at accounts settles them, be it to read only
    std::optional<std::uint16_t> concerned_topic_; ///< whose links the concerned ones are
    TrimHistory trimmed_;
    std::optional<KeyIndex> keys_;  ///< while a subscription has the policy `latest`
    std::uint64_t keyed_until_ = 0; ///< the last event that it knows of
    std::uint64_t uneven_ = 0; ///< the last event whose record does not say all of the time since

    /// By sequence, then by key: whether that subscription lost the event.
    std::map<std::uint64_t, std::map<std::string, bool>> watched_;

    FlowFault fault_ = FlowFault::none;

    SpillRecord aside_;                ///< what is about to be put aside
    std::vector<Volume> planned_fast_; ///< of each position of the plan, the part of level `fast`
    std::optional<PlannedGap> planned_gap_; ///< when the plan is a gap
};

} // namespace mesh
