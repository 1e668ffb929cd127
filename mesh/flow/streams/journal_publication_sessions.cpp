// JournalPublication, the part that deals with subscriptions: where they begin, how far they are.

#include "mesh/flow/streams/journal_publication.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace mesh {

namespace {

/// How many events that it wants behind `standing` the archive has let go. Exact when its volumes
/// are counted as those of `standing` are; else not too few.
std::uint64_t gone_after(const Subscription& subscription, const Progress& standing,
                         bool is_same_count) {
    const auto through = subscription.gone_through;
    if (standing.position >= through)
        return 0;
    auto gone = subscription.gone;
    const auto done = subscription.done.volume.events;
    if (is_same_count && standing.volume.events > done)
        gone -= std::min(gone, standing.volume.events - done);
    return std::min(gone, through - standing.position);
}

} // namespace

Subscription& JournalPublication::admit(const SubscriptionRequest& request, WallTime now,
                                        Duration publisher_age) {
    auto& slot = subscriptions_[request.key];
    // The same key on two links: a restarted node came back before its old link was given up.
    if (slot && slot->link && slot->group == nullptr)
        detach(*slot->link, TimePoint{});
    auto resume = request.start.resume;
    if (resume) // beyond the newest is only who knows a journal that was replaced by an older copy
        resume->position = std::min(resume->position, last());
    if (slot && !slot->is_lasting && !resume) {
        end_choice(*slot);
        slot.reset();
    }
    // What an earlier run of it handled may not have been acknowledged.
    const auto handled = std::min(request.start.handled, last());
    if (!resume && handled > (slot ? slot->done.position : 0))
        resume = Progress{handled, {}};
    if (!slot) {
        slot = std::make_unique<Subscription>();
        slot->key = request.key;
        slot->done = resume.value_or(Progress{beginning(request, now, publisher_age), {}});
        slot->stored = slot->done.position;
        slot->gone_through = archive_.first() - 1;
        if (slot->done.position < slot->gone_through) // any of it may have been wanted
            slot->gone = slot->gone_through - slot->done.position;
        if (request.start.is_lasting)
            new_.insert(request.key);
        if (!resume)
            begin_choice(*slot, request.start.from);
    } else if (slot->patterns != request.patterns) {
        end_choice(*slot);
    }
    const auto standing = resume.value_or(Progress{slot->done.position, {}});
    const bool is_same_count = slot->is_counted && request.start.resume;
    count_lost(*slot, standing, is_same_count);
    if (standing.position < slot->done.position) {
        // It has processed no more than it was sent.
        const auto through = std::min(slot->done.position, slot->gone_through);
        slot->gone += through - std::min(through, standing.position);
        slot->done.position = standing.position;
    }
    // What it was sent by a run that died is not counted here.
    if (!is_same_count)
        slot->done.volume = standing.volume;
    slot->is_counted = true;
    if (request.start.is_lasting) // a tool's that comes and goes is nobody's to find again
        changed_.insert(request.key);
    if (!request.start.resume) {
        slot->losses = {};
        slot->sent_by_topic.clear();
        slot->sent_unknown = 0;
    }
    if (!request.start.resume || slot->counted == Progress{})
        slot->counted = standing;
    slot->patterns = request.patterns;
    slot->index = request.index;
    slot->policy = request.policy;
    slot->is_lasting = request.start.is_lasting;
    slot->window = request.window;
    slot->is_announced = slot->is_paused = false;
    place(*slot, standing);
    slot->furthest = standing;
    return *slot;
}

void JournalPublication::place(Subscription& subscription, const Progress& standing) {
    subscription.cursor = standing.position;
    subscription.told = standing.position;
    subscription.sent = standing.volume;
    subscription.next_bytes = 1;
    if (fault_ == JournalFault::skips_one && standing.position > 0)
        subscription.cursor = std::min(standing.position + 1, last());
    look_ahead(subscription);
}

/// Of what it has to be sent from `standing` on, archive and memory may have let some go.
void JournalPublication::count_lost(Subscription& subscription, const Progress& standing,
                                    bool is_same_count) const {
    subscription.lost = subscription.lost_through = 0;
    const auto gone = gone_after(subscription, standing, is_same_count);
    const auto through = std::min(subscription.gone_through, log_.first() - 1);
    if (gone == 0 || through <= standing.position)
        return;
    std::uint64_t held = 0;
    for (auto reader = log_.read_from(through + 1); !reader.is_at_end(); reader.step()) {
        const auto entry = reader.entry();
        if (entry.sequence > subscription.gone_through)
            break;
        held +=
            subscription.wants(topics_[entry.topic].name) && subscription.has_own(entry) ? 1U : 0U;
    }
    subscription.lost = std::min(gone - std::min(gone, held), through - standing.position);
    subscription.lost_through = through;
}

/// Counts what it wants of the events in memory, or says that it has to read the archive first.
void JournalPublication::look_ahead(Subscription& subscription) const {
    subscription.pending = {};
    subscription.is_behind = subscription.is_choosing || (subscription.cursor + 1 < log_.first() &&
                                                          fault_ != JournalFault::skips_archive);
    if (subscription.is_behind)
        return;
    std::vector<bool> is_wanted(topics_.size());
    for (std::size_t i = 0; i < topics_.size(); ++i)
        is_wanted[i] = subscription.wants(topics_[i].name);
    for (auto reader = log_.read_from(subscription.cursor + 1); !reader.is_at_end(); reader.step())
        if (const auto entry = reader.entry();
            is_wanted[entry.topic] && subscription.has_own(entry)) {
            ++subscription.pending.events;
            subscription.pending.bytes += entry.record.size();
        }
}

bool JournalPublication::acknowledge(LinkNumber link, SubscriptionIndex index, const Progress& done,
                                     Volume window) {
    auto* subscription = acknowledging(link, index, done, window);
    if (subscription == nullptr)
        return false;
    subscription->gone = gone_after(*subscription, done, true);
    // It is beyond a place that it asked for twice: what was sent again is of no use to it.
    if (done.position > subscription->told || done.volume.bytes > subscription->sent.bytes) {
        const auto before = std::exchange(subscription->done, done);
        count_lost(*subscription, done, true);
        place(*subscription, done);
        subscription->done = before;
    }
    if (done.position >= subscription->lost_through)
        subscription->lost = 0;
    const bool is_news = subscription->done != done || subscription->window != window;
    if (subscription->is_lasting && subscription->done.position != done.position)
        changed_.insert(subscription->key);
    subscription->done = done;
    if (fault_ == JournalFault::leaks_credit && done.volume.events > 0)
        --subscription->done.volume.events;
    grant(*subscription, window);
    return is_news;
}

void JournalPublication::rewind(LinkNumber link, SubscriptionIndex index,
                                const Progress& standing) {
    auto* subscription = find(link, index);
    if (subscription == nullptr || standing.position < subscription->done.position ||
        standing.position > subscription->told)
        return;
    count_lost(*subscription, standing, true);
    place(*subscription, standing);
    if (fault_ != JournalFault::keeps_definitions)
        forget_definitions(links_.at(link));
}

} // namespace mesh
