// Publication, the part that tells topic by topic what became of what a subscription wants.

#include "mesh/flow/publication.hpp"

#include <map>
#include <optional>

namespace mesh {

TopicCountList Publication::refused_topics(const Subscription& subscription) const {
    TopicCountList topics;
    for (auto reader = log_.read_from(subscription.refused_from); !reader.is_at_end();
         reader.step())
        if (const auto entry = reader.entry(); subscription.wants(topics_[entry.topic].name) &&
                                               subscription.has_in_range(entry.sequence))
            count_topic(topics, entry.topic);
    return topics;
}

std::vector<Deliveries::LedgerRow> Publication::ledger() const {
    std::vector<LedgerRow> rows;
    for (const auto& [key, held] : subscriptions_) {
        const auto& one = *held;
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
    return rows;
}

} // namespace mesh
