#pragma once

#include "mesh/base/result.hpp"
#include "mesh/event/pattern.hpp"
#include "mesh/store/database.hpp"
#include "mesh/store/stored_letter.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mesh {

struct DeadLettersOptions {
    std::uint64_t count_max = 10'000;
    std::uint64_t size_bytes_max = 64 * 1024 * 1024;
};

/// Which dead letters are asked for; what is empty does not matter.
struct DeadLetterFilter {
    std::optional<std::string> handler;
    std::optional<Pattern> topic;
    std::optional<std::string> reason;
};

/// A node's dead letters. Lives in a Database, whose owner guards it.
/// Errors of all functions: those of the database.
class DeadLetters {
public:
    static Result<std::unique_ptr<DeadLetters>> open(Database& database,
                                                     const DeadLettersOptions& options);

    /// Keeps a letter, in the running transaction if there is one, and returns its number. An error
    /// text is cut at 4 KiB. Beyond the bounds the oldest letters go, and are counted.
    Result<std::uint64_t> add(StoredLetter letter);

    /// Letters with a number above `after` that the filter lets through, in order: at most `limit`,
    /// and no more than 4 MiB of them, but one at least. To go on, ask after the last one.
    Result<std::vector<StoredLetter>> list(const DeadLetterFilter& filter, std::size_t limit,
                                           std::uint64_t after = 0);

    /// Nothing when there is no letter of that number.
    Result<std::optional<StoredLetter>> find(std::uint64_t number);

    /// Throws a letter away. False when there is none of that number.
    Result<bool> drop(std::uint64_t number);

    /// Takes a letter out to handle its event once more; within a transaction it is back when that
    /// fails. Nothing when there is no letter of that number.
    /// Errors: also `malformed` for a damaged one, which stays.
    Result<std::optional<StoredLetter>> take_for_retry(std::uint64_t number);

    /// A letter whose event was handled once more, in vain: `letter` takes the place of the one
    /// that has its number. Adds it when that one has gone meanwhile.
    Result<void> replace(StoredLetter letter);

    std::uint64_t count() const { return state_.count; }

    std::uint64_t size_bytes() const { return state_.size_bytes; }

    /// Letters that went because there were too many or too large ones, since the file was made.
    std::uint64_t lost_count() const { return state_.lost_count; }

private:
    struct State {
        std::uint64_t count = 0;
        std::uint64_t size_bytes = 0;
        std::uint64_t lost_count = 0;
        std::uint64_t last_number = 0;
    };

    DeadLetters(Database& database, const DeadLettersOptions& options)
        : database_(database), options_(options) {}

    Result<void> make_room();
    Result<void> save_state();
    void keep_at_end();

    Database& database_;
    DeadLettersOptions options_;
    State state_;
};

} // namespace mesh
