// Publication, the part that tells topic by topic what became of what a subscription wants.

#include "mesh/flow/streams/publication.hpp"

#include <algorithm>
#include <map>
#include <optional>

namespace mesh {

TopicCountList Publication::refused_topics(const Subscription& subscription) const {
    TopicCountList topics;
    for (auto reader = log_.read_from(subscription.refused_from); !reader.is_at_end();
         reader.step())
        if (const auto entry = reader.entry(); subscription.wants(topics_[entry.topic].name) &&
                                               subscription.has_in_range(entry.sequence) &&
                                               subscription.has_slot_of(entry))
            count_topic(topics, entry.topic);
    return topics;
}

std::vector<Deliveries::LedgerRow> Publication::ledger() const {
    settle_accounts();
    std::vector<LedgerRow> rows;
    for (const auto& [key, held] : subscriptions_) {
        const auto& one = *held;
        if (one.counts_trims) {
            add_part_rows(one, rows);
            continue;
        }
        std::map<std::optional<std::uint16_t>, LedgerRow> all;
        const auto unknown = std::optional<std::uint16_t>{};

        // What it wants: all of its topics that was published since it began, and what it picked.
        for (std::size_t i = 0; i < topics_.size(); ++i) {
            const auto number = static_cast<std::uint16_t>(i);
            const auto& before = one.topic_counts_before;
            const auto count =
                topics_[number].published_count - (i < before.size() ? before[i] : 0);
            if (count > 0 && one.wants(topics_[number].name))
                all[number].sent += count;
        }
        for (const auto sequence : one.picked)
            ++all[sequence < log_.first() ? unknown : log_.at(sequence).topic].sent;
        if (one.retired_trimmed_count > 0)
            all[unknown].sent += one.retired_trimmed_count;

        // What is on no batch yet.
        for (auto reader = log_.read_from(one.cursor + 1); !reader.is_at_end(); reader.step())
            if (const auto entry = reader.entry();
                one.wants(topics_[entry.topic].name) && one.has_picked(entry.sequence))
                ++all[entry.topic].waiting;
        if (one.policy != Policy::spill)
            for (const auto& kept : one.overflow)
                if (kept.sequence > one.cursor)
                    ++all[kept.topic].waiting;
        for (const auto& stretch : one.spilled)
            all[unknown].waiting += one.unsent_of(stretch);
        if (one.has_hole)
            all[unknown].waiting += hole_count(one);

        // What was told to be lost.
        auto told = one.losses;
        for (const auto& gap : one.told_gaps)
            if (gap.after <= one.told)
                told.add(gap.reason, gap.count, gap.topics);
        for (const auto& [topic, counts] : told.by_topic())
            all[topic].dropped = counts;

        // Who wants one topic only has lost only that.
        const bool has_one_topic = one.patterns.size() == 1 && one.patterns.front().is_topic();
        const auto number = has_one_topic ? topics_.find(one.patterns.front().text()) : unknown;
        if (const auto lost = all.find(unknown); number && lost != all.end()) {
            auto& row = all[number];
            row.sent += lost->second.sent;
            row.waiting += lost->second.waiting;
            for (std::size_t i = 0; i < loss_reason_count; ++i)
                row.dropped[i] += lost->second.dropped[i];
            all.erase(unknown);
        }
        for (auto& [topic, row] : all) {
            row.key = key;
            row.link = one.link;
            row.index = one.index;
            if (topic)
                row.topic = topics_[*topic].name;
            rows.push_back(std::move(row));
        }
    }
    add_past_rows(
        groups_, [this](std::uint16_t topic) { return topics_[topic].name; }, rows);
    return rows;
}

/// What it was sent so far, by topic: all that it wants less what is on no batch yet.
std::vector<std::uint64_t> Publication::told_by_topic(const Subscription& subscription) const {
    std::vector<std::uint64_t> told(topics_.size());
    for (std::size_t i = 0; i < told.size(); ++i) {
        const auto& topic = topics_[static_cast<std::uint16_t>(i)];
        const auto& before = subscription.topic_counts_before;
        if (subscription.wants(topic.name))
            told[i] = topic.published_count - (i < before.size() ? before[i] : 0);
    }
    for (auto reader = log_.read_from(subscription.cursor + 1); !reader.is_at_end(); reader.step())
        if (const auto entry = reader.entry();
            subscription.wants(topics_[entry.topic].name) && told[entry.topic] > 0)
            --told[entry.topic];
    return told;
}

/// A part counts what it is sent, as the counts of topics are not its own; what is sent again was
/// counted then.
void Publication::count_sent(Subscription& part, const BatchPosition& position) const {
    auto& one = part;
    if (one.sent_by_topic.size() < topics_.size())
        one.sent_by_topic.resize(topics_.size());
    std::uint64_t known = 0;
    const auto count = [&](std::uint64_t sequence, std::uint16_t topic) {
        if (sequence <= one.counted.position || sequence <= position.before ||
            sequence > position.after || position.events == 0)
            return;
        ++one.sent_by_topic[topic];
        ++known;
    };
    for (const auto& kept : one.overflow)
        count(kept.sequence, kept.topic);
    for (auto reader = log_.read_from(position.before + 1);
         !reader.is_at_end() && reader.entry().sequence <= position.after; reader.step())
        if (const auto entry = reader.entry();
            one.wants(topics_[entry.topic].name) && one.has_own(entry))
            count(entry.sequence, entry.topic);
    const auto in_all = one.sent.events - std::min(one.sent.events, one.counted.volume.events);
    one.sent_unknown += in_all - std::min(in_all, known);
    one.counted.position = std::max(one.counted.position, position.after);
    one.counted.volume.events = std::max(one.counted.volume.events, one.sent.events);
}

void Publication::add_part_rows(const Subscription& part, std::vector<LedgerRow>& rows) const {
    std::map<std::string, LedgerRow> all;
    for (std::size_t i = 0; i < part.sent_by_topic.size(); ++i)
        if (part.sent_by_topic[i] > 0)
            all[topics_[static_cast<std::uint16_t>(i)].name].sent += part.sent_by_topic[i];
    if (part.sent_unknown > 0)
        all[""].sent += part.sent_unknown;
    const auto waits = [&](const std::string& topic, std::uint64_t count, bool is_new) {
        all[topic].waiting += count;
        all[topic].sent += is_new ? count : 0; // what waits again, after a cut, was counted as sent
    };
    for (auto reader = log_.read_from(part.cursor + 1); !reader.is_at_end(); reader.step())
        if (const auto entry = reader.entry();
            part.wants(topics_[entry.topic].name) && part.has_own(entry))
            waits(topics_[entry.topic].name, 1, entry.sequence > part.counted.position);
    if (part.policy != Policy::spill)
        for (const auto& kept : part.overflow)
            if (kept.sequence > part.cursor)
                waits(topics_[kept.topic].name, 1, kept.sequence > part.counted.position);
    for (const auto& stretch : part.spilled)
        if (const auto unsent = part.unsent_of(stretch); unsent > 0)
            waits("", unsent, stretch.first_sequence > part.counted.position);
    if (part.has_hole)
        waits("", hole_count(part), true);
    auto told = part.losses;
    for (const auto& gap : part.told_gaps)
        if (gap.after <= part.told)
            told.add(gap.reason, gap.count, gap.topics);
    for (const auto& [topic, counts] : told.by_topic())
        all[topic ? topics_[*topic].name : ""].dropped = counts;
    for (auto& [topic, row] : all) {
        row.key = name_of(part);
        row.link = part.link;
        row.index = part.index;
        row.topic = topic;
        rows.push_back(std::move(row));
    }
}

} // namespace mesh
