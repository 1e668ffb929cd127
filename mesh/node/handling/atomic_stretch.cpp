#include "mesh/node/handling/atomic_stretch.hpp"

#include "mesh/base/log.hpp"

#include <algorithm>

namespace mesh {

namespace {

using namespace std::chrono_literals;

// Long enough that the disk is not what everybody waits for, short enough for who wants it next.
constexpr Duration transaction_time = 20ms;

/// What the disk is to blame for, not the handler: the event is handled again, later.
bool is_disk_trouble(const Error& error) {
    return error.code == ErrorCode::environment || error.code == ErrorCode::limit;
}

} // namespace

AtomicStretch::Done AtomicStretch::handle(std::span<const Task> tasks, const MustStop& must_stop) {
    until_ = now() + transaction_time;
    if (!calls_.spec().takes_store)
        for (const auto& task : tasks) {
            if (is_enough(must_stop))
                break;
            auto& step = begin(task);
            if (step.attempt)
                step.attempt->call();
            if (!step.is_done())
                break;
        }
    if (const auto room = wait_for_room(); !room)
        return {0, Outcome::abandoned, room.error().detail};
    Result<void> kept;
    {
        const DiskHold hold(disk_);
        kept = disk_.database->transaction([&] { return keep_all(tasks, must_stop); });
    }
    if (!kept)
        return {0, Outcome::unkept, kept.error().detail};
    return finish();
}

bool AtomicStretch::is_enough(const MustStop& must_stop) const {
    return !steps_.empty() && (steps_.size() == events_max || now() >= until_ || must_stop());
}

AtomicStretch::Step& AtomicStretch::begin(const Task& task) {
    auto& step = steps_.emplace_back(task);
    if (task.feed.journal == 0 || !task.feed.is_kept(task.event.id.sequence))
        step.attempt.emplace(calls_, task.event, task.reserved, task.attempt);
    return step;
}

Result<void> AtomicStretch::wait_for_room() const {
    const auto& hooks = calls_.hooks();
    std::vector<Emitter::Said> expected;
    // What a handler with a store will say is not known before it is called: it mostly is the same.
    for (auto& topic : calls_.durable_topics())
        expected.push_back({std::move(topic), {}, {}});
    for (const auto& said : expected)
        if (auto room = hooks.wait_for_room(said); !room)
            return room;
    for (const auto& step : steps_)
        if (step.attempt && step.attempt->has_returned())
            for (const auto& said : step.attempt->said())
                if (hooks.is_durable(said))
                    if (auto room = hooks.wait_for_room(said); !room)
                        return room;
    return {};
}

Result<void> AtomicStretch::keep_all(std::span<const Task> tasks, const MustStop& must_stop) {
    if (calls_.spec().takes_store) {
        for (const auto& task : tasks) {
            if (is_enough(must_stop))
                break;
            auto& step = begin(task);
            if (auto kept = keep(step); !kept)
                return kept;
            if (!step.is_done())
                break;
        }
    } else {
        for (auto& step : steps_) {
            if (auto kept = keep(step); !kept)
                return kept;
            if (!step.is_done())
                break;
        }
    }
    return move_places();
}

Result<void> AtomicStretch::keep(Step& step) {
    if (!step.attempt)
        return {};
    auto& attempt = *step.attempt;
    auto effects = keep_effects(attempt);
    if (!effects && (attempt.has_returned() || is_disk_trouble(effects.error())))
        return effects;
    attempt.bury_if_dead(step.task.attempt >= calls_.spec().lane.retry.attempts);
    if (auto key = attempt.keep_key(); !key)
        return key;
    return step.is_done() ? note(step.task) : Result<void>{};
}

/// Leaves nothing of an attempt that fails.
Result<void> AtomicStretch::keep_effects(Attempt& attempt) {
    const bool takes_store = calls_.spec().takes_store;
    if (!takes_store && attempt.said().empty())
        return {};
    return disk_.database->transaction([&]() -> Result<void> {
        if (takes_store)
            attempt.call(disk_.store.get());
        if (auto published = attempt.publish(calls_.hooks().is_durable); !published)
            return published;
        if (takes_store)
            calls_.note_durable_topics(attempt.said());
        if (attempt.outcome() != Outcome::done)
            return fail(ErrorCode::invalid, attempt.error());
        return {};
    });
}

Result<void> AtomicStretch::note(const Task& task) {
    if (task.feed.settle)
        return task.feed.settle();
    if (task.feed.journal == 0 || task.feed.is_disowned())
        return {};
    auto kept = std::ranges::find(kept_, &task.feed, &Kept::feed);
    if (kept == kept_.end())
        kept = kept_.insert(kept, {&task.feed, {}, 0});
    const auto sequence = task.event.id.sequence;
    kept->sequences.push_back(sequence);
    return order_ == Order::in_order ? Result<void>{}
                                     : disk_.places->mark(place_of(task.feed, sequence));
}

Result<void> AtomicStretch::move_places() {
    for (auto& one : kept_) {
        const auto reached =
            order_ == Order::in_order ? one.sequences.back() : one.feed->progress().position;
        if (reached <= one.feed->place())
            continue;
        one.place = reached;
        const auto place = place_of(*one.feed, reached);
        auto moved = one.feed->has_marks() ? disk_.places->set_beyond_marks(place)
                                           : disk_.places->set(place);
        if (!moved)
            return moved;
    }
    return {};
}

AtomicStretch::Done AtomicStretch::finish() {
    for (const auto& one : kept_)
        one.feed->keep(one.place,
                       order_ == Order::any_order ? one.sequences : std::vector<std::uint64_t>{});
    Done done;
    for (auto& step : steps_) {
        if (step.attempt && !step.is_done()) {
            done.next = step.attempt->finish();
            done.error = step.attempt->error();
            break;
        }
        ++done.count;
        if (!step.attempt) {
            calls_.counts().change(step.task.event, Settled::ignored, [](TopicCounts&) {});
            continue;
        }
        step.attempt->publish_late(
            [&](const Emitter::Said& said) { return !calls_.hooks().is_durable(said); });
        step.attempt->finish();
    }
    return done;
}

Place AtomicStretch::place_of(const Feed& feed, std::uint64_t position) const {
    return {feed.source, feed.journal, calls_.spec().contract.name, position};
}

} // namespace mesh
