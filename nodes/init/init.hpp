#pragma once

#include "nodes/init/flow_files.hpp"

#include <iosfwd>
#include <string>
#include <vector>

namespace nodes {

/// `dagmesh init`: writes what the flow becomes into the folder, which it makes if need be. Says on
/// `out` what it wrote, on `err` what it refuses: a flow with a cycle, shown as `check` does, and a
/// folder in which one of its files is there already.
/// Returns the exit code. Throws std::invalid_argument for what is no flow, and std::runtime_error
/// when the folder cannot be written to.
int init(const std::vector<std::string>& flows, Language language, const std::string& folder,
         std::ostream& out, std::ostream& err);

} // namespace nodes
