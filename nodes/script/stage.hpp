#pragma once

#include "mesh/peer/peer.hpp"
#include "nodes/script/script.hpp"
#include "nodes/up/direction.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace nodes {

/// Who plays in a run: which processes the words of a script mean, and which nodes they are. Pure.
class Stage {
public:
    explicit Stage(std::map<std::string, std::uint32_t> replicas)
        : replicas_(std::move(replicas)) {}

    /// From now on the service has so many replicas.
    void set_replicas(const std::string& service, std::uint32_t count) {
        replicas_[service] = count;
    }

    /// The processes, by their number in the view: of a whole service only the replicas that it is
    /// to have.
    std::vector<std::size_t> processes(const Direction::View& view, const Target& target) const;

private:
    std::map<std::string, std::uint32_t> replicas_;
};

/// `order/1`: a process as it is told of.
std::string label(const DirectedProcess& process);

std::string_view to_text(DirectedProcess::State state);

/// The node of the process among the peers of the script's node; null when it is not in view.
const mesh::Peer* node_of(const DirectedProcess& process, const std::vector<mesh::Peer>& peers);

/// The nodes that are ready, and what hinders those that are not.
struct ReadyNodes {
    std::vector<std::string> ready; ///< SERVICE/INSTANCE, also of nodes that the run did not start
    std::vector<std::string> unready; ///< `order/1 (starting)`
};

ReadyNodes ready_nodes(const Direction::View& view, const std::vector<mesh::Peer>& peers);

} // namespace nodes
