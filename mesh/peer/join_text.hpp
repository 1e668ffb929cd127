#pragma once

#include "mesh/event/contract.hpp"
#include "mesh/wire/join.hpp"

#include <string>

namespace mesh {

/// The cycle for people, the same on every node that prints it: one line a handler, an arrow means
/// "causes", with the key (epoch, node id) of the node that runs the handler or wants to. The last
/// line says by which rule it was decided.
std::string to_text(const JoinCycle& cycle);

/// Whether a handler of this contract is on the cycle.
bool concerns(const JoinCycle& cycle, const Contract& contract);

} // namespace mesh
