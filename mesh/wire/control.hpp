#pragma once

#include "mesh/base/bytes.hpp"
#include "mesh/base/node_id.hpp"
#include "mesh/base/result.hpp"
#include "mesh/event/contract.hpp"
#include "mesh/wire/join.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace mesh {

/// Version of the control messages.
inline constexpr std::uint8_t control_version = 1;

/// Largest control message.
inline constexpr std::size_t control_size_bytes_max = 1024 * 1024;

/// Handlers of one contract, and so subscriptions of one link.
inline constexpr std::size_t handlers_max = 4096;

/// Who a node is and how to reach it. `wants_*` ask for an answer of the same kind.
struct Hello {
    std::string service;
    std::string instance;
    bool is_observer = false;
    std::string host; ///< to connect to; empty: where the message came from
    std::uint16_t control_port = 0;
    std::uint16_t inbox_port = 0;
    std::string inbox_name;    ///< of its abstract UNIX socket
    std::uint64_t machine = 0; ///< equal on nodes that can use each other's abstract sockets
    std::uint64_t contract_hash = 0;
    std::optional<std::string> contract; ///< encoded, see encode_contract
    bool wants_contract = false;
    bool wants_answer = false;
    bool wants_peers = false;
    std::vector<std::string> peers;         ///< HOST:PORT of others, for who asked
    std::vector<std::uint16_t> quarantined; ///< handlers of the contract, ascending

    bool operator==(const Hello&) const = default;
};

/// The publisher opens a link and asks what to send on it. Answered by Opened.
struct Open {
    std::uint64_t attempt = 0;
    bool operator==(const Open&) const = default;
};

/// The subscriber draws a session and says where its subscriptions stand.
struct Opened {
    struct Subscription {
        std::uint16_t index = 0; ///< of the handler in its contract
        bool is_lasting = true;
        bool is_blocking = true;
        std::uint64_t window_events = 0;
        std::uint64_t window_bytes = 0;
        std::uint64_t age_us = 0; ///< how long ago it was made
        bool is_resumed = false;  ///< the next three hold
        std::uint64_t position = 0;
        std::uint64_t events = 0;
        std::uint64_t bytes = 0;
        bool operator==(const Subscription&) const = default;
    };

    std::uint64_t attempt = 0;
    std::uint64_t session = 0;
    std::vector<Subscription> subscriptions;
    bool operator==(const Opened&) const = default;
};

/// How far subscriptions are, and the credit that they grant beyond it.
struct Acknowledge {
    struct Subscription {
        std::uint16_t index = 0;
        std::uint64_t position = 0;
        std::uint64_t events = 0;
        std::uint64_t bytes = 0;
        std::uint64_t window_events = 0;
        std::uint64_t window_bytes = 0;
        bool operator==(const Subscription&) const = default;
    };

    std::uint64_t session = 0;
    std::vector<Subscription> subscriptions;
    bool operator==(const Acknowledge&) const = default;
};

/// The publisher says how far it took each subscription.
struct Head {
    struct Subscription {
        std::uint16_t index = 0;
        std::uint64_t position = 0;
        bool operator==(const Subscription&) const = default;
    };

    std::uint64_t session = 0;
    std::vector<Subscription> subscriptions;
    bool operator==(const Head&) const = default;
};

/// A batch did not fit: send again from here.
struct Rewind {
    struct Subscription {
        std::uint16_t index = 0;
        std::uint64_t position = 0;
        std::uint64_t events = 0;
        std::uint64_t bytes = 0;
        bool operator==(const Subscription&) const = default;
    };

    std::uint64_t session = 0;
    std::vector<Subscription> subscriptions;
    bool operator==(const Rewind&) const = default;
};

/// Batches do not arrive: open a new link.
struct Reopen {
    std::uint64_t session = 0;
    bool operator==(const Reopen&) const = default;
};

/// The publisher could not connect to the subscriber's inbox.
struct Unreachable {
    std::string endpoint;
    bool operator==(const Unreachable&) const = default;
};

/// The sender stops.
struct Leave {
    bool operator==(const Leave&) const = default;
};

using ControlBody = std::variant<Hello, Open, Opened, Acknowledge, Head, Rewind, Reopen,
                                 Unreachable, Leave, Join, JoinAnswer>;

/// One message of the control path: who says it, and what.
struct ControlMessage {
    std::uint64_t realm = 0; ///< hash of the realm's name; others are not for us
    NodeId sender;
    std::uint32_t incarnation = 0;
    ControlBody body;

    bool operator==(const ControlMessage&) const = default;
};

/// msgpack, as in docs/wire_format.md, "Control messages".
std::string encode(const ControlMessage& message);

/// Errors: `malformed`, `unsupported_version`. Fields that it does not know are skipped.
Result<ControlMessage> decode_control(Bytes bytes);

/// msgpack, as in docs/wire_format.md, "Contract". The same contract gives the same bytes, and
/// their hash64 is the contract hash of beacons.
std::string encode_contract(const Contract& contract);

/// Errors: `malformed`, also for patterns that are none.
Result<Contract> decode_contract(Bytes bytes);

} // namespace mesh
