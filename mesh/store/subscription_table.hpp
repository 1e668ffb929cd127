#pragma once

#include "mesh/base/result.hpp"
#include "mesh/store/database.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace mesh {

/// What a publisher knows of one durable subscription, whoever is away or dead.
struct KnownSubscription {
    std::string key;                   ///< service, handler and instance
    std::vector<std::string> patterns; ///< as text
    std::uint64_t position = 0;        ///< everything up to this sequence is acknowledged
    std::uint64_t seen_us = 0;         ///< Unix epoch; when it was heard of last
    bool is_lasting = true;

    /// What was read does not fit its checksum. Its position is 0 then: what it had already comes
    /// again rather than that anything is missed. The damage may be in the key: until it is known
    /// whose this is, a subscription that nobody knows may be the one.
    bool is_damaged = false;

    // Of one that has a part of a group's events.
    std::string group = {}; ///< empty: none
    std::string owner = {}; ///< the member that had it
    std::uint32_t index = 0;
    std::uint64_t slots = UINT64_MAX; ///< a bit each

    bool operator==(const KnownSubscription&) const = default;
};

/// A publisher's table of subscriptions. Lives in a Database, whose owner guards it.
/// Errors of all functions: those of the database.
class SubscriptionTable {
public:
    explicit SubscriptionTable(Database& database) : database_(database) {}

    /// All of them, in order of key. Errors: also `malformed` when rows are gone.
    Result<std::vector<KnownSubscription>> load();

    /// Stores new and changed ones: all or none, in the running transaction if there is one.
    Result<void> save(std::span<const KnownSubscription> changed);

    /// Forgets a subscription; it is no error if nobody knows it.
    Result<void> remove(std::string_view key);

private:
    Database& database_;
};

} // namespace mesh
