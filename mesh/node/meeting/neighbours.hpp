#pragma once

#include "mesh/base/log.hpp"
#include "mesh/net/context.hpp"
#include "mesh/net/control_path.hpp"
#include "mesh/node/identity.hpp"
#include "mesh/peer/cut.hpp"
#include "mesh/peer/roster.hpp"
#include "mesh/wire/control.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace mesh {

/// Knows the other nodes and talks with them beside the events: says hello, exchanges contracts by
/// hash, and hands every other control message on. The loop's thread.
class Neighbours {
public:
    /// A message of a known peer that is not about knowing each other.
    using Dispatch = std::function<void(const Peer& from, const ControlBody& body)>;
    using Changed = std::function<void(const Peer& peer)>;

    /// Nothing goes to the nodes of `cut`, and what comes from them is as good as never sent.
    Neighbours(zmq::context_t& context, Reactor& reactor, const Identity& identity, const Cut& cut,
               std::size_t peers_max, Dispatch dispatch, Changed changed);

    ControlPath& path() { return path_; }

    void add_address(const Endpoint& address);
    void sight(const Sighting& sighting);

    void hear(const NodeId& id, std::uint32_t incarnation) { roster_.hear(id, incarnation, now()); }

    void doubt(const NodeId& id);
    void leave(const NodeId& id, std::uint32_t incarnation);

    /// Sends to a known peer. `also_back` uses the connection that the peer opened too, for when
    /// it may not be reachable otherwise.
    void send(const NodeId& to, const ControlBody& body, bool also_back = false);

    /// Tells everybody which of this node's handlers do not run.
    void say_quarantined(std::vector<std::uint16_t> handlers);

    /// Tells everybody that this node stops.
    void say_leave();

    void tick(Duration lateness);

    bool is_settling() const { return roster_.is_settling(); }

    std::vector<Peer> peers() const { return roster_.peers(); }

    /// The same in no order, without copies; for the moment.
    std::vector<const Peer*> view() const { return roster_.view(); }

    std::size_t peer_count() const { return roster_.size(); }

    const Peer* find(const NodeId& id) const { return roster_.find(id); }

private:
    void receive(Bytes bytes, const ControlPath::Sender& sender);
    void on_hello(const ControlMessage& message, const Hello& hello,
                  const ControlPath::Sender& sender);
    void take(const std::vector<Roster::Step>& steps);
    void greet(const Roster::Step& step);

    bool is_cut_off(const NodeId& id) const { return !cut_.is_empty() && cut_.holds(id, now()); }

    std::string line_to(const Peer& peer);
    void hang_up(const std::string& address);
    void tell_of(const Peer& newcomer);
    Hello own_hello() const;
    std::string encode_from_here(const ControlBody& body) const;
    std::shared_ptr<const Contract> contract_of(const Hello& hello);

    const Identity& identity_;
    const Cut& cut_;
    Dispatch dispatch_;
    Changed changed_;
    Roster roster_;
    ControlPath path_;
    std::map<std::string, Endpoint> addresses_; ///< that the user gave, as they are dialled
    std::map<std::string, Endpoint> greeted_;   ///< all that were greeted, as they are dialled

    /// The contracts of peers, by hash: replicas and restarted nodes share them.
    std::map<std::uint64_t, std::weak_ptr<const Contract>> contracts_;
    std::size_t contracts_mark_ = 0; ///< with so many of them, those that nobody has are forgotten
    std::map<std::uint64_t, std::shared_ptr<const Contract>> recent_contracts_;

    /// The connection that a peer's last message came by.
    std::map<NodeId, std::string> routes_;

    std::vector<std::uint16_t> quarantined_;

    /// Who goes by addresses, not beacons: they are told of everybody who comes.
    std::set<NodeId> asking_;
    std::map<std::string, bool> is_unanswered_; ///< by address
    std::map<NodeId, std::string> lines_;       ///< the address at which each peer is dialled
    CountedWarning malformed_{"control message dropped"};
    CountedWarning older_run_{"hello not believed"};
};

} // namespace mesh
