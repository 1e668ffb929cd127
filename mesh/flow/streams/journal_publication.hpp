#pragma once

#include "mesh/base/node_id.hpp"
#include "mesh/base/time.hpp"
#include "mesh/flow/event_log.hpp"
#include "mesh/flow/streams/archive.hpp"
#include "mesh/flow/streams/journal_fault.hpp"
#include "mesh/flow/streams/last_events.hpp"
#include "mesh/flow/streams/linked_deliveries.hpp"
#include "mesh/flow/subscription.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mesh {

/// What outlives the publisher of a subscription to its durable events.
struct RememberedSubscription {
    std::string key;
    std::vector<Pattern> patterns;
    std::uint64_t position = 0; ///< everything up to here is processed

    // Of a part of a group.
    std::string group = {}; ///< empty: none
    std::string owner = {}; ///< the member that had it
    SubscriptionIndex index = 0;
    SlotMask slots = all_slots;

    bool operator==(const RememberedSubscription&) const = default;
};

/// A publisher's durable events and to whom it owes them. They are on disk before they come here;
/// the newest are held in memory as well, and a subscription that is further behind is served from
/// the archive. The sequences go on from run to run.
/// Pure but for the archive that it is given.
class JournalPublication final : public LinkedDeliveries {
public:
    /// `last`: the newest event on disk. `log_size_bytes_max` bounds what is held in memory.
    JournalPublication(NodeId source, std::uint64_t last, std::size_t log_size_bytes_max,
                       Archive& archive);

    // What an earlier run left behind, before anything else.

    void restore(const RememberedSubscription& known, TimePoint now);

    /// What is known of one is damaged, and nobody can tell whose it is: whoever comes unknown may
    /// be the one, and gets everything that there is.
    void restore_damaged() { has_damaged_ = true; }

    /// Says what a topic's number means, before its first event. Numbers count from 0.
    void add_topic(std::string_view name);

    std::size_t topic_count() const override { return topics_.size(); }

    std::optional<std::uint16_t> topic_number(std::string_view name) const;

    /// Who has to be served from the archive holds nobody up.
    const Subscription* waits_for(std::string_view topic, std::size_t payload_size_bytes,
                                  std::string_view key = {}) const override;
    void watch(std::uint64_t sequence, std::string_view topic) override;
    Unfinished unfinished(std::uint64_t sequence) const override;
    void stop_watching(std::uint64_t sequence) override;

    /// An event that is on disk now. Its sequence is one more than `last()`, its time not before
    /// that of the one before.
    void append(const EventLog::Entry& event);

    std::uint64_t last() const { return log_.last(); }

    /// Everything up to `reached` is no longer in the archive. `events`: what that was, as far as
    /// it is known, from the first on that somebody still needed; records are not looked at.
    void forget(std::span<const EventLog::Entry> events, std::uint64_t reached);

    /// The first sequence that somebody may still need: a lasting subscription that has not
    /// processed it as far as the disk knows, or one that is only just coming and is to miss
    /// nothing.
    std::uint64_t first_needed(WallTime now, Duration publisher_age) const;

    /// Lasting subscriptions that are new or moved since the last call.
    std::vector<RememberedSubscription> take_changed();

    /// The keys of parts that joined others or ended since the last call. To be forgotten together
    /// with what take_changed says.
    std::vector<std::string> take_removed() { return std::exchange(removed_, {}); }

    /// These could not be forgotten: they are named again.
    void note_not_removed(std::span<const std::string> keys) {
        removed_.insert(removed_.end(), keys.begin(), keys.end());
    }

    /// These are stored now, or could not be: then they are named again.
    void note_stored(std::span<const RememberedSubscription> changed, bool is_stored);

    /// Whether a lasting subscription is not stored yet: its link is not to be served so long.
    bool has_new() const { return !new_.empty() && fault_ != JournalFault::serves_unstored; }

    std::vector<std::pair<SubscriptionIndex, std::uint64_t>>
    foreign(const std::vector<SubscriptionRequest>& requests,
            Duration publisher_age) const override;
    bool acknowledge(LinkNumber link, SubscriptionIndex index, const Progress& done,
                     Volume window) override;
    void rewind(LinkNumber link, SubscriptionIndex index, const Progress& standing) override;

