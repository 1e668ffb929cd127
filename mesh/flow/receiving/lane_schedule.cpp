#include "mesh/flow/receiving/lane_schedule.hpp"

#include <algorithm>
#include <cassert>
#include <iterator>
#include <utility>

namespace mesh {

Duration retry_delay(const Retry& retry, std::uint32_t failed_count, double fraction) {
    assert(failed_count > 0);
    assert(fraction >= 0 && fraction < 1);
    const auto least = retry.backoff_min;
    const auto most = std::max(least, retry.backoff_max);
    auto ceiling = least;
    for (std::uint32_t i = 0; i < failed_count && ceiling > Duration{} && ceiling < most; ++i)
        ceiling = ceiling > most / 2 ? most : 2 * ceiling;
    return least + std::chrono::duration_cast<Duration>((ceiling - least) * fraction);
}

Slot LaneSchedule::add(std::string_view key, std::int32_t priority) {
    if (free_.empty()) {
        free_.push_back(static_cast<Slot>(entries_.size()));
        entries_.emplace_back();
    }
    const auto slot = free_.back();
    free_.pop_back();
    auto& entry = entries_[slot];
    entry.key.assign(key);
    entry.priority = priority;
    entry.arrival = arrivals_++;
    entry.attempts = 0;
    begin_waiting(slot);
    make_ready(slot);
    return slot;
}

void LaneSchedule::begin_waiting(Slot slot) {
    entries_[slot].state = State::waiting;
    ++waiting_count_;
}

void LaneSchedule::make_ready(Slot slot) {
    const auto& entry = entries_[slot];
    ready_.push(slot, entry.arrival, entry.priority);
}

std::optional<LaneSchedule::Start> LaneSchedule::take(TimePoint now) {
    while (!backoffs_.empty() && backoffs_.front().due <= now) {
        std::ranges::pop_heap(backoffs_, std::less<>{});
        make_ready(backoffs_.back().slot);
        backoffs_.pop_back();
    }
    while (const auto slot = ready_.pop()) {
        if (!admits(*slot))
            continue;
        auto& entry = entries_[*slot];
        entry.state = State::running;
        --waiting_count_;
        ++running_count_;
        return Start{*slot, ++entry.attempts};
    }
    return std::nullopt;
}

// Whether its key lets the event begin; if not, it is parked there.
bool LaneSchedule::admits(Slot slot) {
    const auto& name = entries_[slot].key;
    const bool is_by_key = options_.order == LaneOrder::by_key;
    if (name.empty() || (!is_by_key && keys_.empty()))
        return true;
    auto found = keys_.find(name);
    if (found == keys_.end()) {
        if (!is_by_key)
            return true;
        found = keys_.try_emplace(name).first;
    }
    auto& key = found->second;
    if (key.is_busy || (!key.failed.empty() && key.retrying != slot)) {
        park(key, slot);
        return false;
    }
    key.is_busy = is_by_key;
    return true;
}

void LaneSchedule::park(Key& key, Slot slot) {
    // By key they go on one by one, in order. What was put back may come before what is parked;
    // nearly always the place is at the end. In the other orders they go on all at once.
    auto place = key.parked.end();
    if (options_.order == LaneOrder::by_key)
        place =
            std::upper_bound(key.parked.begin(), key.parked.end(), slot, [this](Slot a, Slot b) {
                return entries_[a].arrival < entries_[b].arrival;
            });
    key.parked.insert(place, slot);
}

void LaneSchedule::put_back(Slot slot) {
    auto& entry = entries_[slot];
    assert(entry.state == State::running);
    --entry.attempts;
    --running_count_;
    begin_waiting(slot);
    make_ready(slot);
    if (const auto key = keys_.find(entry.key); key != keys_.end())
        key->second.is_busy = false;
}

void LaneSchedule::done(Slot slot) {
    const auto& entry = entries_[slot];
    assert(entry.state == State::running);
    --running_count_;
    if (const auto found = keys_.find(entry.key); found != keys_.end()) {
        auto& key = found->second;
        key.is_busy = false;
        std::erase(key.failed, slot);
        if (key.retrying == slot)
            key.retrying.reset();
        settle(found->first, key);
    }
    release(slot);
}

std::optional<TimePoint> LaneSchedule::failed(Slot slot, TimePoint now, double fraction) {
    const auto attempts = entries_[slot].attempts;
    if (attempts >= options_.retry.attempts) {
        done(slot);
        return std::nullopt;
    }
    const auto due = now + retry_delay(options_.retry, attempts, fraction);
    hold_back(slot, due);
    return due;
}

void LaneSchedule::postpone(Slot slot, TimePoint until) {
    --entries_[slot].attempts;
    hold_back(slot, until);
}

void LaneSchedule::hold_back(Slot slot, TimePoint until) {
    auto& entry = entries_[slot];
    assert(entry.state == State::running);
    --running_count_;
    begin_waiting(slot);
    entry.not_before = until;
    if (entry.key.empty())
        return back_off(slot);
    auto& [name, key] = *keys_.try_emplace(entry.key).first;
    key.is_busy = false;
    if (key.retrying == slot)
        key.retrying.reset();
    if (std::ranges::find(key.failed, slot) == key.failed.end())
        key.failed.insert(
            std::ranges::upper_bound(key.failed, entry.arrival, {},
                                     [this](Slot one) { return entries_[one].arrival; }),
            slot);
    settle(name, key);
}

void LaneSchedule::back_off(Slot slot) {
    backoffs_.push_back({entries_[slot].not_before, slot});
    std::ranges::push_heap(backoffs_, std::less<>{});
}

// What of the key may go on, now that one of its events has ended or waits for its next attempt.
void LaneSchedule::settle(const std::string& name, Key& key) {
    if (!key.failed.empty()) {
        if (!key.retrying) {
            key.retrying = key.failed.front();
            back_off(key.failed.front());
        }
        return;
    }
    if (options_.order == LaneOrder::by_key && !key.is_busy && !key.parked.empty()) {
        // One alone: the others would only be parked again behind it.
        make_ready(key.parked.front());
        key.parked.pop_front();
    } else if (options_.order != LaneOrder::by_key) {
        for (const auto slot : std::exchange(key.parked, {}))
            make_ready(slot);
    }
    if (!key.is_busy && key.parked.empty())
        keys_.erase(keys_.find(name));
}

void LaneSchedule::release(Slot slot) {
    entries_[slot].state = State::free;
    free_.push_back(slot);
}

std::vector<Slot> LaneSchedule::clear() {
    std::vector<Slot> dropped;
    for (Slot slot = 0; slot < entries_.size(); ++slot)
        if (entries_[slot].state == State::waiting) {
            release(slot);
            dropped.push_back(slot);
        }
    waiting_count_ = 0;
    ready_.clear();
    backoffs_.clear();
    const auto is_gone = [this](Slot slot) { return entries_[slot].state == State::free; };
    for (auto one = keys_.begin(); one != keys_.end();) {
        auto& key = one->second;
        key.parked.clear();
        std::erase_if(key.failed, is_gone);
        if (key.retrying && is_gone(*key.retrying))
            key.retrying.reset();
        one = key.is_busy || !key.failed.empty() ? std::next(one) : keys_.erase(one);
    }
    return dropped;
}

std::optional<TimePoint> LaneSchedule::next_due() const {
    return backoffs_.empty() ? std::nullopt : std::optional(backoffs_.front().due);
}

} // namespace mesh
