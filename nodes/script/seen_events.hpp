#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>

namespace nodes {

/// An event as a script looks at it.
struct SeenEvent {
    std::string topic;
    std::string data;         ///< as JSON when that can be
    std::string line;         ///< as `dagmesh sub` prints it
    std::size_t taken_by = 0; ///< the line of the step that took it; 0: none has
};

/// The events since a script began, in the order in which they came. Bounded: the oldest go first.
/// Pure.
class SeenEvents {
public:
    static constexpr std::size_t events_max = 100'000;
    static constexpr std::size_t size_bytes_max = std::size_t{64} * 1024 * 1024;

    explicit SeenEvents(std::size_t count_max = events_max) : count_max_(count_max) {}

    void add(SeenEvent event);

    /// Events are numbered from 0; those before `begin` are forgotten, `end` is the next one.
    std::uint64_t begin() const { return begin_; }

    std::uint64_t end() const { return begin_ + events_.size(); }

    /// `number` lies within begin and end.
    const SeenEvent& at(std::uint64_t number) const { return events_[number - begin_]; }

    void take(std::uint64_t number, std::size_t line) { events_[number - begin_].taken_by = line; }

private:
    std::size_t count_max_;
    std::deque<SeenEvent> events_;
    std::uint64_t begin_ = 0;
    std::size_t size_bytes_ = 0;
};

} // namespace nodes
