#pragma once

#include "mesh/base/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace mesh {

/// An instance that keeps something on this machine, whether it runs or not.
struct StoredInstance {
    std::string service;
    std::string name;
    std::string path; ///< of its `node.db`

    bool operator==(const StoredInstance&) const = default;
};

/// The instances of a realm whose data lies below a state folder, by service and name. None when
/// the folder is missing. Errors: `environment` when it cannot be read.
Result<std::vector<StoredInstance>> stored_instances(const std::string& folder,
                                                     std::string_view realm);

} // namespace mesh
