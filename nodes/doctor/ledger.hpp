#pragma once

#include "mesh/wire/question.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace nodes {

/// What one node has told of its ledger.
struct NodeLedger {
    mesh::NodeId id;
    std::uint32_t run = 0;
    std::string service;
    std::string instance;
    std::vector<mesh::SentRow> sent;
    std::vector<mesh::HandledRow> handled;
    bool is_incomplete = false; ///< it has forgotten what it did for some publishers

    /// Two looks agree when nothing has moved in between.
    bool operator==(const NodeLedger&) const = default;
};

/// Of one publisher, one topic and one subscription: sent = handled + dead + ignored + dropped +
/// in flight, each counted where it happens.
struct LedgerRow {
    enum class Verdict {
        balanced,
        unbalanced,
        away,  ///< its subscriber does not run, or did not answer: there is nothing to compare with
        whole, ///< some of the subscription's topics are not known any more: see the row of all
    };

    std::string publisher;    ///< SERVICE/INSTANCE
    std::string subscription; ///< SERVICE.HANDLER at SERVICE/INSTANCE, or the name of one away
    std::string topic;        ///< `*`: all of the subscription together
    bool is_durable = false;
    std::uint64_t sent = 0;    ///< published and wanted: the publisher's count
    std::uint64_t handled = 0; ///< the handler's counts, as the next two
    std::uint64_t dead = 0;
    std::uint64_t ignored = 0;
    std::array<std::uint64_t, 4> dropped{}; ///< by reason; the publisher's
    std::uint64_t waiting = 0;              ///< in flight at the publisher
    std::uint64_t in_hand = 0;              ///< in flight at the subscriber
    Verdict verdict = Verdict::balanced;

    std::uint64_t in_flight() const { return waiting + in_hand; }

    std::uint64_t dropped_count() const {
        return dropped[0] + dropped[1] + dropped[2] + dropped[3];
    }

    std::uint64_t accounted() const {
        return handled + dead + ignored + dropped_count() + in_flight();
    }
};

/// The names of the reasons in LedgerRow::dropped.
inline constexpr std::array<const char*, 4> drop_reasons{"trimmed", "policy", "fast", "spill"};

/// The rows, by publisher, subscription and topic.
std::vector<LedgerRow> ledger_rows(const std::vector<NodeLedger>& nodes);

bool is_balanced(const std::vector<LedgerRow>& rows);

} // namespace nodes
