#include "tests/prove/simulator/lane.hpp"

#include "mesh/wire/record_reader.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace simulator {

using namespace std::chrono_literals;

void Lane::push(const std::shared_ptr<mesh::Feed>& feed, std::size_t stream,
                const mesh::ReceivedBatch& received, const mesh::Reception::Taken& taken) {
    const auto& header = received.batch.header;
    std::vector<Item> items;
    mesh::RecordReader reader(received.batch.body, header.base_sequence, header.base_time_us);
    for (auto record = reader.next(); record && *record; record = reader.next()) {
        if (reader.sequence() > taken.after.position)
            break;
        const auto* topic = feed->topic((*record)->topic);
        if (reader.sequence() <= taken.before || topic == nullptr || !topic->is_wanted)
            continue;
        Item item;
        item.feed = feed;
        item.stream = stream;
        item.is_once = (*record)->is_once;
        item.sequence = reader.sequence();
        std::memcpy(&item.fact, (*record)->payload.data(), sizeof item.fact);
        item.key = (*record)->key;
        item.size_bytes = reader.record_size_bytes();
        held_[stream] = held_[stream] + mesh::Volume{1, item.size_bytes};
        items.push_back(std::move(item));
    }
    if (plan_.is_plain())
        push_plain(std::move(items), feed, taken);
    else
        spread(std::move(items), feed, taken);
    work();
}

void Lane::push_plain(std::vector<Item> items, const std::shared_ptr<mesh::Feed>& feed,
                      const mesh::Reception::Taken& taken) {
    Item mark;
    mark.feed = feed;
    mark.is_event = false;
    if (taken.lost > 0) {
        mark.after = {0, {taken.lost, 0}}; // counted on top of where it stands then
        queue_.push_back(mark);
    }
    for (auto& item : items)
        queue_.push_back(std::move(item));
    mark.after = taken.after;
    queue_.push_back(std::move(mark));
}

void Lane::spread(std::vector<Item> items, const std::shared_ptr<mesh::Feed>& feed,
                  const mesh::Reception::Taken& taken) {
    if (taken.lost > 0) {
        feed->expected.volume.events += taken.lost;
        feed->finish(feed->expect({&feed->expected, 1}));
    }
    std::vector<mesh::Progress> afters;
    for (const auto& item : items) {
        feed->expected.position = item.sequence;
        feed->expected.volume = feed->expected.volume + mesh::Volume{1, item.size_bytes};
        afters.push_back(feed->expected);
    }
    feed->expected = taken.after;
    if (items.empty())
        afters.emplace_back();
    afters.back() = taken.after;
    auto ticket = feed->expect(afters);
    if (items.empty())
        feed->finish(ticket);
    for (auto& item : items) {
        item.ticket = ticket++;
        const auto slot = schedule_.add(item.key, static_cast<std::int32_t>(item.fact % 3));
        if (items_.size() <= slot)
            items_.resize(slot + std::size_t{1});
        items_[slot] = std::move(item);
    }
}

mesh::Volume Lane::held(std::size_t stream) const {
    const auto found = held_.find(stream);
    return found == held_.end() ? mesh::Volume{} : found->second;
}

bool Lane::is_idle() const {
    return busy_ == 0 && queue_.empty() && schedule_.waiting_count() == 0;
}

void Lane::work() {
    while (plan_.is_plain() && busy_ == 0 && !queue_.empty()) {
        auto item = std::move(queue_.front());
        queue_.pop_front();
        if (item.is_event) {
            ++busy_;
            begin(std::make_shared<Task>(Task{std::move(item), 0, 1, false, {}}));
        } else if (item.after.position == 0) {
            auto progress = item.feed->progress();
            progress.volume = progress.volume + item.after.volume;
            item.feed->advance(progress);
        } else {
            item.feed->advance(item.after);
        }
    }
    while (!plan_.is_plain() && busy_ < plan_.lane.workers) {
        const auto start = schedule_.take(site_.now());
        if (!start)
            break;
        ++busy_;
        begin(std::make_shared<Task>(
            Task{items_[start->slot], start->slot, start->attempt, false, {}}));
    }
    if (const auto due = schedule_.next_due(); due && *due != due_) {
        due_ = *due;
        site_.after(std::max<mesh::Duration>(*due - site_.now(), 0ms), [this] { work(); });
    }
    hooks_.progressed();
}

void Lane::begin(const TaskPointer& task) {
    site_.point(CrashPoint::before_handle);
    // An earlier run has dealt with it for good.
    if (task->item.feed->is_kept(task->item.sequence)) {
        site_.after(0ms, [this, task] { finish(task); });
        return;
    }
    site_.after(site_.dice().between(10us, plan_.work_max), [this, task] { handled(task); });
}

/// What the handler says because of an event is the same with each attempt.
std::vector<Fact> Lane::emissions_of(const Item& item) const {
    std::vector<Fact> all;
    const auto& fact = site_.truth().fact(item.fact);
    for (const auto topic : plan_.emits)
        if (emits_on(handler_, item.fact, topic))
            all.push_back({topic, fact.key, 8 + (item.fact + topic) % 40, handler_, item.fact,
                           std::nullopt, 0, false});
    return all;
}

