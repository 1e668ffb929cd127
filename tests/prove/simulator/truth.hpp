#pragma once

#include "tests/mesh/flow/truth.hpp"
#include "tests/prove/simulator/plan.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

namespace simulator {

using flow_test::expect;
using flow_test::Violation;

/// An event, whether it was published in the end or not. Its number stands in its payload.
struct Fact {
    Number topic = 0;
    std::uint64_t key = 0; ///< 0: none
    std::size_t size_bytes = 0;
    std::optional<Number> handler; ///< that emitted it
    std::uint64_t cause = 0;       ///< the event that it was handling
    std::optional<std::size_t> stream;
    std::uint64_t sequence = 0;
    bool is_returned = false; ///< its publish came back
};

/// What really happened, seen from outside: what each stream holds, and what every handler has
/// dealt with. Each step of the nodes is held against it.
class Truth {
public:
    explicit Truth(const Plan& plan) : plan_(plan) {}

    /// A stream: of a node's journal, or of one of its runs.
    std::size_t stream_of(Number node, std::uint64_t journal, std::uint32_t incarnation);

    std::uint64_t draft(const Fact& fact);

    const Fact& fact(std::uint64_t number) const { return facts_.at(number); }

    /// The stream holds the event from now on.
    void published(std::size_t stream, std::uint64_t sequence, std::uint64_t fact);
    void returned(std::uint64_t fact);

    std::uint64_t last(std::size_t stream) const { return streams_[stream].events.size(); }

    const Fact& at(std::size_t stream, std::uint64_t sequence) const {
        return facts_[streams_[stream].events.at(sequence - 1)];
    }

    /// Events may be missing from the stream's archive: what is told as lost then may be lost.
    void may_lose(std::size_t stream) { streams_[stream].may_lose = true; }

    bool may_lose_some(std::size_t stream) const { return streams_[stream].may_lose; }

    /// Damage hides what is lost: gaps may be told larger than they are.
    void is_damaged(std::size_t stream) { streams_[stream].is_damaged = true; }

    /// Where a subscription that is new to a stream has to begin, at least and at most.
    void begins(std::size_t stream, Number handler, std::uint64_t least, std::uint64_t most);

    /// The publisher has stored the subscription: it is owed what follows.
    void is_known(std::size_t stream, Number handler, std::uint64_t position);

    bool is_known(std::size_t stream, Number handler) const;

    /// The handler takes a stretch of a stream: what comes, and how many are told as lost.
    void takes(std::size_t stream, Number handler, std::uint64_t before, std::uint64_t after,
               std::uint64_t lost, const std::vector<std::uint64_t>& sequences);

    /// The handler has dealt with the event, for good.
    void dealt(std::size_t stream, Number handler, std::uint64_t sequence);

    /// The publisher counts all up to here as processed.
    void acknowledged(std::size_t stream, Number handler, std::uint64_t position);

    /// Whether the handler has dealt with all that it is owed of the stream, or was told of it.
    bool has_all(std::size_t stream, Number handler);

    /// Whether it is owed this event.
    bool is_owed(std::size_t stream, Number handler, std::uint64_t sequence) const;

    /// How often the handler emitted on the topic because of the event.
    std::uint32_t emissions(Number handler, std::uint64_t cause, Number topic) const;

    std::size_t stream_count() const { return streams_.size(); }

    bool is_journal(std::size_t stream) const { return streams_[stream].is_journal; }

    const std::vector<std::uint64_t>& events(std::size_t stream) const {
        return streams_[stream].events;
    }

    struct Sums {
        std::uint64_t published = 0;
        std::uint64_t dealt = 0;
        std::uint64_t lost = 0;
    };

    const Sums& sums() const { return sums_; }

    /// Without `sync: power`, the loss of power took along what was committed: sequences are used
    /// again, and nothing is promised any more (docs/journal.md).
    void release() { is_released_ = true; }

    bool is_released() const { return is_released_; }

private:
    struct Stream {
        Number node = 0;
        bool is_journal = false;
        bool may_lose = false;
        bool is_damaged = false;
        std::vector<std::uint64_t> events; ///< by sequence, from 1 on
    };

    struct Account {
        std::optional<std::uint64_t> begin; ///< what comes after it is owed
        std::uint64_t begin_least = 0;
        std::optional<std::uint64_t> begin_most;
        std::vector<char> is_settled; ///< by sequence - 1
        std::uint64_t settled_to = 0; ///< all that is owed up to here
    };

    Account& account(std::size_t stream, Number handler);
    void settle(Account& account, std::uint64_t sequence);
    std::uint64_t settled_to(std::size_t stream, Number handler);

    bool wants(const Stream& stream, Number handler, std::uint64_t sequence) const {
        return plan_.handlers[handler].wants[facts_[stream.events[sequence - 1]].topic];
    }

    const Plan& plan_;
    std::vector<Fact> facts_;
    std::vector<Stream> streams_;
    std::map<std::pair<Number, std::uint64_t>, std::size_t> numbers_;
    std::vector<std::vector<Account>> accounts_; ///< by stream and handler
    /// By handler, cause and topic.
    std::map<std::tuple<Number, std::uint64_t, Number>, std::uint32_t> emissions_;
    Sums sums_;
    bool is_released_ = false;
};

} // namespace simulator
