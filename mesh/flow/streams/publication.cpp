#include "mesh/flow/streams/publication.hpp"

#include "mesh/base/quick_hash.hpp"
#include "mesh/event/topic.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <utility>

namespace mesh {

Publication::Publication(NodeId source, std::uint32_t incarnation, std::size_t log_size_bytes_max,
                         SpillStore* spill)
    : source_(source), incarnation_(incarnation), log_(log_size_bytes_max), spill_(spill) {}

Publication::~Publication() {
    for (auto& [key, subscription] : subscriptions_)
        forget_kept(*subscription);
}

bool Publication::is_short(const Subscription& one, std::size_t payload_size_bytes) const {
    // What is of level `fast` and has not gone yet takes no credit: it gives way.
    return one.policy == Policy::block &&
           !one.has_room(one.in_flight() + (one.pending - one.pending_fast), payload_size_bytes);
}

const Subscription* Publication::waits_for(std::string_view topic, std::size_t payload_size_bytes,
                                           std::string_view key) const {
    if (fault_ == FlowFault::never_waits)
        return nullptr;
    const auto is_full = [&](const Subscription* one) {
        return is_short(*one, payload_size_bytes);
    };
    const auto number = topics_.find(topic);
    if (number && uncounted_.has_room(*number, payload_size_bytes, false))
        return nullptr;
    settle_accounts();
    if (number)
        return first_full(topics_[*number].subscriptions, key, is_full);
    return first_full(wanting(topic), key, is_full); // a topic that nobody published so far
}

Result<std::uint64_t> Publication::append(const Draft& draft, WallTime now) {
    if (auto checked = check_draft(draft); !checked)
        return tl::unexpected(checked.error());
    const auto known = topics_.find(draft.topic);
    const auto number = known ? Result<std::uint16_t>(*known) : add_topic(draft.topic);
    if (!number)
        return tl::unexpected(number.error());

    const auto before_us = log_.last_time_us();
    const auto time_us = publishing_time_us(now, before_us);
    const bool is_fast = draft.level == Level::fast;
    // Where there is room for it, nobody shares the topic.
    const auto slot_for = [&](std::size_t size_bytes) {
        if (uncounted_.has_room(*number, size_bytes, is_fast))
            return EventLog::no_slot;
        settle_accounts();
        return slot_among(topics_[*number].subscriptions, draft.key, log_.last() + 1)
            .value_or(EventLog::no_slot);
    };
    std::size_t size = 0;
    std::uint8_t slot = EventLog::no_slot;
    if (const auto plain = plain_record_of(draft, *number, time_us, before_us)) {
        size = plain->size_bytes();
        slot = slot_for(size);
        plain->encode(log_.append(*number, time_us, size, is_fast, slot));
    } else {
        const auto record = record_of(draft, *number, time_us, before_us);
        if (before_us != 0 && time_us - before_us != record.time_delta_us)
            uneven_ = log_.last() + 1;
        size = encoded_size(record);
        slot = slot_for(size);
        encode(record, log_.append(*number, time_us, size, is_fast, slot));
    }
    if (draft.is_usual)
        topics_[*number].usual = {std::string(draft.content_type), is_fast};
    note_appended(*number, size, is_fast, slot);
    if (log_.is_over_bound())
        trim();
    return log_.last();
}

std::uint64_t Publication::append_usual(std::string_view topic, std::string_view content_type,
                                        Bytes payload, const Cause* cause, WallTime now) {
    const auto number = topics_.find(topic);
    if (!number || payload.size() > PlainRecord::payload_size_bytes_max ||
        (cause != nullptr && cause->rounds > 0))
        return 0;
    const auto& usual = topics_[*number].usual;
    if (!usual || !is_same_text(usual->content_type, content_type))
        return 0;
    const auto before_us = log_.last_time_us();
    const auto time_us = publishing_time_us(now, before_us);
    if (time_us - before_us > std::numeric_limits<std::uint16_t>::max())
        return 0;
    const PlainRecord record{
        *number, static_cast<std::uint16_t>(time_us - before_us),
        content_type == default_content_type ? std::string_view() : content_type, cause, payload};
    const auto size = record.size_bytes();
    if (!uncounted_.has_room(*number, size, usual->is_fast))
        return 0;
    record.encode(log_.append(*number, time_us, size, usual->is_fast));
    count_later(*number, size);
    if (log_.is_over_bound())
        trim();
    return log_.last();
}

std::uint64_t Publication::newest_of_key(KeyIndex& keys, const EventLog::Entry& entry) const {
    const auto key = key_of(entry.record);
    const auto hash = std::hash<std::string_view>{}(key) ^ (entry.topic * 0x9e3779b97f4a7c15U);
    return keys.exchange(hash, entry.sequence, log_.first(), [&](std::uint64_t sequence) {
        const auto other = log_.at(sequence);
        return other.topic == entry.topic && key_of(other.record) == key;
    });
}

void Publication::mark_superseded() {
    // Only when somebody asks, so that publishing does not pay for whoever stands still.
    for (auto reader = log_.read_from(std::max(log_.first(), keyed_until_ + 1));
         !reader.is_at_end(); reader.step()) {
        const auto entry = reader.entry();
        if (const auto older = newest_of_key(*keys_, entry); older != 0)
            log_.mark_superseded(fault_ == FlowFault::drops_newest_value ? entry.sequence : older);
    }
    keyed_until_ = log_.last();
    log_.set_extra_size_bytes(keys_->size_bytes());
}

void Publication::watch_keys() {
    const bool is_needed = std::ranges::any_of(subscriptions_, [](const auto& one) {
        return one.second->link && one.second->policy == Policy::latest;
    });
    if (is_needed == keys_.has_value())
        return;
    keys_.reset();
    keyed_until_ = 0;
    log_.set_extra_size_bytes(0);
    if (is_needed)
        keys_.emplace();
}

Result<std::uint16_t> Publication::add_topic(std::string_view topic) {
    begin_accounts_anew();
    concerned_topic_.reset();
    if (auto checked = check_topic(topic); !checked)
        return tl::unexpected(checked.error());
    const auto added = topics_.add(topic, held_first(), [&](std::uint16_t number, const auto& old) {
        trimmed_.forget(number);
        for (auto& [key, subscription] : subscriptions_) {
            auto& before = subscription->topic_counts_before;
            const auto skipped =
                number < before.size() ? std::exchange(before[number], 0) : std::uint64_t{0};
            if (!subscription->counts_trims && subscription->wants(old.name))
                subscription->retired_trimmed_count += old.trimmed_count - skipped;
        }
    });
    if (!added)
        return fail(ErrorCode::limit,
                    std::string(topic) + ": more than 65536 topics among the events held");
    note_topic(added->number);
    return added->number;
}

std::uint64_t Publication::held_first() const {
    auto first = log_.first();
    for (const auto& [key, subscription] : subscriptions_) {
        if (!subscription->overflow.empty())
            first = std::min(first, subscription->overflow.front().sequence);
        if (!subscription->spilled.empty())
            first = std::min(first, subscription->spilled.front().first_sequence);
    }
    return first;
}

} // namespace mesh
