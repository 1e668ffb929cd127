#include "mesh/store/store_guard.hpp"

#include <algorithm>
#include <array>
#include <sqlite3.h>
#include <string_view>

namespace mesh {

namespace {

constexpr std::string_view own_prefix = "dagmesh_";

bool is_own(const char* name) {
    return name != nullptr &&
           sqlite3_strnicmp(name, own_prefix.data(), static_cast<int>(own_prefix.size())) == 0;
}

/// PRAGMA that only tell something, whatever follows them.
bool is_harmless_pragma(const char* name) {
    constexpr std::array<const char*, 10> harmless = {
        "table_info",     "table_xinfo",      "table_list",        "index_list",
        "index_info",     "foreign_key_list", "foreign_key_check", "compile_options",
        "collation_list", "index_xinfo"};
    return name != nullptr && std::ranges::any_of(harmless, [&](const char* known) {
               return sqlite3_stricmp(name, known) == 0;
           });
}

} // namespace

int judge_access(void* is_guarded, int action, const char* first, const char* second,
                 const char* /*database*/, const char* /*trigger*/) {
    if (!*static_cast<const bool*>(is_guarded))
        return SQLITE_OK;
    switch (action) {
    case SQLITE_ATTACH:
    case SQLITE_DETACH:
    case SQLITE_TRANSACTION:
    case SQLITE_SAVEPOINT:
        return SQLITE_DENY;
    case SQLITE_PRAGMA:
        return is_harmless_pragma(first) ? SQLITE_OK : SQLITE_DENY;
    default:
        break;
    }
    // Tables stand first or second, depending on the action.
    return is_own(first) || is_own(second) ? SQLITE_DENY : SQLITE_OK;
}

} // namespace mesh