    /// The batch stays valid until this object or the archive is used again.
    const BatchPlan* plan(LinkNumber number) override;
    void sent(LinkNumber number) override;

    bool has_more() const override { return has_more_; }

    /// Of those that are away, what was appended in this run counts.
    std::vector<std::string> owed() const override;
    std::map<std::string, std::uint64_t> published_counts() const override;
    std::vector<LedgerRow> ledger() const override;

    /// For tests only: breaks a rule.
    void plant(JournalFault fault) { fault_ = fault; }

    using LinkedDeliveries::plant;

private:
    struct Topic {
        std::string name;
        std::uint64_t published_count = 0;        ///< in this run
        std::uint64_t last = 0;                   ///< the newest of them
        std::vector<Subscription*> subscriptions; ///< the attached ones that want it
    };

    // What LinkedDeliveries asks.
    std::uint64_t last_sequence() const override { return log_.last(); }

    const std::string& topic_name(std::uint16_t number) const override {
        return topics_[number].name;
    }

    std::vector<Subscription*>& attached_to(std::uint16_t topic) override {
        return topics_[topic].subscriptions;
    }

    bool is_short(const Subscription& one, std::size_t payload_size_bytes) const override;
    bool has_all(const Subscription& one) const override;
    Subscription& admit(const SubscriptionRequest& request, WallTime now,
                        Duration publisher_age) override;
    void place(Subscription& subscription, const Progress& standing);
    void lose(Subscription& subscription, std::uint64_t count, std::uint64_t through);
    void count_gone(Subscription& subscription);
    void count_lost(Subscription& subscription, const Progress& standing, bool is_same_count) const;
    void look_ahead(Subscription& subscription) const;
    void trim();
    bool can_send(const Subscription& subscription) const;
    Subscription* next_to_serve(const Link& link) const;
    std::uint64_t choose(const Link& link, const Subscription& leader);
    std::uint64_t plan_archive(Link& link, std::uint64_t from, std::uint64_t limit);
    std::uint64_t plan_log(Link& link, std::uint64_t from, std::uint64_t limit);
    bool take(Link& link, const EventLog::Entry& entry);
    BatchPosition* position_of(const Subscription* subscription);
    bool pass_over(std::uint64_t reached);

    /// The events that a subscription begins with are chosen step by step: they may be many.
    struct Choice {
        std::optional<LastEvents> events; ///< else it begins with what is this old
        std::uint64_t since_us = 0;
        std::uint64_t next = 0; ///< not looked at yet
    };

    // journal_publication_starts.cpp
    std::uint64_t beginning(const SubscriptionRequest& request, WallTime now,
                            Duration publisher_age) const;
    std::vector<const Subscription*> known_as(const SubscriptionRequest& request) const;
    void begin_choice(Subscription& subscription, const StartFrom& from);
    void choose_on(Subscription& subscription);
    void settle_choice(Subscription& subscription, std::vector<std::uint64_t> picked,
                       std::uint64_t given_up);
    void end_choice(Subscription& subscription);

    // journal_publication_parts.cpp
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
    void forget(Subscription& subscription) override;
    RememberedSubscription remembered(const Subscription& subscription) const;

    NodeId source_;
    std::uint64_t run_first_; ///< of this run
    EventLog log_;
    Archive& archive_;
    std::vector<Topic> topics_;
    std::map<std::string, std::uint16_t, std::less<>> topic_numbers_;
    std::map<std::string, Choice> choices_;                  ///< of subscriptions that are choosing
    std::map<std::uint64_t, std::set<std::string>> watched_; ///< keys by sequence
    std::set<std::string> changed_;
    std::vector<std::string> removed_;
    std::set<std::string> new_; ///< not stored yet
    bool has_more_ = false;
    bool has_damaged_ = false;
    JournalFault fault_ = JournalFault::none;

    /// An event of the plan, once for each subscription that it is for.
    struct Planned {
        const Subscription* subscription;
        std::uint16_t topic;
        std::uint64_t sequence;
    };

    std::vector<Planned> planned_;

    void count_sent(Subscription& subscription, const BatchPosition& position) const;
};

} // namespace mesh
