#pragma once

#include "mesh/store/journal_row.hpp"
#include "tests/prove/simulator/dice.hpp"
#include "tests/prove/simulator/plan.hpp"

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace simulator {

/// How far a `once` handler has come in a journal.
struct Place {
    std::uint64_t position = 0;   ///< everything up to here is done
    std::set<std::uint64_t> done; ///< and these above it

    bool covers(std::uint64_t sequence) const {
        return sequence <= position || done.contains(sequence);
    }
};

/// Of which handler, in whose journal.
struct PlaceKey {
    Number handler = 0;
    Number source = 0;

    auto operator<=>(const PlaceKey&) const = default;
};

struct StoredSubscription {
    std::string key;
    std::vector<mesh::Pattern> patterns;
    std::uint64_t position = 0;
};

/// What a node's file holds.
struct DiskContent {
    std::vector<std::string> topics;
    std::map<std::uint64_t, mesh::RowBytes> rows; ///< by first sequence
    std::uint64_t last = 0;
    std::uint64_t last_time_us = 0;
    std::uint64_t trimmed_to = 0;
    std::map<std::string, StoredSubscription> subscriptions;
    std::map<PlaceKey, Place> places;
    /// What each handler left of each event: by handler and number of the event, how often.
    std::map<std::pair<Number, std::uint64_t>, std::uint32_t> effects;
    std::map<std::pair<Number, std::uint64_t>, std::uint32_t> dead_letters;
};

/// A node's disk, which outlives it. What is committed survives the death of the process; what is
/// flushed, also the loss of power. A transaction is there as a whole or not at all.
class Disk {
public:
    struct AddTopic {
        std::string name;
    };

    struct AddRow {
        mesh::RowBytes row;
        std::uint64_t first = 0;
        std::uint64_t last = 0;
        std::uint64_t last_time_us = 0;
    };

    struct Trim {
        std::uint64_t to = 0;
    };

    /// One more event is done, and so is everything up to `position`.
    struct MovePlace {
        PlaceKey key;
        std::uint64_t sequence = 0;
        std::uint64_t position = 0;
    };

    struct AddEffect {
        Number handler = 0;
        std::uint64_t fact = 0;
        bool is_dead_letter = false;
    };

    using Change = std::variant<AddTopic, AddRow, Trim, StoredSubscription, MovePlace, AddEffect>;
    using Transaction = std::vector<Change>;

    /// `journal`: its id.
    Disk(std::uint64_t journal, bool is_sync_power, bool keeps_history)
        : journal_(journal), is_sync_power_(is_sync_power), keeps_history_(keeps_history) {}

    std::uint64_t journal() const { return journal_; }

    const DiskContent& content() const { return content_; }

    /// False when the disk is full: nothing of it is stored.
    bool commit(Transaction transaction);

    /// The power fails: what was not flushed is gone from some byte on. True when something was
    /// lost that was committed. `keeps_torn`: a transaction that is cut short counts as far as it
    /// goes.
    bool lose_power(Dice& dice, bool keeps_torn);

    /// A process dies within a commit: nothing of it is there, unless `keeps_torn`.
    void tear(const Transaction& transaction, Dice& dice, bool keeps_torn);

    void set_full(bool is_full) { is_full_ = is_full; }

    bool is_full() const { return is_full_; }

    /// Flips one bit of an event in the journal. False when it holds none.
    bool damage(Dice& dice);

private:
    void apply(const Change& change);

    std::uint64_t journal_;
    bool is_sync_power_;
    bool keeps_history_;
    bool is_full_ = false;
    DiskContent content_;
    DiskContent flushed_;                ///< with history: the content without it
    std::vector<Transaction> unflushed_; ///< in order
};

} // namespace simulator
