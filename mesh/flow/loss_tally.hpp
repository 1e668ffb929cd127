#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace mesh {

/// Why a subscription does not get an event that it wanted.
enum class LossReason : std::uint8_t {
    trimmed, ///< the log had no room for it any more
    policy,  ///< its policy dropped it
    fast,    ///< of level `fast`: it did not fit, or was sent before to a run that died
    spill,   ///< put aside, but the disk had no room or gave back something else
};

inline constexpr std::size_t loss_reason_count = 4;

/// Events by topic number, ascending.
using TopicCountList = std::vector<std::pair<std::uint16_t, std::uint64_t>>;

/// Counts one more event of a topic.
inline void count_topic(TopicCountList& counts, std::uint16_t topic) {
    const auto found =
        std::ranges::lower_bound(counts, topic, {}, &TopicCountList::value_type::first);
    if (found != counts.end() && found->first == topic)
        ++found->second;
    else
        counts.insert(found, {topic, 1});
}

/// The events that a subscription lost, by topic number and reason; those without a number are of
/// topics that nobody knows any more, as the log let them go.
class LossTally {
public:
    using Counts = std::array<std::uint64_t, loss_reason_count>;

    void add(LossReason reason, std::uint64_t count, const TopicCountList& topics) {
        for (const auto& [topic, topic_count] : topics) {
            losses_[topic][static_cast<std::size_t>(reason)] += topic_count;
            count -= std::min(count, topic_count);
        }
        if (count > 0)
            losses_[std::nullopt][static_cast<std::size_t>(reason)] += count;
    }

    void add(const LossTally& more) {
        for (const auto& [topic, counts] : more.losses_)
            for (std::size_t i = 0; i < counts.size(); ++i)
                losses_[topic][i] += counts[i];
    }

    const std::map<std::optional<std::uint16_t>, Counts>& by_topic() const { return losses_; }

private:
    std::map<std::optional<std::uint16_t>, Counts> losses_;
};

/// What a member of a group was sent, or told as lost, of parts that are not its own any more.
struct PastTally {
    LossTally losses;
    std::vector<std::uint64_t> sent_by_topic;
    std::uint64_t sent_unknown = 0;

    void add(const LossTally& lost, const std::vector<std::uint64_t>& sent, std::uint64_t unknown) {
        losses.add(lost);
        if (sent_by_topic.size() < sent.size())
            sent_by_topic.resize(sent.size());
        for (std::size_t i = 0; i < sent.size(); ++i)
            sent_by_topic[i] += sent[i];
        sent_unknown += unknown;
    }
};

} // namespace mesh
