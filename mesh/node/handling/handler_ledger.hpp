#pragma once

#include "mesh/event/event.hpp"
#include "mesh/node/ledger_fault.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

namespace mesh {

/// What became of an event that came to a handler, for good.
enum class Settled : std::uint8_t {
    not_yet,
    handled,
    dead,
    ignored, ///< it had been dealt with before
};

/// What one handler has done with the events of each publisher, run by run. Not safe for several
/// threads: HandlerCounts guards it.
class HandlerLedger {
public:
    /// Of one topic.
    struct Tally {
        std::uint64_t handled = 0;
        std::uint64_t dead = 0;
        std::uint64_t ignored = 0;
    };

    /// Of one run of one publisher: of its journal, or of the rest.
    struct Account {
        std::map<std::string, Tally, std::less<>> topics; ///< "": of too many topics
        std::uint64_t lost = 0;                           ///< told in gaps
        std::uint64_t used = 0;                           ///< the accounts used last stay
    };

    /// Source, its run (0: an earlier one), and whether its journal.
    using Key = std::tuple<NodeId, std::uint32_t, bool>;

    void note(const Event& event, Settled settled);

    /// `count` events of a run of their source, of which `first` is one, that are not set aside.
    void note_handled(std::string_view topic, const EventId& first, std::uint64_t count);

    /// Events of a source, up to this one, that will not come. `incarnation`: 0 for a journal.
    void note_lost(const NodeId& source, std::uint32_t incarnation, std::uint64_t until,
                   std::uint64_t count);

    /// What comes of the source's journal beyond `after`, is from this run of it, but for what the
    /// handler has `in_hand`.
    void begin_run(const NodeId& source, std::uint32_t run, std::uint64_t after,
                   std::set<std::uint64_t> in_hand);

    /// The handler begins anew with a stream of a publisher: what was counted before is over.
    void begin(const Key& key);

    /// The run of a source that sent an event of its journal; 0 for an earlier one.
    std::uint32_t run_of(const NodeId& source, std::uint64_t sequence) const;

    /// What is done with this event does not count: it was settled when it came.
    void set_aside(const EventId& id) { aside_.insert(id); }

    void take_back(const EventId& id) { aside_.erase(id); }

    const std::map<Key, Account>& accounts() const { return accounts_; }

    /// Whether accounts are gone because there were too many publishers.
    bool is_incomplete() const { return is_incomplete_; }

    void plant(LedgerFault fault) { fault_ = fault; }

private:
    Account& account_of(const NodeId& source, std::uint32_t incarnation, std::uint64_t sequence);
    Tally& tally_of(std::string_view topic, const EventId& id);
    void count_handled(Tally& tally);

    std::map<Key, Account> accounts_;

    struct JournalRun {
        std::uint32_t number;
        std::uint64_t after;
        std::set<std::uint64_t> from_before; ///< beyond `after`, and yet of an earlier run
    };

    std::map<NodeId, JournalRun> journal_runs_;
    std::set<EventId> aside_;
    std::uint64_t uses_ = 0;
    bool is_incomplete_ = false;
    LedgerFault fault_ = LedgerFault::none;
    std::uint64_t handled_count_ = 0;

    // Most events are of the publisher of the event before, and of a topic that was counted lately.
    const Key* last_key_ = nullptr;
    Account* last_account_ = nullptr;
    std::array<std::pair<const std::string, Tally>*, 256> last_tallies_{}; ///< of it, by hash
};

} // namespace mesh
