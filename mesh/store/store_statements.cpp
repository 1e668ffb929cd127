#include "mesh/store/store_statements.hpp"

#include "mesh/store/database.hpp"

#include <algorithm>
#include <cctype>
#include <sqlite3.h>

namespace mesh {

namespace {

constexpr std::size_t prepared_max = 64;
constexpr std::size_t sql_size_bytes_max = 1024 * 1024;
constexpr std::size_t rows_size_bytes_max = 64 * 1024 * 1024;
constexpr std::size_t value_overhead_bytes = sizeof(StoreValue);

/// Binds a value to a parameter. Returns SQLite's code.
struct Binder {
    sqlite3_stmt* statement;
    int at;

    int operator()(std::monostate /*null*/) const { return sqlite3_bind_null(statement, at); }

    int operator()(std::int64_t value) const { return sqlite3_bind_int64(statement, at, value); }

    int operator()(double value) const { return sqlite3_bind_double(statement, at, value); }

    int operator()(const std::string& text) const {
        return sqlite3_bind_text64(statement, at, text.data(), text.size(), SQLITE_STATIC,
                                   SQLITE_UTF8);
    }

    int operator()(const StoreValue::Blob& bytes) const {
        return bytes.empty()
                   ? sqlite3_bind_zeroblob(statement, at, 0)
                   : sqlite3_bind_blob64(statement, at, bytes.data(), bytes.size(), SQLITE_STATIC);
    }
};

StoreValue value_of(sqlite3_stmt* statement, int column) {
    switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER:
        return sqlite3_column_int64(statement, column);
    case SQLITE_FLOAT:
        return sqlite3_column_double(statement, column);
    case SQLITE_TEXT: {
        const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
        const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, column));
        return std::string(text == nullptr ? "" : text, text == nullptr ? 0 : size);
    }
    case SQLITE_BLOB: {
        const auto* data = static_cast<const std::byte*>(sqlite3_column_blob(statement, column));
        const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, column));
        return data == nullptr ? StoreValue::Blob() : StoreValue::Blob(data, data + size);
    }
    default:
        return nullptr;
    }
}

/// Gives the statement back for its next use, whatever happens meanwhile.
struct Use {
    sqlite3_stmt* statement;

    explicit Use(sqlite3_stmt* used) : statement(used) {}

    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;
    Use(Use&&) = delete;
    Use& operator=(Use&&) = delete;

    ~Use() {
        sqlite3_reset(statement);
        sqlite3_clear_bindings(statement);
    }
};

} // namespace

StoreStatements::~StoreStatements() {
    forget();
}

void StoreStatements::forget() {
    for (const auto& [sql, statement] : prepared_)
        sqlite3_finalize(statement);
    prepared_.clear();
}

void StoreStatements::fail(std::string_view sql) const {
    throw StoreError(database_.last_error().detail + " in: " + std::string(sql.substr(0, 200)));
}

sqlite3_stmt* StoreStatements::prepared(std::string_view sql) {
    if (const auto known = prepared_.find(sql); known != prepared_.end())
        return known->second;
    if (sql.size() > sql_size_bytes_max)
        throw StoreError("expected SQL of at most 1 MiB, got " + std::to_string(sql.size()) +
                         " bytes");
    sqlite3_stmt* statement = nullptr;
    const char* rest = nullptr;
    if (sqlite3_prepare_v3(database_.connection(), sql.data(), static_cast<int>(sql.size()),
                           SQLITE_PREPARE_PERSISTENT, &statement, &rest) != SQLITE_OK)
        fail(sql);
    const std::string_view behind(rest, static_cast<std::size_t>(sql.data() + sql.size() - rest));
    const bool is_one = statement != nullptr && std::ranges::all_of(behind, [](unsigned char c) {
                            return std::isspace(c) != 0 || c == ';';
                        });
    if (!is_one) {
        sqlite3_finalize(statement);
        throw StoreError("expected one statement of SQL, got: " + std::string(sql.substr(0, 200)));
    }
    if (prepared_.size() >= prepared_max)
        forget();
    prepared_.emplace(sql, statement);
    return statement;
}

void StoreStatements::bind(sqlite3_stmt* statement, const std::vector<StoreValue>& values) const {
    const auto expected = static_cast<std::size_t>(sqlite3_bind_parameter_count(statement));
    if (values.size() != expected)
        throw StoreError("expected " + std::to_string(expected) + " values, got " +
                         std::to_string(values.size()) + " for: " + sqlite3_sql(statement));
    for (std::size_t i = 0; i < values.size(); ++i)
        if (std::visit(Binder{statement, static_cast<int>(i) + 1}, values[i].data()) != SQLITE_OK)
            fail(sqlite3_sql(statement));
}

/// Whether it may run now.
void StoreStatements::check(sqlite3_stmt* statement) const {
    if (sqlite3_stmt_readonly(statement) == 0 && !database_.in_transaction())
        throw StoreError(database_.path() +
                         ": expected a transaction: outside of a handler of `once` events the "
                         "store is read only: " +
                         sqlite3_sql(statement));
    if (const auto usable = database_.check_transaction(); !usable)
        throw StoreError(usable.error().detail);
}

std::vector<StoreRow> StoreStatements::run(std::string_view sql,
                                           const std::vector<StoreValue>& values) {
    // SQLite asks about a statement when it prepares it, and again when it must do so once more.
    const auto guarded = database_.guard();
    const Use use(prepared(sql));
    check(use.statement);
    bind(use.statement, values);
    std::vector<StoreRow> rows;
    std::size_t size = 0;
    for (;;) {
        switch (sqlite3_step(use.statement)) {
        case SQLITE_DONE:
            return rows;
        case SQLITE_ROW:
            break;
        default:
            fail(sql);
        }
        auto& row = rows.emplace_back();
        for (int column = 0; column < sqlite3_column_count(use.statement); ++column) {
            row.push_back(value_of(use.statement, column));
            size += value_overhead_bytes +
                    static_cast<std::size_t>(sqlite3_column_bytes(use.statement, column));
        }
        if (size > rows_size_bytes_max)
            throw StoreError("expected at most 64 MiB of rows from: " +
                             std::string(sql.substr(0, 200)));
    }
}

std::int64_t StoreStatements::execute(std::string_view sql, const std::vector<StoreValue>& values) {
    const auto before = sqlite3_total_changes64(database_.connection());
    run(sql, values);
    const auto after = sqlite3_total_changes64(database_.connection());
    // Without this, a statement that changes nothing would report what the one before it did.
    return after == before ? 0 : sqlite3_changes64(database_.connection());
}

std::vector<StoreRow> StoreStatements::query(std::string_view sql,
                                             const std::vector<StoreValue>& values) {
    return run(sql, values);
}

} // namespace mesh
