#pragma once

#include "mesh/manifest/manifest.hpp"

#include <vector>

namespace mesh {

/// Checks that the handlers named by `compensates` exist: HANDLER in its own service, and
/// SERVICE.HANDLER where the service is among `services`. One that is not may stand in a file that
/// was not given.
void check_compensates(const std::vector<ServiceManifest>& services,
                       std::vector<ManifestError>& errors);

} // namespace mesh
