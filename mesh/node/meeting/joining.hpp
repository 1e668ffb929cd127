#pragma once

#include "mesh/net/reactor.hpp"
#include "mesh/node/handling/handler_runner.hpp"
#include "mesh/node/identity.hpp"
#include "mesh/peer/admission.hpp"
#include "mesh/peer/peer.hpp"
#include "mesh/wire/control.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mesh {

/// Joins a node: tells its Admission what happens, sends what that says, and holds, rests and
/// resumes the handlers as it decides. The loop's thread.
class Joining {
public:
    struct Hooks {
        std::function<void(const NodeId& to, const ControlBody& body)> send;
        /// A handler began to rest, or goes on after a rest.
        std::function<void(std::size_t handler)> handler_changed;
        /// The node was refused, or other handlers than before are quarantined.
        std::function<void()> decided_anew;
    };

    Joining(Reactor& reactor, const Identity& identity,
            std::vector<std::unique_ptr<HandlerRunner>>& handlers, AdmissionOptions options,
            Hooks hooks);

    /// Begins to listen; until it is decided, handlers that receive and emit wait.
    void start();

    void peer_changed(const Peer& peer);
    void receive(const Peer& from, const Join& join);
    void receive(const Peer& from, const JoinAnswer& answer);

    /// To be called every 100 ms or so.
    void tick();

    /// The node stops: who waits for its answer gets it.
    void leave();

    /// Decided, and not against the node as a whole.
    bool is_admitted() const { return admission_.is_decided() && !admission_.is_refused(); }

    bool is_refused() const { return admission_.is_refused(); }

    /// Whether all peers in view have confirmed what this node says of itself.
    bool is_told() const { return admission_.is_told(); }

    /// Handlers that do not run because they would close a cycle, ascending.
    std::vector<std::uint16_t> quarantined() const;

private:
    enum class Gate { open, held, resting };

    void take(const AdmissionOutcome& outcome);
    /// True when a handler came to rest, or goes on after a rest.
    bool apply();
    void arm();

    Reactor& reactor_;
    std::vector<std::unique_ptr<HandlerRunner>>& handlers_;
    Hooks hooks_;
    Admission admission_;
    std::vector<Gate> gates_; ///< one a handler
    std::optional<TimerId> timer_;
    bool has_left_ = false; ///< nothing is decided any more
};

} // namespace mesh
