#pragma once

#include "mesh/flow/draft.hpp"
#include "mesh/flow/streams/journal_publication.hpp"
#include "tests/prove/simulator/disk_archive.hpp"
#include "tests/prove/simulator/outflow.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace simulator {

/// An event on its way into a journal: its bytes, and which it is.
struct Outgoing {
    std::uint64_t fact = 0;
    Number topic = 0;
    std::string key;
    std::vector<std::byte> payload;
};

/// The event of a fact: its payload begins with its number.
Outgoing outgoing_of(const Truth& truth, std::uint64_t fact);
mesh::Draft draft_of(const Plan& plan, const Outgoing& event);

/// The durable events of a node, as mesh/node's DurableStream and JournalWriter treat them: to disk
/// in groups, then on to the links; subscriptions stored before they are served, their places now
/// and then; trimming.
class JournalShell {
public:
    explicit JournalShell(const Site& site);

    /// Commits the events, and `with` in the same transaction, and calls `done` with whether they
    /// are on disk. `with` is asked when the transaction is made.
    using With = std::function<Disk::Transaction()>;
    void commit(std::vector<Outgoing> events, With with, std::function<void(bool)> done);

    const mesh::JournalPublication& publication() const { return publication_; }

    Outflow& links() { return links_; }

    void tick();

    /// Whether nothing waits for the disk or for a subscriber.
    bool is_dry() const { return waiting_.empty() && links_.is_dry(); }

private:
    struct Waiting {
        std::vector<Outgoing> events;
        With with;
        std::function<void(bool)> done;
    };

    /// What a transaction adds to the journal.
    struct Group {
        std::vector<mesh::EventLog::Entry> entries;
        std::vector<std::vector<std::byte>> records;
        std::vector<std::uint64_t> facts;
        std::vector<std::string> topics; ///< all that the journal names then
    };

    void restore();
    void write();
    bool commit_group(std::vector<Waiting>& group);
    Group encode(const std::vector<Waiting>& group, Disk::Transaction& transaction);
    void note_effects(const Disk::Transaction& transaction) const;
    void hand_on(const Group& group);
    void keep(std::function<void()> serve);
    void save(std::function<void(bool)> then);
    void store(const std::vector<mesh::RememberedSubscription>& changed,
               const std::function<void(bool)>& then);
    void trim();
    std::vector<mesh::EventLog::Entry> unprocessed(std::uint64_t needed, std::uint64_t to) const;

    Site site_;
    DiskArchive archive_;
    mesh::JournalPublication publication_;
    Outflow links_;
    std::size_t stream_;
    std::vector<Waiting> waiting_;
    bool is_writing_ = false;
    mesh::TimePoint started_at_ = site_.now();
    mesh::TimePoint kept_at_{};
};

} // namespace simulator
