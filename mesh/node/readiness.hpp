#pragma once

#include "mesh/base/time.hpp"
#include "mesh/peer/peer.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

namespace mesh {

/// When a node may say that it is ready: it has listened for its time, and every peer that it sees
/// is introduced and, where their contracts meet, linked in both directions.
/// Pure: `now` is passed in.
class Readiness {
public:
    explicit Readiness(std::vector<std::string> expected_services)
        : expected_(std::move(expected_services)) {}

    /// Listens at least this long, beginning at the first call of `is_ready`.
    void listen_for(Duration time) { listening_ = std::max(listening_, time); }

    Duration listening() const { return listening_; }

    /// `peers` are Peer, or pointers to them. `is_linked` says whether everything that this node
    /// and the peer want of each other flows; `lateness` is how much the node's own loop was held
    /// up.
    template <class Peers = std::vector<Peer>, class IsLinked>
    bool is_ready(const Peers& peers, TimePoint now, Duration lateness, IsLinked is_linked) {
        note(static_cast<std::size_t>(std::ranges::size(peers)), now);
        if (now - began_at_ < listening_ + lateness || is_still_growing(now))
            return false;
        for (const auto& service : expected_)
            if (std::ranges::none_of(peers, [&](const auto& one) {
                    const Peer& peer = peer_of(one);
                    return peer.service == service && peer.state == PeerState::active;
                }))
                return false;
        // Somebody who cannot be linked in this time does not hold this node up for good.
        const bool is_patient = now - newcomer_at_ < patience;
        return !is_patient || std::ranges::all_of(peers, [&](const auto& one) {
            const Peer& peer = peer_of(one);
            return peer.contract != nullptr && is_linked(peer);
        });
    }

private:
    static const Peer& peer_of(const Peer& peer) { return peer; }

    static const Peer& peer_of(const Peer* peer) { return *peer; }

    void note(std::size_t peer_count, TimePoint now) {
        if (began_at_ == TimePoint{}) {
            began_at_ = now;
            newcomer_at_ = now;
        }
        if (peer_count > seen_)
            newcomer_at_ = now;
        seen_ = peer_count;
    }

    /// While nodes still come one after the other, more of them are likely to be under way.
    bool is_still_growing(TimePoint now) const {
        return listening_ > Duration{} && now - newcomer_at_ < quiet &&
               now - began_at_ < growing_max;
    }

    static constexpr Duration patience = std::chrono::seconds(3);
    static constexpr Duration quiet = std::chrono::milliseconds(100);
    static constexpr Duration growing_max = std::chrono::seconds(2);

    std::vector<std::string> expected_;
    Duration listening_{};
    TimePoint began_at_{};
    TimePoint newcomer_at_{};
    std::size_t seen_ = 0;
};

} // namespace mesh
