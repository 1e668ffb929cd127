#include "mesh/node/disk.hpp"

#include <utility>

namespace mesh {

namespace {

thread_local const DiskHold* innermost = nullptr;

} // namespace

Result<std::unique_ptr<Disk>> Disk::open(const std::string& path, Sync sync,
                                         const JournalOptions& options) {
    auto database = Database::open(path, sync);
    if (!database)
        return tl::unexpected(database.error());
    auto journal = Journal::open(**database, options);
    if (!journal)
        return tl::unexpected(journal.error());
    auto letters = DeadLetters::open(**database, {});
    if (!letters)
        return tl::unexpected(letters.error());
    auto seen_keys = SeenKeyTable::open(**database, {});
    if (!seen_keys)
        return tl::unexpected(seen_keys.error());
    auto made = std::make_unique<Disk>();
    made->database = std::move(*database);
    made->journal = std::move(*journal);
    made->subscriptions = std::make_unique<SubscriptionTable>(*made->database);
    made->places = std::make_unique<PlaceTable>(*made->database);
    made->letters = std::move(*letters);
    made->seen_keys = std::move(*seen_keys);
    made->store = std::make_unique<Store>(*made->database);
    return made;
}

DiskHold::DiskHold(Disk& disk)
    : disk_(disk),
      outer_(innermost),
      lock_(is_held_here(disk) ? std::unique_lock<std::mutex>() : std::unique_lock(disk.mutex)) {
    innermost = this;
}

DiskHold::~DiskHold() {
    innermost = outer_;
}

bool DiskHold::is_held_here(const Disk& disk) {
    for (const auto* hold = innermost; hold != nullptr; hold = hold->outer_)
        if (&hold->disk_ == &disk)
            return true;
    return false;
}

} // namespace mesh
