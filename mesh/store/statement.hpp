#pragma once

#include "mesh/base/bytes.hpp"
#include "mesh/base/result.hpp"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

struct sqlite3_stmt;

namespace mesh {

class Database;

/// One use of a prepared statement. It is prepared once, and given back for the next use when this
/// object goes; until then its rows stay open, so do not keep it longer than needed. What is wrong
/// with preparing or binding comes out of the first `step`.
class Statement {
public:
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;
    Statement(Statement&& other) noexcept;
    Statement& operator=(Statement&&) = delete;
    ~Statement();

    /// Sets the next parameter; the value is copied. Numbers without a sign keep their 64 bits.
    Statement& bind(std::nullptr_t);
    Statement& bind(double value);
    Statement& bind(std::string_view text);
    Statement& bind(Bytes bytes);

    template <std::integral T>
    Statement& bind(T value) {
        return bind_integer(static_cast<std::int64_t>(value));
    }

    /// NULL for nothing.
    template <class T>
    Statement& bind(const std::optional<T>& value) {
        return value ? bind(*value) : bind(nullptr);
    }

    /// Goes to the next row. False when there is none. Errors: as sqlite_error.hpp says.
    Result<bool> step();

    /// Runs a statement that has no rows, or whose rows nobody needs, to its end.
    Result<void> run();

    // The columns of the row, from 0; views live until the next step.
    std::int64_t integer(int column) const;

    std::uint64_t number(int column) const { return static_cast<std::uint64_t>(integer(column)); }

    std::string_view text(int column) const;
    Bytes bytes(int column) const;

    sqlite3_stmt* handle() const { return handle_; }

private:
    friend class Database;
    Statement(Database& database, sqlite3_stmt* handle, bool* is_in_use);
    Statement& bind_integer(std::int64_t value);
    void note(int code);

    Database* database_;
    sqlite3_stmt* handle_; ///< null: preparing failed
    bool* is_in_use_;      ///< null: nobody keeps it, it ends with this object
    int next_parameter_ = 1;
    Result<void> prepared_;
};

} // namespace mesh
