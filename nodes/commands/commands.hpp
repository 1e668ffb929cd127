#pragma once

#include "mesh/event/start_from.hpp"
#include "mesh/node/node_options.hpp"
#include "nodes/cli/command_line.hpp"
#include "nodes/cli/environment.hpp"
#include "nodes/cli/exit_code.hpp"
#include "nodes/cli/signals.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace nodes {

/// What a command works with.
struct Invocation {
    const CommandLine& line;
    const Environment& environment;
    StopSignals& signals;
};

/// One function a command; the exit code of the program comes back. What keeps a command from
/// starting is thrown: std::invalid_argument for wrong use, std::runtime_error for the machine.
int run_check(const Invocation& invocation);
int run_graph(const Invocation& invocation);
int run_node(const Invocation& invocation);
int run_init(const Invocation& invocation);
int run_up(const Invocation& invocation);
int run_pub(const Invocation& invocation);
int run_sub(const Invocation& invocation);
int run_nodes(const Invocation& invocation);
int run_dead(const Invocation& invocation);
int run_record(const Invocation& invocation);
int run_replay(const Invocation& invocation);
int run_doctor(const Invocation& invocation);
int run_gateway(const Invocation& invocation);
int run_bench(const Invocation& invocation);

/// The options of a node that this program is, from what was typed.
mesh::NodeOptions node_options(const GlobalOptions& global, const std::string& service,
                               const std::string& realm);

/// The same for a tool: it comes and goes, and is not counted.
mesh::NodeOptions observer_options(const GlobalOptions& global, const std::string& service);

/// What --from says. Throws std::invalid_argument for what is no start.
mesh::StartFrom start_from(const CommandLine& line);

/// What --compress says. Throws std::invalid_argument for what is no size.
std::optional<std::uint64_t> compress_from_bytes(const CommandLine& line);

} // namespace nodes
