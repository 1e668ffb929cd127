#pragma once

#include "mesh/base/time.hpp"
#include "nodes/bench/child.hpp"
#include "nodes/cli/signals.hpp"

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace nodes {

/// A measurement did not come to an end: a process failed, or took too long.
class BenchUnfinished : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// Somebody pressed Ctrl-C.
class BenchStopped : public BenchUnfinished {
public:
    BenchStopped() : BenchUnfinished("stopped before all was measured") {}
};

/// The processes of a round. They end with it.
class Crew {
public:
    explicit Crew(StopSignals& signals) : signals_(signals) {}

    ~Crew();
    Crew(const Crew&) = delete;
    Crew& operator=(const Crew&) = delete;

    void start(const std::vector<std::string>& words) { children_.emplace_back(words); }

    std::vector<Child>& children() { return children_; }

    /// Waits until each of them has said a line that begins with that word, and gives the words
    /// behind it, in the order of `who`; other lines are for later.
    /// Throws BenchUnfinished when one fails, ends or takes longer, BenchStopped for a signal.
    std::vector<std::vector<std::string>>
    hear(std::string_view word, const std::vector<std::size_t>& who, mesh::TimePoint deadline);

    /// The time of all processors that they have taken so far.
    std::chrono::nanoseconds processor_time() const;

private:
    void wait(mesh::TimePoint deadline);
    bool take_lines(std::size_t number);

    StopSignals& signals_;
    std::vector<Child> children_;
    std::vector<std::vector<std::vector<std::string>>> said_; ///< of each child, not asked for yet
};

/// Waits for so long. Throws BenchStopped for a signal.
void wait_or_stop(StopSignals& signals, mesh::Duration time);

} // namespace nodes
