#pragma once

#include "mesh/event/event_rules.hpp"
#include "mesh/manifest/manifest.hpp"

#include <vector>

namespace mesh {

/// What a node of the service has to know of the events that it may publish: the entries of the
/// realm's `events` that meet them.
std::vector<EventRule> event_rules(const RealmManifest& realm, const Contract& contract);

} // namespace mesh
