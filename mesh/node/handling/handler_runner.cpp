#include "mesh/node/handling/handler_runner.hpp"

#include "mesh/base/log.hpp"
#include "mesh/node/handling/wanted_events.hpp"

#include <utility>

namespace mesh {

namespace {

bool is_plain(const LaneOptions& lane) {
    return lane.workers == 1 && lane.order == LaneOrder::fifo && lane.retry.attempts == 1;
}

} // namespace

HandlerRunner::HandlerRunner(HandlerSpec spec, std::vector<Pattern> allowed, Hooks hooks,
                             const void* owner)
    : spec_(std::move(spec)),
      progressed_(std::move(hooks.progressed)),
      calls_(spec_, std::move(allowed), std::move(hooks.calls), owner),
      last_(spec_.contract.after.size()) {
    if (spec_.on_open)
        spec_.on_open(spec_.lane.workers);
    if (!is_plain(spec_.lane))
        event_lane_.emplace(calls_, progressed_);
    if (spec_.every > Duration{})
        spec_.function = [this](const Event& event, Emitter&) { remember(event); };
}

HandlerRunner::~HandlerRunner() {
    close();
}

void HandlerRunner::close() {
    is_closed_ = true;
    if (spec_.on_close)
        spec_.on_close();
}

void HandlerRunner::submit(Lane::Task task) {
    if (is_resting())
        return;
    if (!spec_.is_inline)
        lane_.push(std::move(task));
    else if (is_held_)
        waiting_.push_back(std::move(task));
    else
        task();
}

void HandlerRunner::hold() {
    is_held_ = true;
    lane_.pause();
    if (event_lane_)
        event_lane_->pause();
}

void HandlerRunner::rest() {
    is_resting_ = true;
    ++rests_;
    waiting_.clear();
    lane_.clear();
    lane_.resume();
    if (event_lane_) {
        event_lane_->clear();
        event_lane_->resume();
    }
}

void HandlerRunner::resume() {
    // A beat that waited was dropped with the rest.
    if (is_resting_.exchange(false))
        is_beating_ = false;
    is_held_ = false;
    lane_.resume();
    if (event_lane_)
        event_lane_->resume();
    for (const auto& task : std::exchange(waiting_, {}))
        task();
}

bool HandlerRunner::is_idle() const {
    return waiting_.empty() && lane_.is_idle() && (!event_lane_ || event_lane_->is_idle());
}

void HandlerRunner::push(std::shared_ptr<Feed> feed, std::shared_ptr<const ReceivedBatch> batch,
                         const Reception::Taken& taken) {
    if (event_lane_)
        return spread(feed, batch, taken);
    submit([this, feed = std::move(feed), batch = std::move(batch), taken] {
        feed->define(batch->batch, heard());
        if (!spec_.is_inline && (feed->journal != 0 || spec_.takes_store))
            run_lasting(*feed, *batch, taken);
        else
            run(*feed, *batch, taken);
        progressed_();
    });
}

void HandlerRunner::push_topics(std::shared_ptr<Feed> feed,
                                std::shared_ptr<const ReceivedBatch> batch) {
    if (event_lane_)
        return feed->define(batch->batch, heard());
    submit([this, feed = std::move(feed), batch = std::move(batch)] {
        feed->define(batch->batch, heard());
        progressed_();
    });
}

void HandlerRunner::spread(const std::shared_ptr<Feed>& feed,
                           const std::shared_ptr<const ReceivedBatch>& received,
                           const Reception::Taken& taken) {
    if (is_resting())
        return;
    feed->define(received->batch, heard());
    if (std::exchange(feed->rests, rests_) != rests_) {
        feed->restart();
        feed->expected = feed->progress();
    }
    if (taken.lost > 0)
        expect_gap(feed, taken);
    std::vector<LaneEvent> events;
    std::vector<Progress> afters;
    for_each_wanted(
        *feed, *received, taken,
        [&](const EventRecord& record, const RecordReader& reader, const Feed::Topic& topic) {
            count_record(feed->expected, reader);
            afters.push_back(feed->expected);
            auto event = event_of(record, reader, *topic.name, *feed);
            auto reserved = reserved_headers(event.headers);
            events.push_back({feed, received, topic.name, event, std::move(reserved),
                              calls_.is_atomic(record.is_once, feed->journal)});
            return true;
        });
    // The header's counts are what the publisher's credit counts, whatever the records held.
    feed->expected = taken.after;
    const bool is_empty = events.empty();
    if (is_empty)
        afters.emplace_back();
    afters.back() = taken.after;
    auto ticket = feed->expect(afters);
    for (auto& event : events)
        event.ticket = ticket++;
    if (is_empty) {
        feed->finish(ticket);
        progressed_();
    }
    event_lane_->push(std::move(events));
}

void HandlerRunner::expect_gap(const std::shared_ptr<Feed>& feed, const Reception::Taken& taken) {
    feed->expected.volume.events += taken.lost;
    const auto ticket = feed->expect({&feed->expected, 1});
    event_lane_->push_notice([this, feed, taken, ticket] {
        report_gap(*feed, taken);
        feed->finish(ticket);
    });
}

void HandlerRunner::report_gap(const Feed& feed, const Reception::Taken& taken) {
    calls_.counts().change(heard().front().text(),
                           [&](TopicCounts& counts) { counts.lost += taken.lost; });
    with_ledger([&](HandlerLedger& ledger) {
        ledger.note_lost(feed.source, feed.incarnation, taken.after.position, taken.lost);
    });
    if (spec_.on_gap) {
        try {
            spec_.on_gap(
                {feed.source, feed.service, taken.lost, taken.before, taken.after.position});
        } catch (const std::exception& error) {
            log(LogLevel::error, "on_gap of " + spec_.contract.name + ": " + error.what());
        }
    } else {
        gap_(spec_.contract.name + ": " + std::to_string(taken.lost) + " events of " +
             feed.service + " after " + std::to_string(taken.before) + " up to " +
             std::to_string(taken.after.position) + " are lost");
    }
}

void HandlerRunner::beat() {
    if (is_held_ || is_resting() || is_abandoned_ || is_beating_.exchange(true)) {
        ++skipped_;
        return;
    }
    submit([this, skipped = std::exchange(skipped_, 0)] { run_beat(skipped); });
}

void HandlerRunner::run_beat(std::uint64_t skipped) {
    calls_.beat({skipped, last_}, newest_ ? &**newest_ : nullptr);
    is_beating_ = false;
}

void HandlerRunner::remember(const Event& event) {
    newest_.emplace(event);
    for (std::size_t i = 0; i < last_.size(); ++i)
        if (spec_.contract.after[i].matches(event.topic))
            last_[i] = newest_;
}

} // namespace mesh
