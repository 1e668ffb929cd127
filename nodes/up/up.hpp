#pragma once

#include "mesh/manifest/manifest.hpp"
#include "nodes/cli/signals.hpp"
#include "nodes/up/direction.hpp"
#include "nodes/up/up_options.hpp"

#include <iosfwd>
#include <span>
#include <string>

namespace nodes {

/// `dagmesh up`: runs the services of one realm until they end, one fails, or a signal comes.
/// `start_order` names every service, consumers first. Their output and the table of what they
/// did go to `out`, their stderr and what `up` says to `err`.
/// With a `direction` it goes on until that has ended, whose code then is the one when no service
/// failed.
/// Returns the exit code of the program.
int up(const UpOptions& options, const mesh::RealmManifest& manifest,
       std::span<const std::string> start_order, StopSignals& signals, std::ostream& out,
       std::ostream& err, Direction* direction = nullptr);

} // namespace nodes
