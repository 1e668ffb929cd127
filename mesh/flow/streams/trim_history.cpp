#include "mesh/flow/streams/trim_history.hpp"

#include <algorithm>

namespace mesh {

namespace {

constexpr std::size_t stretches_max = 1024;

void add(TrimHistory::Counts& to, const TrimHistory::Counts& more) {
    for (const auto& one : more) {
        const auto at = std::ranges::lower_bound(to, one.first, {},
                                                 &std::pair<std::uint16_t, std::uint64_t>::first);
        if (at != to.end() && at->first == one.first)
            at->second += one.second;
        else
            to.insert(at, one);
    }
}

} // namespace

void TrimHistory::note(std::uint64_t first, std::uint64_t last, std::uint64_t last_time_us,
                       Counts counts) {
    if (stretches_.size() == stretches_max)
        coarsen();
    stretches_.push_back({first, last, last_time_us, std::move(counts)});
}

void TrimHistory::coarsen() {
    // Pairs of the older half become one: the newest stay fine.
    std::deque<Stretch> kept;
    const auto fine = stretches_.size() / 2;
    for (std::size_t i = 0; i < stretches_.size(); ++i) {
        if (i < fine && i % 2 == 1) {
            auto& before = kept.back();
            before.last = stretches_[i].last;
            before.last_time_us = stretches_[i].last_time_us;
            add(before.counts, stretches_[i].counts);
        } else {
            kept.push_back(std::move(stretches_[i]));
        }
    }
    stretches_ = std::move(kept);
}

TrimHistory::Since TrimHistory::sum(std::size_t begin, std::uint64_t position) const {
    Since since{position, {}};
    for (auto i = begin; i < stretches_.size(); ++i)
        add(since.counts, stretches_[i].counts);
    return since;
}

TrimHistory::Since TrimHistory::since_position(std::uint64_t position) const {
    const auto found = std::ranges::upper_bound(stretches_, position, {}, &Stretch::last);
    const auto begin = static_cast<std::size_t>(found - stretches_.begin());
    if (found == stretches_.end() || position < found->first)
        return sum(begin, position);
    if (found->counts.size() != 1)
        return sum(begin, found->first - 1);
    auto since = sum(begin + 1, position);
    add(since.counts, {{found->counts.front().first, found->last - position}});
    return since;
}

TrimHistory::Since TrimHistory::since_time(std::uint64_t time_us) const {
    const auto found = std::ranges::lower_bound(stretches_, time_us, {}, &Stretch::last_time_us);
    if (found == stretches_.end())
        return {stretches_.empty() ? 0 : stretches_.back().last, {}};
    return sum(static_cast<std::size_t>(found - stretches_.begin()), found->first - 1);
}

void TrimHistory::forget(std::uint16_t topic) {
    for (auto& stretch : stretches_)
        std::erase_if(stretch.counts, [&](const auto& one) { return one.first == topic; });
}

} // namespace mesh
