// JournalPublication, the part that tells topic by topic what became of what a subscription wants.

#include "mesh/flow/streams/journal_publication.hpp"

#include <algorithm>
#include <map>

namespace mesh {

/// What a batch took it to for the first time: what is sent again was counted then.
void JournalPublication::count_sent(Subscription& subscription,
                                    const BatchPosition& position) const {
    auto& one = subscription;
    std::uint64_t new_events = 0;
    for (const auto& planned : planned_) {
        if (planned.subscription != &one || planned.sequence <= one.counted.position)
            continue;
        if (one.sent_by_topic.size() <= planned.topic)
            one.sent_by_topic.resize(planned.topic + std::size_t{1});
        ++one.sent_by_topic[planned.topic];
        ++new_events;
    }
    one.losses.add(LossReason::trimmed, position.lost, {});
    const auto new_in_all = one.sent.events - std::min(one.sent.events, one.counted.volume.events);
    one.sent_unknown += new_in_all - std::min(new_in_all, new_events);
    one.counted.position = std::max(one.counted.position, position.after);
    one.counted.volume.events = std::max(one.counted.volume.events, one.sent.events);
}

std::vector<Deliveries::LedgerRow> JournalPublication::ledger() const {
    std::vector<LedgerRow> rows;
    for (const auto& [key, held] : subscriptions_) {
        const auto& one = *held;
        std::map<std::string, LedgerRow> all;
        for (std::size_t i = 0; i < one.sent_by_topic.size(); ++i)
            if (one.sent_by_topic[i] > 0)
                all[topics_[i].name].sent += one.sent_by_topic[i];
        // Of what lies in the journal only, nobody knows what it is before it is read.
        if (!one.is_behind)
            for (auto reader = log_.read_from(one.cursor + 1); !reader.is_at_end(); reader.step())
                if (const auto entry = reader.entry();
                    one.wants(topics_[entry.topic].name) && one.has_own(entry)) {
                    auto& row = all[topics_[entry.topic].name];
                    ++row.waiting;
                    // What waits again, after a cut, was counted as sent.
                    row.sent += entry.sequence > one.counted.position ? 1 : 0;
                }
        const auto only = one.patterns.size() == 1 && one.patterns.front().is_topic()
                              ? one.patterns.front().text()
                              : std::string();
        if (one.sent_unknown > 0)
            all[only].sent += one.sent_unknown;
        for (const auto& [topic, counts] : one.losses.by_topic())
            all[only].dropped = counts;
        for (auto& [topic, row] : all) {
            row.key = name_of(one);
            row.link = one.link;
            row.index = one.index;
            row.topic = topic;
            rows.push_back(std::move(row));
        }
    }
    add_past_rows(
        groups_, [this](std::uint16_t topic) { return topics_[topic].name; }, rows);
    return rows;
}

} // namespace mesh
