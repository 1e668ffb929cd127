#include "nodes/gateway/mesh_reader.hpp"

#include "mesh/base/log.hpp"

#include <utility>

namespace nodes {

MeshReader::MeshReader(mesh::NodeOptions options, discovery::DiscoveryOptions discovery,
                       const std::vector<std::string>& patterns, RecentEvents& recent,
                       LastValues& last)
    : recent_(recent), last_(last), node_(std::move(options)), discovery_(node_, discovery) {
    node_.on(patterns, [this](const mesh::Event& event) { see(event); })
        .named("gateway")
        .group(mesh::GroupMode::each)
        .emits(std::vector<mesh::Pattern>{})
        .from(mesh::StartFrom::oldest())
        .on_gap([this](const mesh::Gap& gap) {
            mesh::log(mesh::LogLevel::warning, "gateway: " + std::to_string(gap.count) +
                                                   " events of " + std::string(gap.service) +
                                                   " are lost to its streams");
            recent_.lose(gap.count);
        });
    node_.on_ready([this] { is_ready_ = true; });
    node_.watch([this](const mesh::Peer& peer) {
        if (peer.state == mesh::PeerState::gone && peer.has_left)
            recent_.forget_runs(peer.id);
    });
}

void MeshReader::see(const mesh::Event& event) {
    const mesh::OwnedEvent owned(event);
    last_.note(owned);
    recent_.push({owned, backlog_.holds(event.id, event.time, mesh::wall_now(), mesh::now())});
}

} // namespace nodes
