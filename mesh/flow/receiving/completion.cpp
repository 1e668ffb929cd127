#include "mesh/flow/receiving/completion.hpp"

#include <algorithm>

namespace mesh {

Completion::Ticket Completion::expect(const Progress& after) {
    pieces_.push_back({after});
    return next_++;
}

void Completion::finish(Ticket ticket) {
    const auto first = next_ - pieces_.size();
    if (ticket < first || ticket >= next_)
        return;
    pieces_[ticket - first].is_finished = true;
    while (!pieces_.empty() && pieces_.front().is_finished) {
        progress_ = pieces_.front().after;
        pieces_.pop_front();
    }
}

bool Completion::is_finished(std::uint64_t position) const {
    const auto piece = std::ranges::lower_bound(
        pieces_, position, {}, [](const Piece& one) { return one.after.position; });
    return piece != pieces_.end() && piece->is_finished;
}

} // namespace mesh
