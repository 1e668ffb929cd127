#pragma once

#include <tl/expected.hpp>

#include <string>

namespace mesh {

enum class ErrorCode {
    invalid,             ///< a person or a program asked for something that cannot be
    malformed,           ///< bytes from outside do not follow their format
    unsupported_version, ///< bytes of a format version that this build does not know
    limit,               ///< a stated bound is reached
    refused,             ///< a rule of the mesh forbids it
    would_wait,          ///< it would have to wait, and the caller asked not to
    timed_out,           ///< it did not happen in time
    closed,              ///< the node is stopping
    environment,         ///< the machine does not allow it: a port, a file, an interface
};

/// What went wrong. `detail` says what was expected, what was found and where.
struct Error {
    ErrorCode code;
    std::string detail;
};

/// A value, or the reason why there is none. Used for what arrives while running: from peers,
/// files and people.
template <class T>
using Result = tl::expected<T, Error>;

/// Shorthand for returning an error from a function that returns a Result.
inline tl::unexpected<Error> fail(ErrorCode code, std::string detail) {
    return tl::unexpected<Error>(Error{code, std::move(detail)});
}

} // namespace mesh
