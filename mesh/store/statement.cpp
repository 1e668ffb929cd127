#include "mesh/store/statement.hpp"

#include "mesh/store/database.hpp"
#include "mesh/store/sqlite_error.hpp"

#include <cerrno>
#include <sqlite3.h>
#include <utility>

namespace mesh {

Statement::Statement(Database& database, sqlite3_stmt* handle, bool* is_in_use)
    : database_(&database), handle_(handle), is_in_use_(is_in_use) {
    if (handle_ == nullptr)
        prepared_ = tl::unexpected(database_->last_error());
}

Statement::Statement(Statement&& other) noexcept
    : database_(other.database_),
      handle_(std::exchange(other.handle_, nullptr)),
      is_in_use_(std::exchange(other.is_in_use_, nullptr)),
      next_parameter_(other.next_parameter_),
      prepared_(std::move(other.prepared_)) {}

Statement::~Statement() {
    if (handle_ == nullptr)
        return;
    if (is_in_use_ == nullptr) {
        sqlite3_finalize(handle_);
        return;
    }
    sqlite3_reset(handle_);
    sqlite3_clear_bindings(handle_);
    *is_in_use_ = false;
}

void Statement::note(int code) {
    ++next_parameter_;
    if (code != SQLITE_OK && prepared_)
        prepared_ = tl::unexpected(database_->last_error());
}

Statement& Statement::bind_integer(std::int64_t value) {
    if (handle_ != nullptr)
        note(sqlite3_bind_int64(handle_, next_parameter_, value));
    return *this;
}

Statement& Statement::bind(std::nullptr_t) {
    if (handle_ != nullptr)
        note(sqlite3_bind_null(handle_, next_parameter_));
    return *this;
}

Statement& Statement::bind(double value) {
    if (handle_ != nullptr)
        note(sqlite3_bind_double(handle_, next_parameter_, value));
    return *this;
}

Statement& Statement::bind(std::string_view text) {
    if (handle_ != nullptr)
        // A null pointer would bind NULL, not the empty text.
        note(sqlite3_bind_text64(handle_, next_parameter_, text.empty() ? "" : text.data(),
                                 text.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
    return *this;
}

Statement& Statement::bind(Bytes bytes) {
    if (handle_ != nullptr)
        note(sqlite3_bind_blob64(handle_, next_parameter_,
                                 bytes.empty() ? static_cast<const void*>("") : bytes.data(),
                                 bytes.size(), SQLITE_TRANSIENT));
    return *this;
}

Result<bool> Statement::step() {
    if (!prepared_)
        return tl::unexpected(prepared_.error());
    if (auto usable = database_->check_transaction(); !usable)
        return tl::unexpected(usable.error());
    errno = 0;
    switch (sqlite3_step(handle_)) {
    case SQLITE_ROW:
        return true;
    case SQLITE_DONE:
        return false;
    default:
        return tl::unexpected(database_->last_error());
    }
}

Result<void> Statement::run() {
    for (;;) {
        const auto row = step();
        if (!row)
            return tl::unexpected(row.error());
        if (!*row)
            return {};
    }
}

std::int64_t Statement::integer(int column) const {
    return sqlite3_column_int64(handle_, column);
}

std::string_view Statement::text(int column) const {
    const auto* text = sqlite3_column_text(handle_, column);
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(handle_, column));
    return text == nullptr ? std::string_view()
                           : std::string_view(reinterpret_cast<const char*>(text), size);
}

Bytes Statement::bytes(int column) const {
    const auto* data = static_cast<const std::byte*>(sqlite3_column_blob(handle_, column));
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(handle_, column));
    return data == nullptr ? Bytes() : Bytes(data, size);
}

} // namespace mesh
