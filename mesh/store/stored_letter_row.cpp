#include "mesh/store/stored_letter_row.hpp"

#include "mesh/store/checksum.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

namespace mesh {

namespace {

/// A cause as it lies in the file; its path has a column of its own.
struct StoredCause {
    std::array<std::byte, 16> source;
    std::array<std::byte, 16> trace;
    std::uint64_t sequence;
    std::uint32_t incarnation;
    std::uint16_t rank;
    std::uint8_t chain;
    std::uint8_t rounds;
};

static_assert(sizeof(StoredCause) == 48, "no gaps: it is written as it is");

std::vector<std::byte> bytes_of_cause(const std::optional<Cause>& cause) {
    if (!cause)
        return {};
    const StoredCause stored{cause->event.source.bytes,
                             cause->trace,
                             cause->event.sequence,
                             cause->event.incarnation,
                             cause->rank,
                             cause->chain,
                             cause->rounds};
    std::vector<std::byte> bytes(sizeof stored);
    std::memcpy(bytes.data(), &stored, sizeof stored);
    return bytes;
}

std::optional<Cause> cause_of_bytes(Bytes bytes) {
    if (bytes.size() != sizeof(StoredCause))
        return std::nullopt;
    StoredCause stored{};
    std::memcpy(&stored, bytes.data(), sizeof stored);
    return Cause{.event = {{stored.source}, stored.incarnation, stored.sequence},
                 .trace = stored.trace,
                 .rank = stored.rank,
                 .chain = stored.chain,
                 .rounds = stored.rounds,
                 .path = {}};
}

std::uint32_t checksum_of(const StoredLetter& letter, Bytes cause) {
    return Checksum()
        .add(letter.handler)
        .add(letter.reason)
        .add(letter.error)
        .add(letter.attempts)
        .add(letter.died_us)
        .add(letter.topic)
        .add(Bytes(letter.id.source.bytes))
        .add(letter.id.incarnation)
        .add(letter.id.sequence)
        .add(letter.service)
        .add(letter.time_us)
        .add(letter.key)
        .add(letter.content_type)
        .add(letter.headers)
        .add(cause)
        .add(letter.path)
        .add(letter.payload)
        .value();
}

} // namespace

Result<void> insert_dead_letter(Database& database, const StoredLetter& letter) {
    const auto cause = bytes_of_cause(letter.cause);
    return database
        .statement("INSERT INTO dagmesh_dead_letters "
                   "VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                   letter.number, letter.handler, letter.reason, letter.error, letter.attempts,
                   letter.died_us, letter.topic, Bytes(letter.id.source.bytes),
                   letter.id.incarnation, letter.id.sequence, letter.service, letter.time_us,
                   bytes_of(letter.key), letter.content_type, bytes_of(letter.headers),
                   Bytes(cause), letter.path, bytes_of(letter.payload), letter.size_bytes(),
                   checksum_of(letter, cause))
        .run();
}

StoredLetter read_dead_letter(const Statement& row) {
    StoredLetter letter;
    int column = 0;
    letter.number = row.number(column++);
    letter.handler = row.text(column++);
    letter.reason = row.text(column++);
    letter.error = row.text(column++);
    letter.attempts = static_cast<std::uint32_t>(row.number(column++));
    letter.died_us = row.number(column++);
    letter.topic = row.text(column++);
    const auto source = row.bytes(column++);
    std::copy_n(source.begin(), std::min(source.size(), letter.id.source.bytes.size()),
                letter.id.source.bytes.begin());
    letter.id.incarnation = static_cast<std::uint32_t>(row.number(column++));
    letter.id.sequence = row.number(column++);
    letter.service = row.text(column++);
    letter.time_us = row.number(column++);
    letter.key = text_of(row.bytes(column++));
    letter.content_type = row.text(column++);
    letter.headers = text_of(row.bytes(column++));
    const auto cause = row.bytes(column++);
    letter.cause = cause_of_bytes(cause);
    letter.path = row.text(column++);
    letter.payload = text_of(row.bytes(column++));
    ++column; // the size
    letter.is_damaged = row.number(column) != checksum_of(letter, cause);
    return letter;
}

} // namespace mesh
