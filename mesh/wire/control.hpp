#pragma once

#include "mesh/base/bytes.hpp"
#include "mesh/base/node_id.hpp"
#include "mesh/base/result.hpp"
#include "mesh/event/contract.hpp"
#include "mesh/wire/join.hpp"
#include "mesh/wire/question.hpp"
#include "mesh/wire/session.hpp"

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
                                 Unreachable, Leave, Join, JoinAnswer, Question, Answer, Reply>;

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
