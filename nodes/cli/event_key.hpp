#pragma once

#include "mesh/event/event.hpp"
#include "mesh/manifest/manifest.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace nodes {

/// The key of an event whose topic has one in the manifest: the value at its path in the data, as
/// text; empty when there is none.
std::string key_in(const std::vector<mesh::EventManifest>& events, std::string_view topic,
                   const mesh::Payload& payload);

} // namespace nodes
