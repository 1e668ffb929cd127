#pragma once

#include "mesh/graph/graph_input.hpp"
#include "mesh/manifest/manifest.hpp"

namespace nodes {

/// What the graph of a realm is made of, with the places of its manifests.
mesh::GraphInput graph_input(const mesh::RealmManifest& realm);

} // namespace nodes
