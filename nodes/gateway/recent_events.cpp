#include "nodes/gateway/recent_events.hpp"

#include <algorithm>
#include <utility>

namespace nodes {

RecentEvents::Reader::~Reader() {
    const std::lock_guard lock(events_.mutex_);
    events_.streams_.erase(stream_);
}

StreamItem RecentEvents::Reader::next(mesh::Duration patience) {
    const auto deadline = mesh::now() + patience;
    auto& stream = *stream_;
    std::unique_lock lock(events_.mutex_);
    for (;;) {
        while (stream.next() < events_.first_ + events_.events_.size()) {
            const auto& seen = events_.events_[stream.next() - events_.first_];
            const auto number = stream.next();
            if (stream.take(*seen))
                return {seen,
                        {events_.run_, number, stream.since(), stream.positions().all()},
                        stream.take_lost()};
        }
        if (events_.is_over_ ||
            events_.changed_.wait_until(lock, deadline) == std::cv_status::timeout)
            return {nullptr, {}, stream.take_lost()};
    }
}

std::unique_ptr<RecentEvents::Reader> RecentEvents::read(mesh::Pattern pattern,
                                                         const std::optional<ResumePoint>& after) {
    const std::lock_guard lock(mutex_);
    return std::make_unique<Reader>(
        *this, streams_.insert(streams_.end(), stream_at(std::move(pattern), after)));
}

EventStream RecentEvents::stream_at(mesh::Pattern pattern,
                                    const std::optional<ResumePoint>& after) const {
    const auto end = first_ + events_.size();
    if (!after)
        return {std::move(pattern), end, positions_, mesh::wall_now()};
    if (after->run != run_ || after->index >= end)
        return EventStream::resumed(std::move(pattern), first_, *after, EventStream::Giver::other);
    auto stream = EventStream::resumed(std::move(pattern), std::max(after->index + 1, first_),
                                       *after, EventStream::Giver::same);
    stream.lose(stream.next() - after->index - 1);
    return stream;
}

std::size_t RecentEvents::size_of(const SeenEvent& seen) {
    const auto& event = *seen.event;
    return overhead_bytes + event.topic.size() + event.key.size() + event.headers.size() +
           event.payload.size();
}

void RecentEvents::push(SeenEvent seen) {
    auto shared = std::make_shared<const SeenEvent>(std::move(seen));
    const std::lock_guard lock(mutex_);
    positions_.note(shared->event->id);
    bytes_ += size_of(*shared);
    events_.push_back(std::move(shared));
    trim();
    const auto& newest = *events_.back();
    if (std::ranges::any_of(streams_, [&](const auto& stream) { return stream.wants(newest); }))
        changed_.notify_all();
}

void RecentEvents::trim() {
    while (events_.size() > 1 && (events_.size() > bounds_.events || bytes_ > bounds_.bytes)) {
        const auto& oldest = *events_.front();
        for (auto& stream : streams_)
            if (stream.next() == first_ && stream.take(oldest))
                stream.lose(1);
        bytes_ -= size_of(oldest);
        events_.pop_front();
        ++first_;
    }
}

void RecentEvents::lose(std::uint64_t events) {
    const std::lock_guard lock(mutex_);
    for (auto& stream : streams_)
        stream.lose(events);
    changed_.notify_all();
}

void RecentEvents::forget_runs(const mesh::NodeId& source) {
    const std::lock_guard lock(mutex_);
    positions_.forget_runs(source);
    for (auto& stream : streams_)
        stream.forget_runs(source);
}

void RecentEvents::end() {
    const std::lock_guard lock(mutex_);
    is_over_ = true;
    changed_.notify_all();
}

bool RecentEvents::is_over() const {
    const std::lock_guard lock(mutex_);
    return is_over_;
}

} // namespace nodes
