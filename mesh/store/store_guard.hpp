#pragma once

namespace mesh {

/// Answers SQLite whether a statement may do something, for statements of users of a store. Our own
/// tables, other files, and what begins or ends a transaction are not theirs. `is_guarded` points
/// to a bool; while it is false, everything goes: the statement is one of our own. The other
/// parameters and the result are those of sqlite3_set_authorizer.
int judge_access(void* is_guarded, int action, const char* first, const char* second,
                 const char* database, const char* trigger);

} // namespace mesh
