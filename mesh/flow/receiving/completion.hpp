#pragma once

#include "mesh/flow/subscription.hpp"

#include <cstdint>
#include <deque>

namespace mesh {

/// How far one publisher's events are dealt with when they finish in any order: what may be
/// acknowledged is the longest beginning that is finished. Pure.
/// What is expected and not finished is bounded by the credit that the publisher was granted.
class Completion {
public:
    /// Names what is expected, in the order it came.
    using Ticket = std::uint64_t;

    /// One more piece is to be finished. `after` is the progress once it and everything before it
    /// are.
    Ticket expect(const Progress& after);

    /// The piece is finished; nothing for one that `restart` has forgotten.
    void finish(Ticket ticket);

    /// Forgets what is not part of the finished beginning: it comes again.
    void restart() { pieces_.clear(); }

    /// The longest finished beginning.
    const Progress& progress() const { return progress_; }

    /// Whether the piece that reaches beyond `position`, or just there, is finished.
    bool is_finished(std::uint64_t position) const;

    bool is_complete() const { return pieces_.empty(); }

private:
    struct Piece {
        Progress after;
        bool is_finished = false;
    };

    std::deque<Piece> pieces_; ///< the first one is not finished
    Ticket next_ = 0;
    Progress progress_;
};

} // namespace mesh
