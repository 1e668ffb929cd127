#include "mesh/node/handling/feed.hpp"

#include "mesh/base/log.hpp"

#include <algorithm>
#include <utility>

namespace mesh {

Completion::Ticket Feed::expect(std::span<const Progress> afters) {
    const std::lock_guard lock(mutex_);
    std::optional<Completion::Ticket> first;
    for (const auto& after : afters) {
        const auto ticket = completion_.expect(after);
        first = first.value_or(ticket);
    }
    return first.value_or(0);
}

void Feed::finish(Completion::Ticket ticket) {
    const std::lock_guard lock(mutex_);
    completion_.finish(ticket);
    progress_.set(completion_.progress());
}

void Feed::restart() {
    const std::lock_guard lock(mutex_);
    completion_.restart();
}

bool Feed::is_finished(std::uint64_t sequence) const {
    const std::lock_guard lock(mutex_);
    return sequence <= progress_.get().position || completion_.is_finished(sequence);
}

void Feed::remember(std::uint64_t place, std::set<std::uint64_t> marks) {
    const std::lock_guard lock(mutex_);
    place_ = place;
    marks_ = std::move(marks);
}

bool Feed::is_kept(std::uint64_t sequence) const {
    const std::lock_guard lock(mutex_);
    return sequence <= place_ || marks_.contains(sequence);
}

std::uint64_t Feed::place() const {
    const std::lock_guard lock(mutex_);
    return place_;
}

bool Feed::has_marks() const {
    const std::lock_guard lock(mutex_);
    return !marks_.empty();
}

std::set<std::uint64_t> Feed::marks_to(std::uint64_t last) const {
    const std::lock_guard lock(mutex_);
    return {marks_.begin(), marks_.upper_bound(last)};
}

void Feed::keep(std::uint64_t place, std::span<const std::uint64_t> marks) {
    const std::lock_guard lock(mutex_);
    place_ = std::max(place_, place);
    marks_.insert(marks.begin(), marks.end());
    marks_.erase(marks_.begin(), marks_.upper_bound(place_));
}

void Feed::define(const Batch& batch, const std::vector<Pattern>& patterns) {
    for (const auto& definition : batch.header.topics) {
        const auto number = definition.number;
        const auto name = definition.topic;
        if (topics_.size() <= number)
            topics_.resize(number + std::size_t{1});
        const bool is_wanted = std::ranges::any_of(
            patterns, [&](const Pattern& pattern) { return pattern.matches(name); });
        topics_[number] = Topic{std::make_shared<const std::string>(name), is_wanted};
    }
}

void Feed::note_undefined(std::uint16_t number) const {
    static CountedWarning undefined("event of a topic that was not defined");
    undefined(service + ": number " + std::to_string(number));
}

void note_malformed(const Feed& feed, const Error& error) {
    static CountedWarning malformed("batch with records that cannot be read");
    malformed(feed.service + ": " + error.detail);
}

} // namespace mesh
