#pragma once

#include "mesh/base/result.hpp"
#include "mesh/store/database.hpp"
#include "mesh/store/dead_letters.hpp"
#include "mesh/store/journal.hpp"
#include "mesh/store/place_table.hpp"
#include "mesh/store/seen_key_table.hpp"
#include "mesh/store/store.hpp"
#include "mesh/store/subscription_table.hpp"

#include <memory>
#include <mutex>
#include <string>

namespace mesh {

/// What a node keeps on disk. Only who holds it (DiskHold) uses its parts. A handler that writes to
/// the node's store holds it for a while, so the loop's thread only tries (`mutex`).
struct Disk {
    /// Errors: as Database::open and Journal::open.
    static Result<std::unique_ptr<Disk>> open(const std::string& path, Sync sync,
                                              const JournalOptions& options);

    std::mutex mutex; ///< guards the rest
    std::unique_ptr<Database> database;
    std::unique_ptr<Journal> journal;
    std::unique_ptr<SubscriptionTable> subscriptions;
    std::unique_ptr<PlaceTable> places;
    std::unique_ptr<DeadLetters> letters;
    std::unique_ptr<SeenKeyTable> seen_keys;
    std::unique_ptr<Store> store;
};

/// Holds a disk for this thread while it lives. Within another hold of the same thread it does
/// nothing more, so that who writes need not know whether he is a part of something larger.
class DiskHold {
public:
    explicit DiskHold(Disk& disk);
    ~DiskHold();
    DiskHold(const DiskHold&) = delete;
    DiskHold& operator=(const DiskHold&) = delete;

    /// Whether this thread holds the disk.
    static bool is_held_here(const Disk& disk);

private:
    const Disk& disk_;
    const DiskHold* outer_;
    std::unique_lock<std::mutex> lock_;
};

} // namespace mesh
