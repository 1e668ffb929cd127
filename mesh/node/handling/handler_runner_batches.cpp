// HandlerRunner, the part that takes batches whole: one worker, in order, each event tried once.

#include "mesh/node/handling/handler_runner.hpp"
#include "mesh/node/handling/wanted_events.hpp"

#include <chrono>
#include <thread>
#include <utility>

namespace mesh {

namespace {

using namespace std::chrono_literals;

// Until events are handled again that the disk did not take.
constexpr Duration unkept_pause = 200ms;

} // namespace

void HandlerRunner::run(Feed& feed, const ReceivedBatch& received, const Reception::Taken& taken) {
    if (is_resting() || is_abandoned_)
        return;
    auto progress = tell_gap(feed, taken);
    Stretch stretch(calls_);
    const bool is_plain = feed.incarnation != 0 && !feed.is_retry;
    auto event = event_from(feed);
    const bool is_whole = for_each_wanted(
        feed, received, taken,
        [&](const EventRecord& record, const RecordReader& reader, const Feed::Topic& topic) {
            set_event(event, record, reader, *topic.name);
            if (is_resting() || !handle(stretch, event, is_plain))
                return false;
            if (record.is_once && feed.journal != 0)
                not_once_(spec_.contract.name + " runs on the node's loop, which does not wait "
                                                "for disks: events of level once are handled "
                                                "as durable ones");
            count_record(progress, reader);
            feed.advance(progress);
            return true;
        });
    // Before anybody hears that the batch is done, which may let go of it.
    stretch.settle();
    // The header's counts are what the publisher's credit counts, whatever the records held.
    if (is_whole)
        feed.advance(taken.after);
}

/// Where the feed stands before the batch's first event.
Progress HandlerRunner::tell_gap(Feed& feed, const Reception::Taken& taken) {
    auto progress = feed.progress();
    progress.volume.events += taken.lost;
    if (taken.lost > 0) {
        report_gap(feed, taken);
        feed.advance(progress); // told once, also when the handler rests from here on
    }
    return progress;
}

/// Of events that a journal holds, or for a handler that takes the store.
void HandlerRunner::run_lasting(Feed& feed, const ReceivedBatch& received,
                                const Reception::Taken& taken) {
    if (is_resting() || is_abandoned_)
        return;

    struct One {
        ArrivedEvent event;
        ReservedHeaders reserved;
        bool is_atomic;
        Progress after;
    };

    auto progress = tell_gap(feed, taken);
    std::vector<One> events;
    for_each_wanted(
        feed, received, taken,
        [&](const EventRecord& record, const RecordReader& reader, const Feed::Topic& topic) {
            count_record(progress, reader);
            auto event = event_of(record, reader, *topic.name, feed);
            auto reserved = reserved_headers(event.headers);
            events.push_back({event, std::move(reserved),
                              calls_.is_atomic(record.is_once, feed.journal), progress});
            return true;
        });
    for (std::size_t i = 0; i < events.size();) {
        if (is_resting())
            return;
        if (!events[i].is_atomic) {
            Stretch stretch(calls_);
            if (!handle(stretch, events[i].event, false))
                return;
            feed.advance(events[i++].after);
            continue;
        }
        std::vector<AtomicStretch::Task> tasks;
        for (auto k = i; k < events.size() && events[k].is_atomic; ++k)
            tasks.push_back({events[k].event, events[k].reserved, 1, feed});
        const auto done = run_together(tasks, AtomicStretch::Order::in_order);
        i += done.count;
        if (done.count > 0)
            feed.advance(events[i - 1].after);
        if (done.next == Outcome::abandoned)
            is_abandoned_ = true;
        if (is_abandoned_)
            return;
    }
    feed.advance(taken.after);
}

AtomicStretch::Done HandlerRunner::run_together(std::span<const AtomicStretch::Task> tasks,
                                                AtomicStretch::Order order) {
    AtomicStretch stretch(calls_, *calls_.hooks().disk(), order);
    auto done = stretch.handle(tasks, [this] { return is_resting(); });
    if (done.next != Outcome::unkept)
        return done;
    unkept_(spec_.contract.name + ": " + done.error);
    if (is_closed_)
        done.next = Outcome::abandoned;
    else
        std::this_thread::sleep_for(unkept_pause);
    return done;
}

bool HandlerRunner::handle(Stretch& stretch, const ArrivedEvent& event, bool is_plain) {
    static const ReservedHeaders none;
    const auto outcome = !event.headers.empty()
                             ? stretch.handle(event, reserved_headers(event.headers), 1)
                         : is_plain ? stretch.handle_plain(event)
                                    : stretch.handle(event, none, 1);
    switch (outcome) {
    case Outcome::done:
        break;
    case Outcome::unkept:    // only of an AtomicStretch
    case Outcome::postponed: // one worker never has two in hand
    case Outcome::failed:
        calls_.bury(event, DeadReason::failed, 1, stretch.error());
        break;
    case Outcome::abandoned:
        is_abandoned_ = true;
        return false;
    }
    return true;
}

} // namespace mesh
