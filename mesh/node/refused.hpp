#pragma once

#include <stdexcept>

namespace mesh {

/// The mesh refused the node: it would close a cycle of events. The log has said which one.
class Refused : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

} // namespace mesh
