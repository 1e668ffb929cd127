#pragma once

#include "mesh/base/result.hpp"
#include "mesh/store/database.hpp"
#include "mesh/store/journal.hpp"
#include "mesh/store/place_table.hpp"
#include "mesh/store/subscription_table.hpp"

#include <memory>
#include <mutex>
#include <string>

namespace mesh {

/// What a node keeps on disk, and the one lock for it. A handler that writes to the node's store
/// holds it for a while, so the loop's thread only tries.
struct Disk {
    /// Errors: as Database::open and Journal::open.
    static Result<std::unique_ptr<Disk>> open(const std::string& path, Sync sync,
                                              const JournalOptions& options) {
        auto database = Database::open(path, sync);
        if (!database)
            return tl::unexpected(database.error());
        auto journal = Journal::open(**database, options);
        if (!journal)
            return tl::unexpected(journal.error());
        auto made = std::make_unique<Disk>();
        made->database = std::move(*database);
        made->journal = std::move(*journal);
        made->subscriptions = std::make_unique<SubscriptionTable>(*made->database);
        made->places = std::make_unique<PlaceTable>(*made->database);
        return made;
    }

    std::mutex mutex; ///< guards the rest
    std::unique_ptr<Database> database;
    std::unique_ptr<Journal> journal;
    std::unique_ptr<SubscriptionTable> subscriptions;
    std::unique_ptr<PlaceTable> places;
};

} // namespace mesh
