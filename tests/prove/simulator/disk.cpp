#include "tests/prove/simulator/disk.hpp"

#include <algorithm>
#include <iterator>

namespace simulator {

namespace {

// A checkpoint of the real thing comes after some megabytes.
constexpr std::size_t unflushed_max = 30;

void drop_rows(DiskContent& content, std::uint64_t to) {
    while (!content.rows.empty()) {
        const auto next = std::next(content.rows.begin());
        const auto last = next == content.rows.end() ? content.last : next->first - 1;
        if (last > to)
            return;
        content.trimmed_to = last;
        content.rows.erase(content.rows.begin());
    }
}

} // namespace

void Disk::apply(const Change& change) {
    auto& content = content_;
    if (const auto* topic = std::get_if<AddTopic>(&change)) {
        content.topics.push_back(topic->name);
    } else if (const auto* row = std::get_if<AddRow>(&change)) {
        content.rows.emplace(row->first, row->row);
        content.last = row->last;
        content.last_time_us = row->last_time_us;
    } else if (const auto* trim = std::get_if<Trim>(&change)) {
        drop_rows(content, trim->to);
    } else if (const auto* known = std::get_if<StoredSubscription>(&change)) {
        content.subscriptions[known->key] = *known;
    } else if (const auto* moved = std::get_if<MovePlace>(&change)) {
        auto& place = content.places[moved->key];
        place.done.insert(moved->sequence);
        place.position = std::max(place.position, moved->position);
        place.done.erase(place.done.begin(), place.done.upper_bound(place.position));
    } else if (const auto* effect = std::get_if<AddEffect>(&change)) {
        auto& counts = effect->is_dead_letter ? content.dead_letters : content.effects;
        ++counts[{effect->handler, effect->fact}];
    }
}

bool Disk::commit(Transaction transaction) {
    if (is_full_)
        return false;
    for (const auto& change : transaction)
        apply(change);
    if (keeps_history_ && !is_sync_power_) {
        unflushed_.push_back(std::move(transaction));
        if (unflushed_.size() > unflushed_max) {
            flushed_ = content_;
            unflushed_.clear();
        }
    }
    return true;
}

void Disk::tear(const Transaction& transaction, Dice& dice, bool keeps_torn) {
    if (!keeps_torn || transaction.empty())
        return;
    for (std::size_t i = 0; i < dice.draw(transaction.size()) + 1; ++i)
        apply(transaction[i]);
}

bool Disk::lose_power(Dice& dice, bool keeps_torn) {
    if (is_sync_power_ || unflushed_.empty())
        return false;
    // The cut lies between two transactions, or within one, which is then not there.
    const auto kept = dice.draw(unflushed_.size() + 1);
    const auto history = std::exchange(unflushed_, {});
    content_ = flushed_;
    for (std::size_t i = 0; i < kept; ++i)
        for (const auto& change : history[i])
            apply(change);
    if (kept < history.size())
        tear(history[kept], dice, keeps_torn);
    flushed_ = content_;
    return kept < history.size();
}

bool Disk::damage(Dice& dice) {
    if (content_.rows.empty())
        return false;
    auto& row = std::next(content_.rows.begin(),
                          static_cast<std::ptrdiff_t>(dice.draw(content_.rows.size())))
                    ->second;
    auto& byte = row.events[dice.draw(row.events.size())];
    byte ^= static_cast<std::byte>(1U << dice.draw(8));
    return true;
}

} // namespace simulator
