#pragma once

#include "mesh/base/result.hpp"
#include "mesh/store/database.hpp"
#include "mesh/store/stored_letter.hpp"

namespace mesh {

/// Writes a letter as a new row, under its number. Errors: those of the database.
Result<void> insert_dead_letter(Database& database, const StoredLetter& letter);

/// The letter of a row of `SELECT * FROM dagmesh_dead_letters`.
StoredLetter read_dead_letter(const Statement& row);

} // namespace mesh
