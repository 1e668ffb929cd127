// Outgoing, the part that publishes: credit first, then a place in the stream. Any thread.

#include "mesh/node/publishing/outgoing.hpp"

#include <algorithm>

namespace mesh {

namespace {

std::string listed(const std::vector<std::string>& keys) {
    std::string text;
    for (const auto& key : keys)
        text += (text.empty() ? "" : ", ") + key;
    return text;
}

} // namespace

/// The first event that has to wait for credit, or null.
const Draft* Outgoing::find_short(std::span<const Draft> drafts) const {
    const auto found = std::ranges::find_if(drafts, [this](const Draft& draft) {
        return draft.level != Level::fast &&
               deliveries_.waits_for(draft.topic, draft.payload.size(), draft.key) != nullptr;
    });
    return found == drafts.end() ? nullptr : &*found;
}

Result<void> Outgoing::wait_for_room(std::unique_lock<std::mutex>& lock,
                                     std::span<const Draft> drafts, const Patience& patience) {
    using Waiting = Patience::Waiting;
    if (is_closed_)
        return fail(ErrorCode::closed, "the node is stopping");
    while (const auto* draft = find_short(drafts)) {
        if (is_closed_)
            return fail(ErrorCode::closed, "the node is stopping");
        const auto no_credit = [&] {
            return std::string(draft->topic) + ": no credit from " +
                   listed(deliveries_.slow_ones(draft->topic, draft->payload.size(), draft->key));
        };
        if (patience.waiting == Waiting::not_at_all)
            return fail(ErrorCode::would_wait, no_credit());
        if (reactor_.is_inside())
            break;
        if (send_rest())
            reactor_.wake();
        if (patience.waiting == Waiting::as_long_as_it_takes)
            progress_.wait(lock);
        else if (progress_.wait_until(lock, patience.deadline) == std::cv_status::timeout)
            return fail(ErrorCode::timed_out, no_credit() + "; nothing was published");
    }
    return {};
}

Result<void> Outgoing::wait_for_room(std::span<const Draft> drafts, const Patience& patience) {
    std::unique_lock lock(mutex_);
    return wait_for_room(lock, drafts, patience);
}

Result<std::uint64_t>
Outgoing::publish(const Draft& draft, const Patience& patience, bool is_watched,
                  const std::function<Result<std::uint64_t>(WallTime)>& append) {
    bool has_to_wake = false;
    std::uint64_t sequence = 0;
    {
        std::unique_lock lock(mutex_);
        if (auto room = wait_for_room(lock, {&draft, 1}, patience); !room)
            return tl::unexpected(room.error());
        const auto time = clock_.now();
        const auto appended = append(time);
        if (!appended)
            return tl::unexpected(appended.error());
        sequence = *appended;
        if (is_watched)
            deliveries_.watch(sequence, draft.topic);
        has_to_wake = send_on(deliveries_.concerned_links(), time, draft.payload.size());
    }
    if (has_to_wake)
        reactor_.wake();
    return sequence;
}

void Outgoing::watch(std::uint64_t sequence, std::string_view topic) {
    const std::lock_guard lock(mutex_);
    deliveries_.watch(sequence, topic);
}

Result<void> Outgoing::wait_finished(std::uint64_t sequence, std::string_view topic,
                                     TimePoint deadline) {
    std::unique_lock lock(mutex_);
    Deliveries::Unfinished unfinished;
    progress_.wait_until(lock, deadline, [&] {
        unfinished = deliveries_.unfinished(sequence);
        return is_closed_ || unfinished.open.empty();
    });
    deliveries_.stop_watching(sequence);
    const auto what = std::string(topic) + " (" + std::to_string(sequence) + ")";
    if (!unfinished.open.empty())
        return fail(ErrorCode::timed_out,
                    what + " is published, not finished: " + listed(unfinished.open));
    if (!unfinished.lost.empty())
        return fail(ErrorCode::refused,
                    what + " is published, but lost to: " + listed(unfinished.lost));
    return {};
}

Result<void>
Outgoing::publish_all(std::span<const Draft> drafts, const Patience& patience,
                      const std::function<Result<std::uint64_t>(const Draft&)>& append) {
    Result<void> result;
    bool has_to_wake = false;
    {
        std::unique_lock lock(mutex_);
        if (auto room = wait_for_room(lock, drafts, patience); !room)
            return room;
        std::vector<LinkNumber> concerned;
        for (const auto& draft : drafts) {
            if (const auto appended = append(draft); !appended) {
                result = tl::unexpected(appended.error());
                break;
            }
            note_concerned(concerned);
        }
        has_to_wake = send_on(concerned, wall_now());
    }
    if (has_to_wake)
        reactor_.wake();
    return result;
}

void Outgoing::note_concerned(std::vector<LinkNumber>& concerned) const {
    for (const auto number : deliveries_.concerned_links())
        if (std::ranges::find(concerned, number) == concerned.end())
            concerned.push_back(number);
}

void Outgoing::hand_on(std::size_t count, const std::function<void(std::size_t)>& append) {
    bool has_to_wake = false;
    {
        const std::lock_guard lock(mutex_);
        std::vector<LinkNumber> concerned;
        for (std::size_t i = 0; i < count; ++i) {
            append(i);
            note_concerned(concerned);
        }
        has_to_wake = send_on(concerned, wall_now());
    }
    if (has_to_wake)
        reactor_.wake();
}

} // namespace mesh
