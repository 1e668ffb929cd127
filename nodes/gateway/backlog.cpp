#include "nodes/gateway/backlog.hpp"

namespace nodes {

bool Backlog::holds(const mesh::EventId& id, mesh::WallTime published, mesh::WallTime wall_now,
                    mesh::TimePoint now) {
    if (publishers_.size() >= publishers_max)
        publishers_.clear();
    const auto [found, is_new] =
        publishers_.try_emplace({id.source, id.incarnation}, Publisher{wall_now, now});
    auto& publisher = found->second;
    if (published >= publisher.met_at - tolerance || now - publisher.heard_at > pause)
        publisher.is_over = true;
    publisher.heard_at = now;
    return !publisher.is_over;
}

} // namespace nodes
