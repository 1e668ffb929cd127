#pragma once

#include "mesh/store/store_value.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mesh {

class Database;
class StoreStatements;

/// What a handler of `once` events writes through: a key-value table and SQL, in the node's own
/// file. Everything written while the handler handles an event is kept together with the event's
/// place and with what the handler emits, or not at all. At other times it is read only, unless
/// `transaction` is used. Every function throws StoreError when it cannot do its work; a handler
/// that lets it pass has failed. Only the thread that was given the store uses it, and only then.
class Store {
public:
    explicit Store(Database& database);
    ~Store();
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;
    Store(Store&&) = delete;
    Store& operator=(Store&&) = delete;

    /// The value of a key, any bytes; nothing when there is none.
    std::optional<std::string> get(std::string_view key) const;

    void put(std::string_view key, std::string_view value);

    /// False when there was none.
    bool erase(std::string_view key);

    /// Calls back with each key that begins with `prefix`, in order of their bytes, and its value.
    /// The callback may write; whether it then meets what it wrote behind the key is open.
    void each(std::string_view prefix,
              const std::function<void(std::string_view key, std::string_view value)>& call) const;

    /// Runs one statement of SQL, with a value for each `?`, and returns how many rows it changed.
    /// ATTACH, transactions, savepoints, PRAGMA that change something, and tables that begin with
    /// `dagmesh_` are refused.
    std::int64_t execute(std::string_view sql, const std::vector<StoreValue>& values = {});

    /// The rows that one statement of SQL gives, at most 64 MiB of them.
    std::vector<StoreRow> query(std::string_view sql, const std::vector<StoreValue>& values = {});

    /// Runs `work`, and keeps everything that it writes or, when it throws, nothing.
    void transaction(const std::function<void()>& work);

private:
    void check_writable(std::string_view what) const;

    Database& database_;
    std::unique_ptr<StoreStatements> statements_;
};

} // namespace mesh
