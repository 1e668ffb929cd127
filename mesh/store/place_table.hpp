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
    std::uint64_t position = 0; ///< everything up to this sequence is handled

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

    /// Forgets the places of a handler that is gone.
    Result<void> remove(std::string_view handler);

private:
    Database& database_;
};

} // namespace mesh
