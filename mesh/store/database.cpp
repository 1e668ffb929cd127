#include "mesh/store/database.hpp"

#include "mesh/store/sqlite_error.hpp"

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <sqlite3.h>
#include <utility>

namespace mesh {

Database::~Database() {
    for (auto& [sql, prepared] : prepared_)
        sqlite3_finalize(prepared.handle);
    sqlite3_close_v2(connection_);
}

Error Database::last_error() const {
    return sqlite_error(connection_, path_);
}

Result<void> Database::execute(const char* sql) {
    errno = 0;
    if (sqlite3_exec(connection_, sql, nullptr, nullptr, nullptr) != SQLITE_OK)
        return tl::unexpected(last_error());
    return {};
}

Statement Database::prepare(std::string_view sql) {
    auto found = prepared_.find(sql);
    if (found == prepared_.end())
        found = prepared_.emplace(std::string(sql), Prepared{}).first;
    auto& prepared = found->second;
    sqlite3_stmt* handle = prepared.handle;
    // A statement whose rows are still being read is needed twice: once more, for this use only.
    if (handle == nullptr || prepared.is_in_use)
        sqlite3_prepare_v3(connection_, sql.data(), static_cast<int>(sql.size()),
                           SQLITE_PREPARE_PERSISTENT, &handle, nullptr);
    if (handle == nullptr || prepared.is_in_use)
        return {*this, handle, nullptr};
    prepared = {handle, true};
    return {*this, handle, &prepared.is_in_use};
}

Result<void> Database::check_table(const std::string& name) {
    auto rows = statement("PRAGMA quick_check(" + name + ")");
    const auto row = rows.step();
    if (!row)
        return tl::unexpected(row.error());
    if (const auto found = rows.text(0); found != "ok")
        return fail(ErrorCode::malformed,
                    path_ + ": table " + name + " is damaged: " + std::string(found));
    return {};
}

Result<void> Database::check_transaction() const {
    if (depth_ > 0 && sqlite3_get_autocommit(connection_) != 0)
        return fail(ErrorCode::closed, path_ + ": the transaction was rolled back before its end");
    return {};
}

Result<void> Database::transaction(const std::function<Result<void>()>& work) {
    if (in_transaction())
        return attempt(work);
    const auto changes = sqlite3_total_changes(connection_);
    auto done = attempt(work);
    // `closed`: SQLite has rolled back by itself.
    if (!done &&
        (done.error().code == ErrorCode::environment || done.error().code == ErrorCode::closed))
        is_failing_ = true;
    else if (done && sqlite3_total_changes(connection_) != changes)
        is_failing_ = false; // one that wrote nothing proves nothing
    return done;
}

Result<void> Database::attempt(const std::function<Result<void>()>& work) {
    if (auto begun = begin(); !begun)
        return begun;

    // Rolls back unless told otherwise, also when the work throws.
    struct Ending {
        Database& database;
        bool is_open = true;

        ~Ending() {
            if (is_open)
                database.roll_back();
        }
    } ending{*this};

    if (auto done = work(); !done)
        return done;
    auto committed = commit();
    ending.is_open = !committed;
    return committed;
}

Result<void> Database::begin() {
    auto begun = statement(depth_ == 0 ? "BEGIN IMMEDIATE" : "SAVEPOINT dagmesh").run();
    if (begun)
        ++depth_;
    return begun;
}

Result<void> Database::commit() {
    assert(depth_ > 0);
    if (auto done = statement(depth_ == 1 ? "COMMIT" : "RELEASE dagmesh").run(); !done)
        return done;
    if (--depth_ > 0) {
        for (auto& note : notes_)
            note.depth = std::min(note.depth, depth_);
        return {};
    }
    for (const auto& note : std::exchange(notes_, {}))
        note.call(true);
    return {};
}

void Database::roll_back() {
    assert(depth_ > 0);
    // A full disk, for one, may have made SQLite roll back everything already. And when a rollback
    // fails there is nothing to add to the error that led here.
    if (sqlite3_get_autocommit(connection_) == 0) {
        if (depth_ == 1) {
            static_cast<void>(statement("ROLLBACK").run());
        } else {
            static_cast<void>(statement("ROLLBACK TO dagmesh").run());
            static_cast<void>(statement("RELEASE dagmesh").run());
        }
    }
    const int ended = depth_--;
    while (!notes_.empty() && notes_.back().depth >= ended) {
        const auto note = std::move(notes_.back());
        notes_.pop_back();
        note.call(false);
    }
}

void Database::at_end(std::function<void(bool is_kept)> note) {
    assert(depth_ > 0);
    notes_.push_back({depth_, std::move(note)});
}

} // namespace mesh
