#pragma once

#include "mesh/base/endpoint.hpp"
#include "mesh/base/time.hpp"
#include "mesh/event/event_rules.hpp"
#include "mesh/node/ledger_fault.hpp"
#include "mesh/store/journal_options.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mesh {

/// Every knob of a node. What is left empty is taken from the environment (`DAGMESH_REALM`,
/// `DAGMESH_LISTEN` and so on, as the program's options are called) or has the default given here.
/// The environment wins over `realm` and `service` given in code, so that whoever starts a program
/// decides where it belongs.
struct NodeOptions {
    // Names are such as `check_name` accepts (mesh/event/name.hpp).
    std::string service = {}; ///< required
    std::string realm = {};   ///< default: `default`

    /// Topics or patterns that this process may publish. Empty: what its handlers emit.
    std::vector<std::string> publishes = {};

    /// What is known of the topics that it publishes, as `events` of a manifest says it. Whoever
    /// starts the process may know better: DAGMESH_EVENTS replaces it.
    std::vector<EventRule> events = {};

    /// The replica's lasting place; empty: the lowest free number.
    std::string instance = {};
    /// Where ids and incarnations are kept; empty: `$XDG_STATE_HOME/dagmesh` or the like.
    std::string state_folder = {};
    /// Neither instance nor state: a tool that comes and goes.
    bool is_passing = false;
    /// A tool: not counted as a node, its subscriptions hold nobody up.
    bool is_observer = false;
    /// Reads the environment as said above; a program with options of its own has done so.
    bool uses_environment = true;

    /// Control address; the inbox listens on the next port. Empty: a free port on loopback.
    std::optional<Endpoint> listen = {};
    /// The host that others are told to dial; empty: the one they see.
    std::string advertise = {};
    /// Network interfaces to be reachable on, beside loopback.
    std::vector<std::string> interfaces = {};
    /// Control addresses of nodes to join without any beacon.
    std::vector<Endpoint> peers = {};
    /// Events reach this node over TCP, also those of nodes of the same machine.
    bool is_tcp_only = false;
    /// Allows to listen where other machines can reach: there is no encryption yet.
    bool is_insecure = false;

    /// Does not become ready, and `run` throws Refused, when a handler would close a cycle of
    /// events with those of other nodes. Otherwise only such handlers do not run, until the cause
    /// is gone.
    bool is_strict = true;

    /// Services that must be there and linked before the node is ready.
    std::vector<std::string> expects = {};
    /// Gets the line `ready` when the node is; -1: none.
    int ready_fd = -1;
    /// Gets one JSON line of counts when the node stops; -1: none.
    int report_fd = -1;

    /// Where durable events are kept; empty: beside the state of the instance.
    std::string journal_folder = {};
    /// What a durable publish survives, and how much is kept.
    Sync sync = Sync::normal;
    JournalOptions journal = {};

    /// Payloads of at least so many bytes are compressed, if that makes them smaller; of topics for
    /// which `events` says so, from the size that stands there. Nothing: only of those. Saves a
    /// network or a disk at the price of time; on one machine it mostly does not pay.
    std::optional<std::uint64_t> compress_from_bytes = {};

    /// Bound of the events kept in memory for slow and returning subscribers.
    std::size_t log_size_bytes_max = 64 * 1024 * 1024;
    /// Bound of what is put aside on disk, in the state folder, for subscribers that spill.
    std::uint64_t spill_size_bytes_max = std::uint64_t{1} << 30U;
    /// Nodes known at the same time.
    std::size_t peers_max = 1024;
    /// How long `stop` waits for handlers and acknowledgements.
    Duration drain_patience = std::chrono::seconds(10);

    /// Tools may cut it off from other nodes for a time, to see what the mesh does then. For demos
    /// and tests: also by DAGMESH_FAULTS.
    bool allows_faults = false;

    /// For tests of the ledger only.
    LedgerFault ledger_fault = LedgerFault::none;
};

/// The options with the environment applied, the plumbing of whoever started the process
/// (`DAGMESH_READY_FD`, `DAGMESH_REPORT_FD`, `DAGMESH_EXPECT`, `DAGMESH_EVENTS`, and the journal's
/// `DAGMESH_JOURNAL`, `DAGMESH_SYNC`, `DAGMESH_JOURNAL_BOUNDS`; `DAGMESH_FAULTS`) and
/// `DAGMESH_COMPRESS` in any case. Throws std::invalid_argument for a value that cannot be read,
/// naming the variable, and for options that contradict each other; std::runtime_error for what
/// this build cannot do.
NodeOptions with_environment(NodeOptions options);

} // namespace mesh
