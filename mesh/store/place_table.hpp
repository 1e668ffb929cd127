#pragma once

#include "mesh/base/node_id.hpp"
#include "mesh/base/result.hpp"
#include "mesh/store/database.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace mesh {

/// How far a handler of `once` events has come in one journal.
struct Place {
    NodeId source;             ///< the publisher
    std::uint64_t journal = 0; ///< which of its journals
    std::string handler;
    std::uint64_t position = 0; ///< everything up to this sequence is handled; of a mark: this one

    bool operator==(const Place&) const = default;
};

/// A receiver's places: set in the transaction that holds what the handler did, so that both are
/// kept or neither. Lives in a Database, whose owner guards it.
/// Errors of all functions: those of the database.
class PlaceTable {
public:
    explicit PlaceTable(Database& database) : database_(database) {}

    /// All of them. Errors: also `malformed` for one that does not fit its checksum, naming handler
    /// and source: to guess would be to handle events twice, or never.
    Result<std::vector<Place>> load();

    Result<void> set(const Place& place);

    /// All marks: events that were handled before others that precede them. Errors: as `load`.
    Result<std::vector<Place>> load_marks();

    Result<void> mark(const Place& event);

    /// Sets a place that has reached marks: those are forgotten.
    Result<void> set_beyond_marks(const Place& place);

    /// Nothing behind the place is handled, whatever is kept so far.
    Result<void> move_back(const Place& place);

    /// Forgets the places and marks of a handler that is gone.
    Result<void> remove(std::string_view handler);

private:
    Result<std::vector<Place>> load(std::string_view table, std::string_view sql);

    Database& database_;
};

} // namespace mesh
