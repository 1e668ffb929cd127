#include "mesh/store/database.hpp"
#include "mesh/store/schema.hpp"
#include "mesh/store/store_guard.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sqlite3.h>
#include <string>
#include <unistd.h>
#include <vector>

namespace mesh {

namespace {

// A process that was killed a moment ago may still be letting go of its locks.
constexpr int busy_patience_ms = 300;

// Exclusive: no other process may come between, and the index of the log stays in memory instead of
// in a third file. The log is copied into the database when it holds this many pages: the disk is
// waited for once in 15 MiB and not in 4.
constexpr const char* connection_sql = R"sql(
PRAGMA locking_mode = EXCLUSIVE;
PRAGMA trusted_schema = OFF;
PRAGMA cell_size_check = ON;
PRAGMA foreign_keys = ON;
)sql";
constexpr const char* log_sql = R"sql(
PRAGMA wal_autocheckpoint = 3800;
PRAGMA journal_size_limit = 67108864;
PRAGMA temp_store = MEMORY;
)sql";

// As many bytes as those pages and their headers.
constexpr off_t log_size_bytes = 16 * 1024 * 1024;

} // namespace

Result<std::unique_ptr<Database>> Database::open(const std::string& path, Sync sync) {
    std::unique_ptr<Database> database(new Database(path));
    if (auto connected = database->connect(sync); !connected)
        return tl::unexpected(connected.error());
    return database;
}

Result<void> Database::connect(Sync sync) {
    // Always whole names: with a name such as ":memory:" nothing would be stored.
    const auto name = path_.empty() || path_.front() == '/' ? path_ : "./" + path_;
    if (name.empty())
        return fail(ErrorCode::invalid, "expected the path of a database, got an empty one");
    constexpr int flags =
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    errno = 0;
    if (sqlite3_open_v2(name.c_str(), &connection_, flags, nullptr) != SQLITE_OK)
        return tl::unexpected(last_error());
    sqlite3_busy_timeout(connection_, busy_patience_ms);
    // The schema of a damaged file is not believed either.
    sqlite3_db_config(connection_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_set_authorizer(connection_, judge_access, &is_guarded_);
    if (sqlite3_db_readonly(connection_, "main") == 1)
        return fail(ErrorCode::environment, path_ + ": it cannot be written");
    if (auto done = execute(connection_sql); !done)
        return done;
    // What belongs to another program is found out before anything is written.
    const auto fresh = is_new();
    if (!fresh)
        return tl::unexpected(fresh.error());
    {
        auto mode = statement("PRAGMA journal_mode = WAL");
        if (const auto row = mode.step(); !row)
            return tl::unexpected(row.error());
        if (const auto got = mode.text(0); got != "wal")
            return fail(ErrorCode::environment,
                        path_ + ": expected journal mode wal, got " + std::string(got));
    }
    if (auto done = execute(sync == Sync::power ? "PRAGMA synchronous = FULL"
                                                : "PRAGMA synchronous = NORMAL");
        !done)
        return done;
    if (auto done = execute(log_sql); !done)
        return done;
    // Also takes the lock for good, and begins the log.
    if (auto done = transaction([&] { return *fresh ? create() : Result<void>(); }); !done)
        return done;
    return sync == Sync::power ? extend_log() : Result<void>();
}

/// Gives the log its full size at once. A file that grows makes the disk write its size too with
/// each commit: 630 single commits a second against 12,200 (ext4 on a virtual disk). What lies
/// behind the log's end is no part of it.
Result<void> Database::extend_log() {
    const auto path = path_ + "-wal";
    const int file = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
    if (file < 0)
        return fail(ErrorCode::environment, path + ": " + std::strerror(errno));
    const std::vector<std::byte> zeros(256 * 1024);
    off_t size = lseek(file, 0, SEEK_END);
    while (size >= 0 && size < log_size_bytes) {
        const auto written = pwrite(file, zeros.data(), zeros.size(), size);
        size = written < 0 ? -1 : size + written;
    }
    const bool is_done = size >= 0 && fsync(file) == 0;
    const std::string why = std::strerror(errno);
    close(file);
    return is_done ? Result<void>() : fail(ErrorCode::environment, path + ": " + why);
}

Result<bool> Database::is_new() {
    auto statement_of = statement(
        "SELECT (SELECT application_id FROM pragma_application_id),"
        " (SELECT user_version FROM pragma_user_version), (SELECT count(*) FROM sqlite_schema)");
    if (const auto row = statement_of.step(); !row)
        return tl::unexpected(row.error());
    const auto id = statement_of.integer(0);
    const auto version = statement_of.integer(1);
    if (id == 0 && version == 0 && statement_of.integer(2) == 0)
        return true;
    if (id != schema_application_id)
        return fail(ErrorCode::malformed,
                    path_ + ": expected a database of dagmesh, application id " +
                        std::to_string(schema_application_id) + ", found " + std::to_string(id));
    if (version != schema_version)
        return fail(ErrorCode::unsupported_version,
                    path_ + ": expected version " + std::to_string(schema_version) + ", found " +
                        std::to_string(version) +
                        (version > schema_version ? ": a newer program made it" : ""));
    return false;
}

Result<void> Database::create() {
    const auto sql = schema_sql +
                     ("PRAGMA application_id = " + std::to_string(schema_application_id)) +
                     "; PRAGMA user_version = " + std::to_string(schema_version);
    return execute(sql.c_str());
}

} // namespace mesh
