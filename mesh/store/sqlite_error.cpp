#include "mesh/store/sqlite_error.hpp"

#include <cerrno>
#include <cstring>
#include <sqlite3.h>

namespace mesh {

namespace {

struct Kind {
    ErrorCode code;
    std::string_view words;
};

Kind kind_of(int code) {
    switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return {ErrorCode::refused, "in use by another process"};
    case SQLITE_FULL:
        return {ErrorCode::environment, "the disk is full"};
    case SQLITE_READONLY:
    case SQLITE_PERM:
        return {ErrorCode::environment, "it cannot be written"};
    case SQLITE_CANTOPEN:
        return {ErrorCode::environment, "it cannot be opened for writing"};
    case SQLITE_IOERR:
        return {ErrorCode::environment, "reading or writing failed"};
    case SQLITE_NOTADB:
        return {ErrorCode::malformed, "expected an SQLite database, found something else"};
    case SQLITE_CORRUPT:
        return {ErrorCode::malformed, "the file is damaged"};
    case SQLITE_TOOBIG:
        return {ErrorCode::limit, "a value is too large"};
    case SQLITE_NOMEM:
        return {ErrorCode::environment, "out of memory"};
    default:
        return {ErrorCode::invalid, "the statement failed"};
    }
}

bool is_of_the_system(int code) {
    const int primary = code & 0xff;
    return primary == SQLITE_IOERR || primary == SQLITE_CANTOPEN || primary == SQLITE_PERM;
}

} // namespace

Error sqlite_error(sqlite3* connection, std::string_view path) {
    const int of_the_call = errno;
    const int code = connection == nullptr ? SQLITE_NOMEM : sqlite3_extended_errcode(connection);
    const auto kind = kind_of(code);
    auto text = std::string(path) + ": " + std::string(kind.words) + " (" +
                (connection == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(connection));
    // SQLite remembers the system's error only where a file was opened.
    const int remembered = connection == nullptr ? 0 : sqlite3_system_errno(connection);
    if (const int number = remembered != 0 ? remembered : of_the_call;
        number != 0 && is_of_the_system(code))
        text += std::string(": ") + std::strerror(number);
    return {kind.code, text + ")"};
}

} // namespace mesh
