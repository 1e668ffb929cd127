#pragma once

#include "mesh/base/result.hpp"

#include <string>
#include <string_view>

struct sqlite3;

namespace mesh {

/// What SQLite complained of last on this connection, in words that say what to do: the file, what
/// is wrong with it, SQLite's own text and the system's, for which the caller clears `errno` before
/// it calls SQLite. `connection` may be null.
/// Codes: `refused` in use by another process, `malformed` damaged or no database, `environment`
/// full, read-only or failing disk, `limit` too big, `invalid` a statement that cannot be.
Error sqlite_error(sqlite3* connection, std::string_view path);

} // namespace mesh
