#pragma once

#include "mesh/base/time.hpp"
#include "mesh/flow/deliveries.hpp"
#include "mesh/flow/groups/group_fault.hpp"
#include "mesh/flow/key_slots.hpp"
#include "mesh/flow/subscription.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mesh {

/// How long a member of a group may be away before its events go to the others.
inline constexpr Duration member_away_max = std::chrono::seconds(3);

/// What a stream does with the parts of a group: subscriptions that have some of its key slots
/// each. Group says when.
class PartKeeper {
public:
    virtual ~PartKeeper() = default;

    /// A new part that has `slots` of the events that `from` was not told of, or of later ones;
    /// what lies before is still a matter of `from`, as its HeldSlots say. Nobody gets it yet.
    virtual Subscription& split(Subscription& from, SlotMask slots, std::string key) = 0;

    /// Sends the part over the member's link, from what is acknowledged on, or from where the
    /// member itself says that it stands.
    virtual void serve(Subscription& part, LinkNumber link, const SubscriptionRequest& request) = 0;

    /// Nobody gets the part for now. Its events wait for whoever will, and take credit.
    virtual void hold(Subscription& part) = 0;

    /// Nobody of the group is there: nothing waits for credit.
    virtual void release(Subscription& part, TimePoint now) = 0;

    /// Both are on one link and have nothing on the way, `into` is not ahead of `from`: the slots
    /// of `from` are those of `into` from where it stands, and `from` is gone.
    virtual void merge(Subscription& into, Subscription& from) = 0;

    /// The part has no slots and nothing left to send: it is gone.
    virtual void end(Subscription& part, Subscription& heir) = 0;

    /// Whether everything that the part wants is sent and acknowledged.
    virtual bool is_done(const Subscription& part) const = 0;

    /// The part is done with places where its slots changed: they are forgotten.
    virtual void settle_slots(Subscription& part) = 0;

    /// Nobody knows any more how far the part was: it begins with all that there is.
    virtual void begin_anew(Subscription& part) = 0;

    /// A part that is done is told where the stream stands, so that it comes to that place.
    virtual void catch_up(Subscription& part) = 0;

    /// Whether nothing of the part lies elsewhere than in its stream, so that `merge` may be.
    virtual bool is_plain(const Subscription& part) const = 0;

protected:
    PartKeeper() = default;
    PartKeeper(const PartKeeper&) = default;
    PartKeeper& operator=(const PartKeeper&) = default;
};

/// Replicas that share a handler's events at one publisher: who owns which key slots, and when they
/// change hands. Each part of the slots is a subscription with a cursor of its own; with one member
/// there is one part. A slot changes hands in two ways only, and its `epoch` rises with each:
/// - Its owner has acknowledged everything that it was sent of it; what comes later goes to the
///   new owner.
/// - Its owner left, or its session ended and it did not come back in time. Its sessions'
///   acknowledgements do not count any more, and the new owner begins at what was acknowledged.
/// So within an epoch one member alone is sent a slot's events.
/// Members may listen to different patterns, such as two versions in a rolling start. Then what the
/// youngest of them listens to counts, and others get nothing new. Pure.
class Group {
public:
    explicit Group(std::string name, GroupFault fault = GroupFault::none)
        : name_(std::move(name)), fault_(fault) {}

    const std::string& name() const { return name_; }

    struct Member {
        std::string key;
        std::uint64_t hash = 0;
        std::optional<LinkNumber> link;
        SubscriptionRequest request; ///< of its last session
        TimePoint away_since{};
        std::uint32_t turn = 0; ///< of the part that was given to it last
        PastTally past = {};    ///< for the ledger

        /// It is about to leave: it gets nothing new.
        bool is_leaving() const { return request.window.events == 0; }
    };

    struct Part {
        Subscription* subscription = nullptr;
        std::string owner; ///< a member's key, be it gone; empty: nobody's yet
        std::uint64_t epoch = 0;
        std::string behind;      ///< it waits until the part of this key has come
        std::uint64_t until = 0; ///< to here
    };

    /// Every part that was given to a member since the last call, for the log.
    std::vector<std::string> take_news() { return std::exchange(news_, {}); }

    /// The member is there, or is there again. To be settled then.
    void join(const SubscriptionRequest& request, LinkNumber link);

    /// The first part, which has all slots and is served to this member.
    void begin(Subscription& part, const std::string& owner);

    /// A part of an earlier run of the publisher: its owner is expected. Rows may be lost on a
    /// disk: whoever is furthest back keeps slots that somebody else has as well, and begins anew
    /// with those that nobody has.
    void restore(Subscription& part, const std::string& owner, TimePoint now);

    /// The session of whoever is on the link ended. To be settled then.
    void part_from(LinkNumber link, TimePoint now);

    /// As `part_from`, of one that does not come back.
    void dismiss(LinkNumber link);

    /// Forgets members that were away for too long. True when there were some.
    bool forget_away(TimePoint now);

    /// Brings every part where it belongs, as far as that can be now.
    void settle(PartKeeper& keeper, TimePoint now);

    /// Whether an acknowledgement may be what somebody waits for.
    bool is_unsettled() const { return is_unsettled_; }

    /// The member grants this much to all its parts together. To be settled if true is returned.
    bool grant(LinkNumber link, Volume window);

    /// A part is forgotten.
    void remove(const Subscription& part);

    const std::vector<Part>& parts() const { return parts_; }

    const std::vector<Member>& members() const { return members_; }

    bool is_empty() const { return parts_.empty() && members_.empty(); }

    /// Whether a member is there.
    bool is_present() const;

    /// How many members are there that get events of the topic.
    std::size_t member_count(std::string_view topic) const;

    /// Which member a part belongs to, for messages; the group's name when none.
    const std::string& who(const Subscription& part) const;

    /// Times that a part was given to a member.
    std::uint64_t epoch() const { return epoch_; }

    /// What it listens to.
    const std::vector<Pattern>& patterns() const { return patterns_; }

private:
    Member* find(const std::string& key);
    void remember_sent(const std::string& owner, const Subscription& part);
    void choose_patterns();
    bool fits(const Member& member) const;
    const Part* part_of(const std::string& key) const;
    void choose_owners();
    void settle_part(PartKeeper& keeper, std::size_t index);
    bool is_behind_another(const PartKeeper& keeper, const Part& part) const;
    void give(PartKeeper& keeper, Part& part, Member& owner);
    void end_empty_parts(PartKeeper& keeper);
    void bring_together(PartKeeper& keeper, const Member& member);
    void share_windows();
    SubscriptionIndex free_index(Member& member, const Part& part) const;
    std::string next_key();
    void mend(PartKeeper& keeper);

    std::string name_;
    GroupFault fault_;
    std::vector<Pattern> patterns_;
    std::vector<Member> members_; ///< those that are there, or may still come back
    std::vector<Part> parts_;
    std::vector<std::size_t> owners_; ///< by slot, a number of members_
    std::uint64_t epoch_ = 0;
    std::uint64_t last_number_ = 1; ///< of the names of parts
    bool is_restored_ = false;
    bool is_unsettled_ = false;
    std::vector<std::string> news_;
};

} // namespace mesh
