#pragma once

#include "mesh/base/result.hpp"
#include "mesh/store/database.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string_view>

namespace mesh {

struct SeenKeyTableOptions {
    std::uint64_t count_max = 100'000;
    std::chrono::microseconds age_max = std::chrono::hours(24);
};

/// Idempotency keys that were seen: what is asked for twice is done once. Lives in a Database,
/// whose owner guards it.
class SeenKeyTable {
public:
    /// Errors: those of the database.
    static Result<std::unique_ptr<SeenKeyTable>> open(Database& database,
                                                      const SeenKeyTableOptions& options);

    /// Whether the key was not seen within `age_max`, and notes it, in the running transaction if
    /// there is one. Beyond `count_max` the oldest keys go.
    /// Errors: `invalid` for an empty key, `limit` for one above 1 KiB, those of the database.
    Result<bool> is_new(std::string_view key, std::uint64_t now_us);

    /// Whether the key was seen within `age_max`. Errors: those of the database.
    Result<bool> has(std::string_view key, std::uint64_t now_us);

    std::uint64_t count() const { return count_; }

    /// Keys that went because there were too many, since this was opened.
    std::uint64_t crowded_out_count() const { return crowded_out_count_; }

private:
    SeenKeyTable(Database& database, const SeenKeyTableOptions& options)
        : database_(database), options_(options) {}

    Result<bool> note(std::string_view key, std::uint64_t now_us);
    Result<std::uint64_t> run_counted(Statement statement);

    Database& database_;
    SeenKeyTableOptions options_;
    std::uint64_t count_ = 0;
    std::uint64_t crowded_out_count_ = 0;
};

} // namespace mesh
