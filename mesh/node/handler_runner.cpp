#include "mesh/node/handler_runner.hpp"

#include "mesh/base/log.hpp"

#include <algorithm>
#include <utility>

namespace mesh {

Progress Feed::progress() const {
    const std::lock_guard lock(mutex_);
    return progress_;
}

void Feed::advance(const Progress& progress) {
    const std::lock_guard lock(mutex_);
    progress_ = progress;
}

namespace {

// With more topics than this the rest is counted together.
constexpr std::size_t counted_topics_max = 1024;

} // namespace

Event event_of(const EventRecord& record, const RecordReader& reader, std::string_view topic,
               const Feed& feed) {
    Event event;
    event.topic = topic;
    event.id = {feed.source, feed.incarnation, reader.sequence()};
    event.service = feed.service;
    event.time = WallTime(std::chrono::microseconds(reader.time_us()));
    event.key = record.key;
    if (!record.content_type.empty())
        event.content_type = record.content_type;
    event.headers = record.headers;
    event.cause = record.cause;
    event.payload = record.payload;
    return event;
}

HandlerRunner::HandlerRunner(HandlerSpec spec, std::vector<Pattern> allowed, Emit emit,
                             std::function<void()> progressed, const void* owner)
    : spec_(std::move(spec)),
      allowed_(std::move(allowed)),
      emit_(std::move(emit)),
      progressed_(std::move(progressed)),
      owner_(owner) {}

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
}

void HandlerRunner::rest() {
    is_resting_ = true;
    waiting_.clear();
    lane_.clear();
    lane_.resume();
}

void HandlerRunner::resume() {
    is_resting_ = false;
    is_held_ = false;
    lane_.resume();
    for (const auto& task : std::exchange(waiting_, {}))
        task();
}

void HandlerRunner::push(std::shared_ptr<Feed> feed, std::shared_ptr<const ReceivedBatch> batch,
                         const Reception::Taken& taken) {
    submit([this, feed = std::move(feed), batch = std::move(batch), taken] {
        define(*feed, *batch);
        run(*feed, *batch, taken);
        progressed_();
    });
}

void HandlerRunner::push_topics(std::shared_ptr<Feed> feed,
                                std::shared_ptr<const ReceivedBatch> batch) {
    submit([this, feed = std::move(feed), batch = std::move(batch)] {
        define(*feed, *batch);
        progressed_();
    });
}

void HandlerRunner::define(Feed& feed, const ReceivedBatch& received) const {
    for (const auto& definition : received.batch.header.topics) {
        const auto number = definition.number;
        const auto topic = definition.topic;
        if (feed.topics.size() <= number)
            feed.topics.resize(number + std::size_t{1});
        const bool is_wanted = std::ranges::any_of(
            spec_.contract.on, [&](const Pattern& pattern) { return pattern.matches(topic); });
        feed.topics[number] = Feed::Topic{std::string(topic), is_wanted};
    }
}

void HandlerRunner::run(Feed& feed, const ReceivedBatch& received, const Reception::Taken& taken) {
    if (is_resting())
        return;
    const auto& header = received.batch.header;
    auto progress = feed.progress();
    progress.volume.events += taken.lost;
    if (taken.lost > 0) {
        report_gap(feed, taken);
        feed.advance(progress); // told once, also when the handler rests from here on
    }
    RecordReader reader(received.batch.body, header.base_sequence, header.base_time_us);
    for (;;) {
        const auto record = reader.next();
        if (!record) {
            static CountedWarning malformed("batch with records that cannot be read");
            malformed(feed.service + ": " + record.error().detail);
            break;
        }
        if (!*record)
            break;
        const auto& one = **record;
        if (reader.sequence() > taken.after.position)
            break;
        if (one.topic >= feed.topics.size() || !feed.topics[one.topic]) {
            static CountedWarning undefined("event of a topic that was not defined");
            undefined(feed.service + ": number " + std::to_string(one.topic));
            continue;
        }
        if (reader.sequence() <= taken.before || !feed.topics[one.topic]->is_wanted)
            continue;
        if (is_resting())
            return;
        handle(event_of(one, reader, feed.topics[one.topic]->name, feed));
        progress.position = reader.sequence();
        ++progress.volume.events;
        progress.volume.bytes += reader.record_size_bytes();
        feed.advance(progress);
    }
    // The header's counts are what the publisher's credit counts, whatever the records held.
    feed.advance(taken.after);
}

void HandlerRunner::report_gap(const Feed& feed, const Reception::Taken& taken) {
    {
        const std::lock_guard lock(counts_mutex_);
        counts_[spec_.contract.on.front().text()].lost += taken.lost;
    }
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

void HandlerRunner::handle(const Event& event) {
    Emitter emitter(allowed_, spec_.contract.name, owner_);
    bool has_failed = true;
    try {
        {
            const Emitter::Scope scope(emitter);
            spec_.function(event, emitter);
        }
        has_failed = false;
        for (const auto& said : emitter.said())
            if (const auto emitted = emit_(said, event); !emitted) {
                log(LogLevel::error, "handler " + spec_.contract.name + ": cannot emit " +
                                         said.topic + " because of " + to_string(event.id) + ": " +
                                         emitted.error().detail);
                has_failed = true;
            }
    } catch (const std::exception& error) {
        log(LogLevel::error, "handler " + spec_.contract.name + " failed on " +
                                 std::string(event.topic) + " " + to_string(event.id) + ": " +
                                 error.what());
    } catch (...) {
        log(LogLevel::error, "handler " + spec_.contract.name + " failed on " +
                                 std::string(event.topic) + " " + to_string(event.id));
    }
    const auto done_us = static_cast<std::uint64_t>(wall_now().time_since_epoch().count());
    const auto published_us = static_cast<std::uint64_t>(event.time.time_since_epoch().count());
    const std::lock_guard lock(counts_mutex_);
    auto counts = counts_.find(event.topic);
    if (counts == counts_.end()) {
        const bool has_room = counts_.size() < counted_topics_max;
        counts = counts_.try_emplace(has_room ? std::string(event.topic) : "(others)").first;
    }
    auto& topic = counts->second;
    ++(has_failed ? topic.failed : topic.handled);
    if (topic.first_us == 0)
        topic.first_us = done_us;
    topic.last_us = done_us;
    topic.latency.add(done_us > published_us ? done_us - published_us : 0);
}

std::map<std::string, TopicCounts> HandlerRunner::counts() const {
    const std::lock_guard lock(counts_mutex_);
    return {counts_.begin(), counts_.end()};
}

} // namespace mesh
