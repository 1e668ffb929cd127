#pragma once

#include "mesh/base/result.hpp"
#include "mesh/store/database.hpp"
#include "mesh/store/dead_letter.hpp"

namespace mesh {

/// Writes a letter as a new row, under its number. Errors: those of the database.
Result<void> insert_dead_letter(Database& database, const DeadLetter& letter);

/// The letter of a row of `SELECT * FROM dagmesh_dead_letters`.
DeadLetter read_dead_letter(const Statement& row);

} // namespace mesh
