#include "mesh/node/receiving/in_hand.hpp"

#include <utility>

namespace mesh {

void InHand::define(const BatchHeader& header) {
    for (const auto& [number, topic] : header.topics) {
        if (topics_.size() <= number)
            topics_.resize(number + std::size_t{1});
        topics_[number] = topic;
    }
}

void InHand::add(std::size_t handler, std::shared_ptr<const Feed> feed,
                 std::shared_ptr<const ReceivedBatch> batch, const Reception::Taken& taken) {
    if (!batch->batch.body.empty())
        batches_[handler].push_back({std::move(feed), std::move(batch), taken});
}

void InHand::settle() {
    for (auto& [handler, batches] : batches_)
        std::erase_if(batches, [](const Taken& one) {
            return one.feed->progress().position >= one.taken.after.position;
        });
}

} // namespace mesh