void Lane::handled(const TaskPointer& task) {
    if (!site_.world().is_calm && site_.dice().happens(plan_.fails_per_cent))
        return failed(task);
    task->emissions = emissions_of(task->item);
    if (!task->item.is_once)
        return emit(task, 0);
    site_.point(CrashPoint::between_effect_and_place);
    hooks_.wait_for_room(task->emissions, [this, task] { commit(task); });
}

void Lane::failed(const TaskPointer& task) {
    const bool is_last = plan_.is_plain() || task->attempt >= plan_.lane.retry.attempts;
    if (!is_last) {
        const auto due = schedule_.failed(task->slot, site_.now(), site_.dice().fraction());
        --busy_;
        expect(due.has_value(), "an attempt that is not the last one counts as such");
        return work();
    }
    task->is_dead = true;
    if (task->item.is_once)
        return commit(task);
    finish(task);
    site_.point(CrashPoint::after_dead_letter);
}

void Lane::emit(const TaskPointer& task, std::size_t next) {
    if (next == task->emissions.size())
        return finish(task);
    site_.point(CrashPoint::between_effect_and_emission);
    hooks_.publish(task->emissions[next], [this, task, next](bool is_published) {
        if (is_published)
            return emit(task, next + 1);
        site_.after(50ms, [this, task, next] { emit(task, next); }); // the disk was full
    });
}

Disk::Transaction Lane::place_of(const Task& task) const {
    const auto& item = task.item;
    const auto all_before = plan_.is_plain() ? item.sequence : item.feed->progress().position;
    return {Disk::MovePlace{{handler_, number_of(item.feed->source)}, item.sequence, all_before}};
}

Disk::Transaction Lane::effect_of(const Task& task) const {
    return {Disk::AddEffect{handler_, task.item.fact, task.is_dead}};
}

void Lane::commit(const TaskPointer& task) {
    const auto& faults = site_.faults();
    if (faults.has(ShellFault::place_apart) || faults.has(ShellFault::emits_apart))
        return commit_apart(task);
    hooks_.commit(
        task->emissions,
        [this, task] {
            site_.point(CrashPoint::between_place_and_commit);
            auto transaction = effect_of(*task);
            transaction.push_back(place_of(*task).front());
            return transaction;
        },
        [this, task](bool is_stored) {
            if (!is_stored) {
                site_.after(50ms, [this, task] { commit(task); }); // the disk was full
                return;
            }
            site_.point(CrashPoint::after_commit_before_finish);
            keep_place(*task);
            finish(task);
        });
}

void Lane::keep_place(const Task& task) const {
    const auto& item = task.item;
    const auto& place = site_.disk().content().places.at({handler_, number_of(item.feed->source)});
    item.feed->keep(place.position, {&item.sequence, 1});
}

/// Planted bugs: two transactions for what belongs into one.
void Lane::commit_apart(const TaskPointer& task) {
    const bool is_place_first = site_.faults().has(ShellFault::place_apart);
    const auto then = [this, task, is_place_first](bool is_stored) {
        if (!is_stored)
            return;
        hooks_.commit(
            is_place_first ? task->emissions : std::vector<Fact>{},
            [this, task, is_place_first] {
                auto transaction = effect_of(*task);
                if (!is_place_first)
                    transaction.push_back(place_of(*task).front());
                return transaction;
            },
            [this, task](bool) { finish(task); });
    };
    hooks_.commit(
        is_place_first ? std::vector<Fact>{} : task->emissions,
        [this, task, is_place_first] {
            return is_place_first ? place_of(*task) : Disk::Transaction{};
        },
        then);
}

void Lane::finish(const TaskPointer& task) {
    const auto& item = task->item;
    check_order(item);
    if (!item.is_once) // else it was when that was on disk
        site_.truth().dealt(item.stream, handler_, item.sequence);
    auto& held = held_[item.stream];
    held = held - mesh::Volume{1, item.size_bytes};
    if (plan_.is_plain()) {
        auto progress = item.feed->progress();
        progress.position = item.sequence;
        progress.volume = progress.volume + mesh::Volume{1, item.size_bytes};
        item.feed->advance(progress);
    } else {
        item.feed->finish(item.ticket);
        schedule_.done(task->slot);
    }
    --busy_;
    site_.point(CrashPoint::after_handle_before_acknowledge);
    work();
}

/// In order: all of a publisher's events, or those of each key.
void Lane::check_order(const Item& item) {
    const bool is_by_key = plan_.lane.order == mesh::LaneOrder::by_key ||
                           (plan_.lane.order == mesh::LaneOrder::fifo && plan_.lane.workers == 1);
    if (!plan_.is_plain() && (!is_by_key || item.key.empty()))
        return;
    auto& last = last_[{item.stream, plan_.is_plain() ? std::string() : item.key}];
    expect(last < item.sequence, plan_.is_plain()
                                     ? "a handler deals with events out of order"
                                     : "events of one key are dealt with out of order");
    last = item.sequence;
}

bool emits_on(Number handler, std::uint64_t fact, Number topic) {
    return (fact * 31 + handler * 17 + topic * 7) % 3 != 0;
}

} // namespace simulator
