#pragma once

#include "mesh/flow/batch_plan.hpp"
#include "mesh/flow/deliveries.hpp"
#include "mesh/flow/groups/groups.hpp"
#include "mesh/flow/subscription.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace mesh {

/// What both streams of a publisher do alike: which subscriptions there are, on which links they
/// are, and the groups among them. Where a subscription begins, what it is sent and what it loses
/// is each stream's own matter.
class LinkedDeliveries : public Deliveries, protected PartKeeper {
public:
    std::vector<std::string> slow_ones(std::string_view topic, std::size_t payload_size_bytes,
                                       std::string_view key = {}) const override;
    std::optional<KeySlot> best_slot(std::string_view topic) const override;

    const std::vector<LinkNumber>& concerned_links() const override { return concerned_links_; }

    void attach(LinkNumber number, std::uint64_t session,
                const std::vector<SubscriptionRequest>& requests, WallTime now,
                Duration publisher_age) override;
    void detach(LinkNumber number, TimePoint now) override;
    void dismiss(LinkNumber number, TimePoint now) override;
    std::vector<std::string> retire(TimePoint now, Duration away_max) override;
    std::vector<std::pair<SubscriptionIndex, std::uint64_t>>
    heads(LinkNumber number) const override;
    bool is_dry(LinkNumber number) const override;
    std::vector<std::string> behind() const override;
    std::vector<Unacknowledged> unacknowledged() const override;
    std::size_t subscriber_count(std::string_view topic) const override;

    std::vector<std::string> take_news() override { return groups_.take_news(); }

    const Groups& groups() const { return groups_; }

    /// For tests only, before anything else: breaks a rule.
    void plant(GroupFault fault) { groups_.plant(fault); }

protected:
    struct Link {
        std::uint64_t session = 0;
        std::vector<Subscription*> subscriptions;
        std::vector<std::vector<Subscription*>> wanting; ///< by topic number
        std::vector<bool> is_defined;                    ///< by topic number, in this session
        std::size_t undefined_count = 0; ///< topics that somebody wants, and the session knows not
        bool is_announced = false;       ///< a batch went out, be it for nobody
        bool is_own =
            false; ///< who takes its batches reads them in the log, if they lie in one piece

        void count_undefined();

        /// The session knows the topic's number from here on.
        void define(std::uint16_t number) {
            undefined_count -= !is_defined[number] && !wanting[number].empty() ? 1 : 0;
            is_defined[number] = true;
        }
    };

    // A publisher that has just started is met by its subscribers one after the other; none of
    // those that come this early misses anything.
    static constexpr Duration first_contact_age_max = std::chrono::seconds(5);

    // What the stream says.

    virtual std::uint64_t last_sequence() const = 0;
    virtual std::size_t topic_count() const = 0;
    virtual const std::string& topic_name(std::uint16_t number) const = 0;

    /// The attached subscriptions that want the topic.
    virtual std::vector<Subscription*>& attached_to(std::uint16_t topic) = 0;

    /// The record of a subscription that comes or comes back, placed where it goes on.
    virtual Subscription& admit(const SubscriptionRequest& request, WallTime now,
                                Duration publisher_age) = 0;

    /// Whether the subscription holds up an event of this size.
    virtual bool is_short(const Subscription& one, std::size_t payload_size_bytes) const = 0;

    /// Whether everything that it wants is sent and acknowledged.
    virtual bool has_all(const Subscription& one) const = 0;

    /// Nothing is to be known of it any more.
    virtual void forget(Subscription& subscription) = 0;

    /// A stream may count what it appended later. From here on every account says all of it.
    virtual void settle_accounts() const {}

    /// The same, for whoever is about to change them otherwise.
    virtual void begin_accounts_anew() {}

    /// Other subscriptions are attached than before.
    virtual void note_attached() {}

    // What a stream uses.

    std::vector<Subscription*> wanting(std::string_view topic) const;

    /// The first of those that want an event which `is_full` says of, if the event will be its.
    template <class IsFull>
    const Subscription* first_full(const std::vector<Subscription*>& wanting, std::string_view key,
                                   const IsFull& is_full) const {
        auto found = std::ranges::find_if(wanting, is_full);
        if (found == wanting.end())
            return nullptr; // without asking whose the event will be
        const auto next = last_sequence() + 1;
        if (const auto slot = slot_among(wanting, key, next))
            found = std::ranges::find_if(wanting, [&](const Subscription* one) {
                return is_full(one) && one->slots.has(*slot, next);
            });
        return found == wanting.end() ? nullptr : *found;
    }

    void connect(LinkNumber number, Subscription& subscription);
    void disconnect(Subscription& subscription);

    /// The number means a topic that it did not mean before.
    void note_topic(std::uint16_t number);

    /// The event that comes next concerns the subscription.
    void note_concerned(const Subscription& subscription) {
        if (*subscription.link != waiting_room &&
            std::ranges::find(concerned_links_, *subscription.link) == concerned_links_.end())
            concerned_links_.push_back(*subscription.link);
    }

    Subscription* find(LinkNumber number, SubscriptionIndex index);

    /// Whose acknowledgement this may be, be it late; null when it is nobody's.
    Subscription* acknowledging(LinkNumber link, SubscriptionIndex index, const Progress& done,
                                Volume window);

    /// What the subscription grants from now on.
    void grant(Subscription& subscription, Volume window);

    /// What was sent may not have arrived, and with it what topics' numbers mean.
    static void forget_definitions(Link& link) {
        link.is_defined.assign(link.is_defined.size(), false);
        link.count_undefined();
    }

    /// The batch that is planned says what the topic's number means, unless the session knows.
    void define_topic(const Link& link, std::uint16_t number);

    /// The batch that is planned is for this one too.
    void serve_next(Subscription& subscription, std::uint64_t lost);

    /// Whether the plan holds something that somebody does not know.
    bool is_worth_sending() const;

    std::map<std::string, std::unique_ptr<Subscription>> subscriptions_;
    Groups groups_;
    std::unordered_map<LinkNumber, Link> links_;
    std::vector<LinkNumber> concerned_links_;
    BatchPlan plan_;

    void release(Subscription& part, TimePoint now) final;

private:
    void join(LinkNumber number, const SubscriptionRequest& request, WallTime now,
              Duration publisher_age);
};

} // namespace mesh
