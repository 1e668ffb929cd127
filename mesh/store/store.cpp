#include "mesh/store/store.hpp"

#include "mesh/store/checksum.hpp"
#include "mesh/store/database.hpp"
#include "mesh/store/store_statements.hpp"

#include <type_traits>
#include <utility>

namespace mesh {

namespace {

// A page of keys is read before the callback is called, which may write meanwhile.
constexpr std::size_t page_rows_max = 256;
constexpr std::size_t page_size_bytes_max = 1024 * 1024;

/// The value, or the error as an exception.
template <class T>
T expect(Result<T> result) {
    if (!result)
        throw StoreError(result.error().detail);
    if constexpr (!std::is_void_v<T>)
        return std::move(*result);
}

std::uint32_t checksum_of(std::string_view key, std::string_view value) {
    return Checksum().add(key).add(value).value();
}

[[noreturn]] void say_damaged(const Database& database, std::string_view key) {
    throw StoreError(database.path() + ": the value of \"" + std::string(key) +
                     "\" is damaged: its checksum is not right");
}

} // namespace

Store::Store(Database& database)
    : database_(database), statements_(std::make_unique<StoreStatements>(database)) {}

Store::~Store() = default;

void Store::check_writable(std::string_view what) const {
    if (!database_.in_transaction())
        throw StoreError(database_.path() + ": expected a transaction around " + std::string(what) +
                         ": outside of a handler of `once` events the store is read only");
}

std::optional<std::string> Store::get(std::string_view key) const {
    auto rows = database_.statement("SELECT value, checksum FROM dagmesh_values WHERE key = ?",
                                    bytes_of(key));
    if (!expect(rows.step()))
        return std::nullopt;
    auto value = std::string(text_of(rows.bytes(0)));
    if (rows.number(1) != checksum_of(key, value))
        say_damaged(database_, key);
    return value;
}

void Store::put(std::string_view key, std::string_view value) {
    check_writable("put");
    expect(
        database_
            .statement("INSERT INTO dagmesh_values VALUES(?1, ?2, ?3) ON CONFLICT(key) DO UPDATE "
                       "SET value = ?2, checksum = ?3",
                       bytes_of(key), bytes_of(value), checksum_of(key, value))
            .run());
}

bool Store::erase(std::string_view key) {
    check_writable("erase");
    auto rows =
        database_.statement("DELETE FROM dagmesh_values WHERE key = ? RETURNING 1", bytes_of(key));
    const bool was_there = expect(rows.step());
    expect(rows.run());
    return was_there;
}

void Store::each(std::string_view prefix,
                 const std::function<void(std::string_view, std::string_view)>& call) const {
    std::vector<std::pair<std::string, std::string>> page;
    std::string after(prefix);
    for (bool is_first = true; is_first || !page.empty(); is_first = false) {
        page.clear();
        {
            auto rows = database_.statement(
                is_first ? "SELECT key, value, checksum FROM dagmesh_values WHERE key >= ? "
                           "ORDER BY key"
                         : "SELECT key, value, checksum FROM dagmesh_values WHERE key > ? "
                           "ORDER BY key",
                bytes_of(after));
            for (std::size_t size = 0; page.size() < page_rows_max && size < page_size_bytes_max;) {
                if (!expect(rows.step()))
                    break;
                const auto key = text_of(rows.bytes(0));
                if (!key.starts_with(prefix))
                    break;
                const auto value = text_of(rows.bytes(1));
                if (rows.number(2) != checksum_of(key, value))
                    say_damaged(database_, key);
                size += key.size() + value.size();
                page.emplace_back(key, value);
            }
        }
        for (const auto& [key, value] : page)
            call(key, value);
        if (!page.empty())
            after = page.back().first;
    }
}

std::int64_t Store::execute(std::string_view sql, const std::vector<StoreValue>& values) {
    return statements_->execute(sql, values);
}

std::vector<StoreRow> Store::query(std::string_view sql, const std::vector<StoreValue>& values) {
    return statements_->query(sql, values);
}

void Store::transaction(const std::function<void()>& work) {
    expect(database_.transaction([&]() -> Result<void> {
        work();
        return {};
    }));
}

} // namespace mesh
