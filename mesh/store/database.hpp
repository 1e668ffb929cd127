#pragma once

#include "mesh/base/result.hpp"
#include "mesh/store/journal_options.hpp"
#include "mesh/store/statement.hpp"

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct sqlite3;

namespace mesh {

/// A node's file on disk, an SQLite database in WAL mode. One connection a file: while it is open,
/// no other process can use the file. Not safe for several threads: whoever owns it guards it.
class Database {
public:
    /// Opens the file, and makes it with our tables when it is missing or empty.
    /// Errors: `refused` in use by another process, `unsupported_version` made by a newer program,
    /// `malformed` damaged, no database or another program's, which is left as it is,
    /// `environment` when the folder or the file cannot be written. Each names the path.
    static Result<std::unique_ptr<Database>> open(const std::string& path, Sync sync);

    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;
    Database(Database&&) = delete;
    Database& operator=(Database&&) = delete;
    ~Database();

    const std::string& path() const { return path_; }

    /// A use of a statement of our own, with its parameters set. `sql` is one of a fixed number of
    /// texts: each stays prepared.
    template <class... Values>
    Statement statement(std::string_view sql, const Values&... values) {
        Statement made = prepare(sql);
        (made.bind(values), ...);
        return made;
    }

    /// Runs `work` in a transaction: commits when it succeeds, and leaves nothing of it when it
    /// fails or throws. Within another one it is a part of that, which can fail alone.
    /// Errors: what `work` returned, or why the commit failed; then nothing of it is stored.
    Result<void> transaction(const std::function<Result<void>()>& work);

    bool in_transaction() const { return depth_ > 0; }

    /// Calls `note` once, when it is known whether what the running transaction has done so far is
    /// kept: after the outermost commit with true, after a rollback with false. In order, for
    /// rollbacks the newest first. Only within a transaction.
    void at_end(std::function<void(bool is_kept)> note);

    /// Errors: `closed` inside a transaction that SQLite has rolled back by itself: nothing more
    /// may be written as if it were a part of it.
    Result<void> check_transaction() const;

    /// Looks through the pages of a table for rows that are gone because a page is damaged; takes
    /// as long as reading it. Errors: `malformed`, with what SQLite found.
    Result<void> check_table(const std::string& name);

    /// Whether the disk did not take what was to be stored last. Any thread.
    bool is_failing() const { return is_failing_; }

    /// What SQLite complained of last.
    Error last_error() const;

    sqlite3* connection() const { return connection_; }

    /// While it lives, what is prepared and run may do no more than a user of a store may.
    class Guard {
    public:
        explicit Guard(bool& is_guarded) : is_guarded_(is_guarded) { is_guarded_ = true; }

        Guard(const Guard&) = delete;
        Guard& operator=(const Guard&) = delete;
        Guard(Guard&&) = delete;
        Guard& operator=(Guard&&) = delete;

        ~Guard() { is_guarded_ = false; }

    private:
        bool& is_guarded_;
    };

    Guard guard() { return Guard(is_guarded_); }

private:
    struct Prepared {
        sqlite3_stmt* handle = nullptr;
        bool is_in_use = false;
    };

    struct Note {
        int depth;
        std::function<void(bool)> call;
    };

    explicit Database(std::string path) : path_(std::move(path)) {}

    Result<void> connect(Sync sync);
    Result<bool> is_new();
    Result<void> create();
    Result<void> extend_log();
    Result<void> execute(const char* sql);

    Statement prepare(std::string_view sql);
    Result<void> begin();
    Result<void> commit();
    void roll_back();
    Result<void> attempt(const std::function<Result<void>()>& work);

    std::string path_;
    sqlite3* connection_ = nullptr;
    bool is_guarded_ = false;
    std::map<std::string, Prepared, std::less<>> prepared_;
    std::atomic<bool> is_failing_{false};
    int depth_ = 0; ///< transactions around us: the first is one, the others are savepoints
    std::vector<Note> notes_;
};

} // namespace mesh
