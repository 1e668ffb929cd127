#include "tests/mesh/flow/naive_lane.hpp"

#include <algorithm>
#include <utility>

namespace tests {

using mesh::LaneOrder;

void NaiveLane::add(int name, std::string key, std::int32_t priority) {
    events_[name] = {name, std::move(key), priority};
}

void NaiveLane::choose_turns() {
    std::erase_if(turns_, [this](const auto& turn) { return !events_.contains(turn.second); });
    for (const auto& [name, event] : events_)
        if (event.has_failed && !event.key.empty())
            turns_.try_emplace(event.key, name); // in order of arrival: the oldest
}

bool NaiveLane::may_begin(const Event& event) const {
    if (event.is_running || event.not_before > now_)
        return false;
    if (event.key.empty())
        return true;
    if (const auto turn = turns_.find(event.key); turn != turns_.end())
        return turn->second == event.name;
    return options_.order != LaneOrder::by_key ||
           std::ranges::none_of(events_, [&](const auto& other) {
               return other.second.is_running && other.second.key == event.key;
           });
}

bool NaiveLane::is_before(const Event& a, const Event& b) const {
    if (options_.order == LaneOrder::lifo)
        return a.name > b.name;
    if (options_.order == LaneOrder::priority && a.priority != b.priority)
        return a.priority > b.priority;
    return a.name < b.name;
}

std::optional<std::pair<int, std::uint32_t>> NaiveLane::take(mesh::TimePoint now) {
    now_ = now;
    choose_turns();
    Event* best = nullptr;
    for (auto& [name, event] : events_)
        if (may_begin(event) && (best == nullptr || is_before(event, *best)))
            best = &event;
    if (best == nullptr)
        return std::nullopt;
    best->is_running = true;
    return std::pair(best->name, ++best->attempts);
}

void NaiveLane::put_back(int name) {
    auto& event = events_.at(name);
    event.is_running = false;
    --event.attempts;
}

void NaiveLane::done(int name) {
    events_.erase(name);
    choose_turns();
}

void NaiveLane::failed(int name, std::optional<mesh::TimePoint> due) {
    if (!due)
        return done(name);
    auto& event = events_.at(name);
    event.is_running = false;
    event.has_failed = true;
    event.not_before = *due;
    // Its turn is over; the oldest of the key has the next one.
    if (const auto turn = turns_.find(event.key); turn != turns_.end() && turn->second == name)
        turns_.erase(turn);
    choose_turns();
}

void NaiveLane::postpone(int name, mesh::TimePoint until) {
    --events_.at(name).attempts;
    failed(name, until);
}

std::vector<int> NaiveLane::clear() {
    std::vector<int> dropped;
    for (const auto& [name, event] : events_)
        if (!event.is_running)
            dropped.push_back(name);
    for (const auto name : dropped)
        events_.erase(name);
    choose_turns();
    return dropped;
}

std::optional<mesh::TimePoint> NaiveLane::next_due() const {
    std::optional<mesh::TimePoint> due;
    for (const auto& [name, event] : events_) {
        const bool has_turn =
            event.key.empty() || (turns_.contains(event.key) && turns_.at(event.key) == name);
        if (event.has_failed && !event.is_running && has_turn && event.not_before > now_)
            due = std::min(due.value_or(event.not_before), event.not_before);
    }
    return due;
}

std::size_t NaiveLane::waiting_count() const {
    return static_cast<std::size_t>(
        std::ranges::count_if(events_, [](const auto& one) { return !one.second.is_running; }));
}

} // namespace tests
