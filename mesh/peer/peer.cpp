#include "mesh/peer/peer.hpp"

#include <algorithm>
#include <tuple>

namespace mesh {

std::string_view to_text(PeerState state) {
    switch (state) {
    case PeerState::joining:
        return "joining";
    case PeerState::active:
        return "active";
    case PeerState::suspect:
        return "suspect";
    case PeerState::gone:
        break;
    }
    return "gone";
}

void sort(std::vector<Peer>& peers) {
    std::ranges::sort(
        peers, {}, [](const Peer& peer) { return std::tie(peer.service, peer.instance, peer.id); });
}

} // namespace mesh
