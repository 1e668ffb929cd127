#pragma once

#include "mesh/base/time.hpp"
#include "nodes/script/script.hpp"
#include "nodes/script/seen_events.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace nodes {

/// Whether data, as JSON, holds what the condition says. A part of the path that is a number also
/// names an element of an array. Pure.
bool holds(const Condition& condition, const std::string& data);

/// An expectation that is waited for, from the moment on at which its step began. Pure: who waits
/// brings the events and the time.
class Expecting {
public:
    enum class Verdict { open, met, failed };

    /// All but `now` must outlive it. `line` is that of the step.
    Expecting(const Expectation& expectation, std::size_t line, SeenEvents& seen,
              mesh::TimePoint now);

    /// Looks at what has come since the last look. When it is met, it takes its events, the oldest
    /// ones; `expect none` takes none.
    Verdict look(mesh::TimePoint now);

    mesh::TimePoint deadline() const { return deadline_; }

    /// What was expected and what was found, in one sentence.
    std::string summary() const;

    /// What else helps whoever reads of a failure: what was seen, and the last events on the
    /// topic, one a line.
    std::vector<std::string> details() const;

private:
    bool fits(const SeenEvent& event) const;

    const Expectation& expectation_;
    std::size_t line_;
    SeenEvents& seen_;
    mesh::TimePoint deadline_;
    std::uint64_t next_; ///< not looked at yet
    std::vector<std::uint64_t> found_;
};

} // namespace nodes
