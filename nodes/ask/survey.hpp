#pragma once

#include "mesh/base/time.hpp"
#include "mesh/node.hpp"
#include "mesh/peer/peer.hpp"
#include "mesh/wire/question.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace nodes {

/// Which nodes are asked; what is empty does not matter.
struct NodeChoice {
    std::string service;
    std::string instance;

    bool fits(const std::string& its_service, const std::string& its_instance) const {
        return (service.empty() || service == its_service) &&
               (instance.empty() || instance == its_instance);
    }
};

/// Asks the nodes of a realm through a node that is one of them, on a thread that may wait. Nobody
/// is waited for beyond the deadline.
class Survey {
public:
    Survey(mesh::Node& node, mesh::TimePoint deadline);

    /// Any thread: who waits, waits no longer.
    void stop();

    bool is_over() const;

    mesh::TimePoint deadline() const { return deadline_; }

    /// Looks around, and returns the nodes that were introduced; tools do not count.
    std::vector<mesh::Peer> nodes(const NodeChoice& choice = {});

    /// Whether the last look around saw everybody introduced.
    bool has_seen_all() const { return has_seen_all_; }

    struct Asked {
        mesh::Peer node;
        mesh::Question question;
    };

    /// An answer each, in order; nothing for who does not answer in time, or is gone meanwhile.
    std::vector<std::optional<mesh::Answer>> ask(const std::vector<Asked>& all);
    std::optional<mesh::Answer> ask(const mesh::Peer& node, const mesh::Question& question);

    /// Whether this run of the node is still seen.
    bool is_in_view(const mesh::Peer& node) const;

    /// Waits. False when it is over.
    bool pause(mesh::Duration time);

private:
    struct Waiting;

    bool waits_for_anybody(const std::vector<Asked>& all) const;

    mesh::Node& node_;
    mesh::TimePoint deadline_;
    bool has_seen_all_ = false;
    std::shared_ptr<Waiting> waiting_; ///< outlives this object in the hands of the node's loop
};

/// `SERVICE/INSTANCE`.
std::string label(const mesh::Peer& node);

} // namespace nodes
