#include "mesh/store/dead_letters.hpp"

#include "mesh/store/stored_letter_row.hpp"

#include <algorithm>
#include <utility>

namespace mesh {

namespace {

constexpr std::size_t error_size_bytes_max = 4096;
constexpr std::size_t list_size_bytes_max = 4 * 1024 * 1024;

/// Shortens a text, not within a character of UTF-8.
void cut(std::string& text, std::size_t size_bytes_max) {
    if (text.size() <= size_bytes_max)
        return;
    auto size = size_bytes_max;
    while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xc0U) == 0x80U)
        --size;
    text.resize(size);
}

} // namespace

Result<std::unique_ptr<DeadLetters>> DeadLetters::open(Database& database,
                                                       const DeadLettersOptions& options) {
    std::unique_ptr<DeadLetters> letters(new DeadLetters(database, options));
    {
        auto rows = database.statement("SELECT count(*), coalesce(sum(size), 0), "
                                       "coalesce(max(number), 0) FROM dagmesh_dead_letters");
        if (const auto row = rows.step(); !row)
            return tl::unexpected(row.error());
        letters->state_.count = rows.number(0);
        letters->state_.size_bytes = rows.number(1);
        letters->state_.last_number = rows.number(2);
    }
    auto rows = database.statement(
        "SELECT last_number, lost_count FROM dagmesh_dead_letter_state WHERE number = 1");
    const auto row = rows.step();
    if (!row)
        return tl::unexpected(row.error());
    if (*row) {
        auto& state = letters->state_;
        state.last_number = std::max(state.last_number, rows.number(0));
        state.lost_count = rows.number(1);
    }
    return letters;
}

void DeadLetters::keep_at_end() {
    database_.at_end([this, before = state_](bool is_kept) {
        if (!is_kept)
            state_ = before;
    });
}

Result<std::uint64_t> DeadLetters::add(StoredLetter letter) {
    cut(letter.error, error_size_bytes_max);
    auto done = database_.transaction([&]() -> Result<void> {
        keep_at_end();
        letter.number = ++state_.last_number;
        if (auto inserted = insert_dead_letter(database_, letter); !inserted)
            return inserted;
        ++state_.count;
        state_.size_bytes += letter.size_bytes();
        if (auto made = make_room(); !made)
            return made;
        return save_state();
    });
    if (!done)
        return tl::unexpected(done.error());
    return letter.number;
}

Result<void> DeadLetters::replace(StoredLetter letter) {
    cut(letter.error, error_size_bytes_max);
    return database_.transaction([&]() -> Result<void> {
        if (auto dropped = drop(letter.number); !dropped)
            return tl::unexpected(dropped.error());
        keep_at_end();
        if (auto inserted = insert_dead_letter(database_, letter); !inserted)
            return inserted;
        ++state_.count;
        state_.size_bytes += letter.size_bytes();
        return make_room();
    });
}

/// Drops the oldest until the bounds hold. One letter may stay, however large it is.
Result<void> DeadLetters::make_room() {
    while (state_.count > 1 &&
           (state_.count > options_.count_max || state_.size_bytes > options_.size_bytes_max)) {
        auto oldest =
            database_.statement("DELETE FROM dagmesh_dead_letters WHERE number = "
                                "(SELECT min(number) FROM dagmesh_dead_letters) RETURNING size");
        const auto row = oldest.step();
        if (!row)
            return tl::unexpected(row.error());
        if (!*row)
            break;
        --state_.count;
        state_.size_bytes -= std::min(state_.size_bytes, oldest.number(0));
        ++state_.lost_count;
        if (auto ended = oldest.run(); !ended)
            return ended;
    }
    return {};
}

Result<void> DeadLetters::save_state() {
    return database_
        .statement("INSERT OR REPLACE INTO dagmesh_dead_letter_state VALUES(1, ?, ?)",
                   state_.last_number, state_.lost_count)
        .run();
}

Result<std::vector<StoredLetter>> DeadLetters::list(const DeadLetterFilter& filter,
                                                    std::size_t limit, std::uint64_t after) {
    std::vector<StoredLetter> letters;
    std::size_t size = 0;
    auto rows = database_.statement(
        "SELECT * FROM dagmesh_dead_letters WHERE number > ?1 AND (?2 IS NULL OR handler = ?2)"
        " AND (?3 IS NULL OR reason = ?3) ORDER BY number",
        after, filter.handler, filter.reason);
    while (letters.size() < limit) {
        const auto row = rows.step();
        if (!row)
            return tl::unexpected(row.error());
        if (!*row)
            break;
        auto letter = read_dead_letter(rows);
        if (filter.topic && !filter.topic->matches(letter.topic))
            continue;
        size += letter.size_bytes();
        if (size > list_size_bytes_max && !letters.empty())
            break;
        letters.push_back(std::move(letter));
    }
    return letters;
}

Result<std::optional<StoredLetter>> DeadLetters::find(std::uint64_t number) {
    auto rows = database_.statement("SELECT * FROM dagmesh_dead_letters WHERE number = ?", number);
    const auto row = rows.step();
    if (!row)
        return tl::unexpected(row.error());
    return *row ? std::optional(read_dead_letter(rows)) : std::nullopt;
}

Result<bool> DeadLetters::drop(std::uint64_t number) {
    bool is_there = false;
    auto done = database_.transaction([&]() -> Result<void> {
        keep_at_end();
        auto rows = database_.statement(
            "DELETE FROM dagmesh_dead_letters WHERE number = ? RETURNING size", number);
        const auto row = rows.step();
        if (!row)
            return tl::unexpected(row.error());
        is_there = *row;
        if (!is_there)
            return {};
        --state_.count;
        state_.size_bytes -= std::min(state_.size_bytes, rows.number(0));
        return rows.run();
    });
    if (!done)
        return tl::unexpected(done.error());
    return is_there;
}

Result<std::optional<StoredLetter>> DeadLetters::take_for_retry(std::uint64_t number) {
    std::optional<StoredLetter> taken;
    auto done = database_.transaction([&]() -> Result<void> {
        auto found = find(number);
        if (!found)
            return tl::unexpected(found.error());
        if (!*found)
            return {};
        if ((*found)->is_damaged)
            return fail(ErrorCode::malformed, database_.path() + ": dead letter " +
                                                  std::to_string(number) +
                                                  " is damaged: its checksum is not right");
        if (auto dropped = drop(number); !dropped)
            return tl::unexpected(dropped.error());
        taken = std::move(**found);
        return {};
    });
    if (!done)
        return tl::unexpected(done.error());
    return taken;
}

} // namespace mesh
