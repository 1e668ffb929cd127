#pragma once

#include "mesh/base/time.hpp"

#include <cstddef>
#include <string>

namespace nodes {

/// Tells on stderr how far a benchmark is: one line that changes on a terminal, else a line a step.
class Progress {
public:
    enum class How { silent, lines, one_line };

    explicit Progress(How how) : how_(how) {}

    ~Progress() { clear(); }

    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    /// One line on a terminal, else lines; nothing when `is_quiet`.
    static How on_stderr(bool is_quiet);

    /// So many steps are to come.
    void expect(std::size_t steps) { steps_ += steps; }

    /// The next step begins.
    void step(const std::string& what);

    /// Takes the line away, so that something else can be printed.
    void clear();

private:
    How how_;
    std::size_t steps_ = 0;
    std::size_t done_ = 0;
    mesh::TimePoint started_ = mesh::now();
};

/// `3 of 40, throughput 1:1, about 50 s to go`; how long is not said before anything is done.
std::string progress_text(std::size_t done, std::size_t steps, const std::string& what,
                          mesh::Duration so_far);

} // namespace nodes
