#include "mesh/store/seen_key_table.hpp"

#include <sqlite3.h>

namespace mesh {

namespace {

constexpr std::size_t key_size_bytes_limit = 1024;
// Old keys that one call clears away: more than come with it, so that they do not pile up.
constexpr int cleared_max = 16;

} // namespace

Result<std::unique_ptr<SeenKeyTable>> SeenKeyTable::open(Database& database,
                                                         const SeenKeyTableOptions& options) {
    std::unique_ptr<SeenKeyTable> keys(new SeenKeyTable(database, options));
    auto rows = database.statement("SELECT count(*) FROM dagmesh_seen_keys");
    if (const auto row = rows.step(); !row)
        return tl::unexpected(row.error());
    keys->count_ = rows.number(0);
    return keys;
}

Result<bool> SeenKeyTable::is_new(std::string_view key, std::uint64_t now_us) {
    if (key.empty())
        return fail(ErrorCode::invalid, "expected an idempotency key, got an empty one");
    if (key.size() > key_size_bytes_limit)
        return fail(ErrorCode::limit, "expected an idempotency key of at most " +
                                          std::to_string(key_size_bytes_limit) + " bytes, got " +
                                          std::to_string(key.size()));
    bool is_new = false;
    auto done = database_.transaction([&]() -> Result<void> {
        database_.at_end([this, count = count_, out = crowded_out_count_](bool is_kept) {
            if (is_kept)
                return;
            count_ = count;
            crowded_out_count_ = out;
        });
        const auto noted = note(key, now_us);
        if (!noted)
            return tl::unexpected(noted.error());
        is_new = *noted;
        return {};
    });
    if (!done)
        return tl::unexpected(done.error());
    return is_new;
}

Result<bool> SeenKeyTable::has(std::string_view key, std::uint64_t now_us) {
    const auto age_max_us = static_cast<std::uint64_t>(options_.age_max.count());
    auto rows =
        database_.statement("SELECT 1 FROM dagmesh_seen_keys WHERE key = ? AND seen_us >= ?", key,
                            now_us > age_max_us ? now_us - age_max_us : 0);
    return rows.step();
}

Result<bool> SeenKeyTable::note(std::string_view key, std::uint64_t now_us) {
    const auto age_max_us = static_cast<std::uint64_t>(options_.age_max.count());
    const auto oldest_us = now_us > age_max_us ? now_us - age_max_us : 0;
    // What is too old goes first, so that the key itself is new again when it was one of those.
    const auto cleared = run_counted(database_.statement(
        "DELETE FROM dagmesh_seen_keys WHERE (key = ?1 AND seen_us < ?2) OR number IN (SELECT "
        "number FROM (SELECT number, seen_us FROM dagmesh_seen_keys ORDER BY number LIMIT ?3) "
        "WHERE seen_us < ?2)",
        key, oldest_us, cleared_max));
    if (!cleared)
        return tl::unexpected(cleared.error());
    count_ -= *cleared;
    const auto added = run_counted(database_.statement(
        "INSERT INTO dagmesh_seen_keys(key, seen_us) VALUES(?, ?) ON CONFLICT DO NOTHING", key,
        now_us));
    if (!added)
        return tl::unexpected(added.error());
    count_ += *added;
    if (count_ > options_.count_max) {
        const auto crowded_out = run_counted(
            database_.statement("DELETE FROM dagmesh_seen_keys WHERE number IN "
                                "(SELECT number FROM dagmesh_seen_keys ORDER BY number LIMIT ?)",
                                count_ - options_.count_max));
        if (!crowded_out)
            return tl::unexpected(crowded_out.error());
        count_ -= *crowded_out;
        crowded_out_count_ += *crowded_out;
    }
    return *added > 0;
}

/// How many rows the statement changed.
Result<std::uint64_t> SeenKeyTable::run_counted(Statement statement) {
    if (auto done = statement.run(); !done)
        return tl::unexpected(done.error());
    return static_cast<std::uint64_t>(sqlite3_changes64(database_.connection()));
}

} // namespace mesh
