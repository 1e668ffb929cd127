#include "nodes/script/stage.hpp"

#include <algorithm>

namespace nodes {

namespace {

bool is_node_of(const mesh::Peer& peer, const DirectedProcess& process) {
    return peer.service == process.service && peer.instance == process.instance;
}

bool is_there(const mesh::Peer& peer) {
    return !peer.is_observer && peer.state == mesh::PeerState::active && peer.contract != nullptr;
}

} // namespace

std::vector<std::size_t> Stage::processes(const Direction::View& view, const Target& target) const {
    const auto asked = replicas_.find(target.service);
    const auto count = asked == replicas_.end() ? 1U : asked->second;
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < view.processes.size(); ++i) {
        const auto& process = view.processes[i];
        const bool is_meant =
            target.replica ? process.replica == *target.replica : process.replica <= count;
        if (process.service == target.service && is_meant)
            found.push_back(i);
    }
    return found;
}

std::string label(const DirectedProcess& process) {
    return process.service + "/" + std::to_string(process.replica);
}

std::string_view to_text(DirectedProcess::State state) {
    switch (state) {
    case DirectedProcess::State::waiting:
        return "waiting for its turn";
    case DirectedProcess::State::starting:
        return "starting";
    case DirectedProcess::State::ready:
        return "ready";
    case DirectedProcess::State::pausing:
        return "failed, starts again";
    case DirectedProcess::State::stopped:
        return "stopped";
    case DirectedProcess::State::ended:
        return "ended";
    }
    return "unknown";
}

const mesh::Peer* node_of(const DirectedProcess& process, const std::vector<mesh::Peer>& peers) {
    const auto found = std::ranges::find_if(
        peers, [&](const mesh::Peer& peer) { return is_there(peer) && is_node_of(peer, process); });
    return found == peers.end() ? nullptr : &*found;
}

ReadyNodes ready_nodes(const Direction::View& view, const std::vector<mesh::Peer>& peers) {
    ReadyNodes nodes;
    for (const auto& process : view.processes) {
        if (process.state == DirectedProcess::State::stopped ||
            process.state == DirectedProcess::State::ended)
            continue;
        const bool is_ready = process.state == DirectedProcess::State::ready;
        const bool is_seen = node_of(process, peers) != nullptr;
        if (is_ready && is_seen && !process.is_paused)
            nodes.ready.push_back(label(process));
        else
            nodes.unready.push_back(label(process) + " (" +
                                    std::string(process.is_paused ? "paused"
                                                : is_ready        ? "not seen yet"
                                                                  : to_text(process.state)) +
                                    ")");
    }
    for (const auto& peer : peers)
        if (is_there(peer) && std::ranges::none_of(view.processes, [&](const auto& process) {
                return is_node_of(peer, process);
            }))
            nodes.ready.push_back(peer.service + "/" + peer.instance);
    return nodes;
}

} // namespace nodes
