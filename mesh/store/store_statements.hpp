#pragma once

#include "mesh/store/store_value.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

struct sqlite3_stmt;

namespace mesh {

class Database;

/// The statements of SQL that a store's user writes: kept apart from our own, and held to what a
/// user may do. The last few stay prepared.
class StoreStatements {
public:
    explicit StoreStatements(Database& database) : database_(database) {}

    StoreStatements(const StoreStatements&) = delete;
    StoreStatements& operator=(const StoreStatements&) = delete;
    StoreStatements(StoreStatements&&) = delete;
    StoreStatements& operator=(StoreStatements&&) = delete;
    ~StoreStatements();

    /// Both throw StoreError, as mesh/store/store.hpp says.
    std::int64_t execute(std::string_view sql, const std::vector<StoreValue>& values);
    std::vector<StoreRow> query(std::string_view sql, const std::vector<StoreValue>& values);

private:
    std::vector<StoreRow> run(std::string_view sql, const std::vector<StoreValue>& values);
    sqlite3_stmt* prepared(std::string_view sql);
    void bind(sqlite3_stmt* statement, const std::vector<StoreValue>& values) const;
    void check(sqlite3_stmt* statement) const;
    void forget();
    [[noreturn]] void fail(std::string_view sql) const;

    Database& database_;
    std::map<std::string, sqlite3_stmt*, std::less<>> prepared_;
};

} // namespace mesh
