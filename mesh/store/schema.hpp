#pragma once

namespace mesh {

/// Marks a file as one of ours: "dagm" as a number, in the header that every SQLite file has.
inline constexpr int schema_application_id = 0x6461676d;

/// Rises with every change of the tables; an older program refuses a newer file.
inline constexpr int schema_version = 1;

/// The statements that make our tables in an empty file. Each row that must not be believed when a
/// bit of it flipped carries a checksum. Layout: docs/journal.md.
extern const char* const schema_sql;

} // namespace mesh
