#pragma once

#include "mesh/base/node_id.hpp"
#include "mesh/event/event.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace mesh {

/// What a tool asks of a node. It asks again until it is answered, so the same question may come
/// twice; a node does what it asks for once.
struct Question {
    enum class Kind : std::uint8_t {
        letters, ///< which dead letters it has
        letter,  ///< one of them, whole
        retry,   ///< handle the event of one once more
        drop,    ///< throw one away
        ledger,  ///< what became of its events and of those it got, and how it is
        cut,     ///< be cut off from some nodes for a time
    };

    static constexpr std::uint64_t kind_count = 6;

    std::uint64_t number = 0; ///< names the question among those of the asking node
    Kind kind = Kind::letters;

    // Which letters; what is empty does not matter.
    std::string handler;
    std::string topic; ///< a pattern
    std::string reason;

    std::uint64_t letter = 0; ///< the number of one

    /// What was answered before: letters up to this number, bytes of the payload of one letter, or
    /// rows of the ledger.
    std::uint64_t after = 0;

    // Of a cut.
    std::vector<NodeId> nodes = {}; ///< at most cut_nodes_max
    std::uint64_t time_us = 0;      ///< at most cut_time_us_max

    bool operator==(const Question&) const = default;
};

/// A dead letter as it is told. The fields of the second part are there when one is asked for.
struct LetterNote {
    std::uint64_t number = 0; ///< its name at its node
    std::string handler;
    std::string reason;
    std::string error;
    std::uint32_t attempts = 0;
    std::uint64_t died_us = 0; ///< Unix epoch, on the node's clock
    std::string topic;
    EventId id;
    std::string service;       ///< of the event's source
    std::uint64_t time_us = 0; ///< Unix epoch, on the source's clock
    std::string key;
    bool is_damaged = false;
    std::uint64_t payload_size_bytes = 0;

    std::string content_type;
    std::string headers;        ///< encoded
    std::optional<Cause> cause; ///< its path is empty: the text is in `path`
    std::string path;
    std::string payload; ///< from Question::after on, as much as fits

    bool operator==(const LetterNote&) const = default;
};

/// What a publisher has for one subscription, of one topic. An empty topic: of topics that are not
/// known any more.
struct SentRow {
    NodeId node;           ///< of the subscription
    std::uint32_t run = 0; ///< of that node; 0: it is away
    std::string handler;
    std::string subscription; ///< its whole name
    bool is_durable = false;  ///< of the journal, else of this run
    std::string topic;
    std::uint64_t sent = 0;                 ///< published, and wanted by it
    std::uint64_t waiting = 0;              ///< of these, on no batch yet
    std::array<std::uint64_t, 4> dropped{}; ///< of these, told as lost, by LossReason

    bool operator==(const SentRow&) const = default;
};

/// What a handler has done with events of one publisher, of one topic. An empty topic: of gaps.
struct HandledRow {
    NodeId source;
    std::uint32_t run = 0; ///< of the publisher
    std::string handler;
    bool is_durable = false; ///< of the publisher's journal, else of that run
    std::string topic;
    std::uint64_t handled = 0;
    std::uint64_t dead = 0;
    std::uint64_t ignored = 0; ///< its idempotency key was dealt with
    std::uint64_t in_hand = 0; ///< arrived, and not finished
    std::uint64_t lost = 0;    ///< was told to be lost

    bool operator==(const HandledRow&) const = default;
};

struct Answer {
    std::uint64_t number = 0; ///< of the question
    std::string error;        ///< why what was asked for cannot be; empty: it is done
    bool is_unknown = false;  ///< there is no letter of that number
    bool is_more = false;     ///< ask on
    std::vector<LetterNote> letters;
    std::vector<SentRow> sent;
    std::vector<HandledRow> handled;
    std::map<std::string, std::uint64_t> figures; ///< of the node's health, by name

    bool operator==(const Answer&) const = default;
};

/// Answers a request: the event that carried it had the header `dagmesh-request`.
struct Reply {
    std::uint64_t request = 0; ///< as that header names it
    std::string handler;       ///< SERVICE.HANDLER that replies
    bool is_failure = false;   ///< it failed for good; `payload` says why, as text
    std::string content_type;
    std::string payload;

    bool operator==(const Reply&) const = default;
};

/// Bounds; what exceeds them is malformed.
inline constexpr std::size_t cut_nodes_max = 1024;
inline constexpr std::uint64_t cut_time_us_max = std::uint64_t{3600} * 1'000'000; // an hour
inline constexpr std::size_t answer_letters_max = 256;
inline constexpr std::size_t answer_rows_max = 2048;
inline constexpr std::size_t answer_figures_max = 64;
inline constexpr std::size_t letter_error_size_bytes_max = 4096;

/// Of a payload, as much as goes into one answer.
inline constexpr std::size_t answer_payload_size_bytes_max = 512 * 1024;

/// Of a reply: what a control message holds beside its frame.
inline constexpr std::size_t reply_payload_size_bytes_max = 1024 * 1024 - 4096;

} // namespace mesh
