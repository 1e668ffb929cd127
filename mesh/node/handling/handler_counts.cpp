#include "mesh/node/handling/handler_counts.hpp"

#include "mesh/base/quick_hash.hpp"

#include <algorithm>
#include <cstddef>

namespace mesh {

namespace {

// With more topics than this the rest is counted together.
constexpr std::size_t counted_topics_max = 1024;

} // namespace

void TopicCounts::note_done(WallTime done) {
    const auto done_us = static_cast<std::uint64_t>(done.time_since_epoch().count());
    last_us = std::max(last_us, done_us); // runs come in any order
    if (first_us == 0)
        first_us = done_us;
}

TopicCounts& HandlerCounts::counts_of(std::string_view topic) {
    auto& known = found_[quick_hash(topic) % found_.size()];
    if (known != nullptr && is_same_text(known->first, topic))
        return known->second;
    auto found = counts_.find(topic);
    if (found == counts_.end()) {
        const bool has_room = counts_.size() < counted_topics_max;
        found = counts_.try_emplace(has_room ? std::string(topic) : "(others)").first;
    }
    known = &*found;
    return found->second;
}

void HandlerCounts::count_handled() {
    handled_.take([this](const HandledRuns::Run& run, std::uint64_t count, WallTime last_done) {
        auto& counts = counts_of(run.topic);
        counts.handled += count;
        counts.note_done(run.done);
        counts.note_done(last_done);
        counts.latency.add(run.latency_us, static_cast<std::uint32_t>(count));
        ledger_.note_handled(run.topic, run.id, count);
    });
}

void HandlerCounts::settle() {
    if (handled_.is_empty())
        return;
    const std::lock_guard lock(mutex_);
    count_handled();
    handled_.clear();
}

std::map<std::string, TopicCounts> HandlerCounts::all() {
    const std::lock_guard lock(mutex_);
    count_handled();
    return {counts_.begin(), counts_.end()};
}

} // namespace mesh
