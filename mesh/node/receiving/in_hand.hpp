#pragma once

#include "mesh/flow/receiving/reception.hpp"
#include "mesh/node/handling/feed.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace mesh {

/// The batches of one publisher that handlers have not finished: what is in hand can be counted at
/// any time, event by event. The loop's thread.
class InHand {
public:
    /// A batch arrived, for whomever.
    void define(const BatchHeader& header);

    /// A handler takes it.
    void add(std::size_t handler, std::shared_ptr<const Feed> feed,
             std::shared_ptr<const ReceivedBatch> batch, const Reception::Taken& taken);

    /// Lets go of what is finished.
    void settle();

    /// The handler drops what it has: that comes again.
    void drop(std::size_t handler) { batches_.erase(handler); }

    /// Calls back with topic and sequence of each event that the handler has not finished.
    template <class Call>
    void each(std::size_t handler, const std::vector<Pattern>& patterns, Call call) const {
        const auto found = batches_.find(handler);
        if (found == batches_.end())
            return;
        for (const auto& one : found->second)
            each_of(one, patterns, call);
    }

private:
    struct Taken {
        std::shared_ptr<const Feed> feed;
        std::shared_ptr<const ReceivedBatch> batch;
        Reception::Taken taken;
    };

    template <class Call>
    void each_of(const Taken& one, const std::vector<Pattern>& patterns, Call& call) const {
        const auto& header = one.batch->batch.header;
        RecordReader reader(one.batch->batch.body, header.base_sequence, header.base_time_us);
        for (auto record = reader.next(); record && *record; record = reader.next()) {
            const auto number = (*record)->topic;
            const auto sequence = reader.sequence();
            if (sequence > one.taken.after.position)
                return;
            if (sequence <= one.taken.before || number >= topics_.size() ||
                one.feed->is_finished(sequence))
                continue;
            const bool is_wanted = std::ranges::any_of(
                patterns, [&](const Pattern& pattern) { return pattern.matches(topics_[number]); });
            if (is_wanted)
                call(topics_[number], sequence);
        }
    }

    std::vector<std::string> topics_; ///< by number, as the session defined them last
    std::map<std::size_t, std::deque<Taken>> batches_; ///< by handler
};

} // namespace mesh
