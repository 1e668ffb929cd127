#include "mesh/wire/control.hpp"

#include "mesh/wire/join_codec.hpp"
#include "mesh/wire/packed_fields.hpp"
#include "mesh/wire/question_codec.hpp"
#include "mesh/wire/session_codec.hpp"

#include <algorithm>
#include <type_traits>

namespace mesh {

namespace {

using packed::Fields;
using packed::Packer;

void pack_body(Packer& packer, const Hello& hello) {
    Fields fields(packer, 13U + (hello.contract ? 1U : 0U) + (hello.quarantined.empty() ? 0U : 1U));
    fields.add("service", hello.service)
        .add("instance", hello.instance)
        .add("observer", hello.is_observer)
        .add("host", hello.host)
        .add("control", hello.control_port)
        .add("inbox", hello.inbox_port)
        .add("inbox_name", hello.inbox_name)
        .add("machine", hello.machine)
        .add("contract_hash", hello.contract_hash)
        .add("wants_contract", hello.wants_contract)
        .add("wants_answer", hello.wants_answer)
        .add("wants_peers", hello.wants_peers)
        .add("peers", hello.peers);
    if (!hello.quarantined.empty())
        fields.add("quarantined", hello.quarantined);
    if (hello.contract)
        fields.add("contract",
                   msgpack::type::raw_ref(hello.contract->data(),
                                          static_cast<std::uint32_t>(hello.contract->size())));
}

void pack_body(Packer& packer, const Unreachable& unreachable) {
    Fields(packer, 1).add("endpoint", unreachable.endpoint);
}

void pack_body(Packer& packer, const Leave&) {
    packer.pack_map(0);
}

std::uint16_t take_port(packed::Map& map, std::string_view name) {
    const auto port = map.number(name);
    if (port > UINT16_MAX)
        map.refuse(name);
    return static_cast<std::uint16_t>(port);
}

void take_body(packed::Map& map, Hello& hello) {
    hello.service = map.name("service");
    hello.instance = map.name("instance");
    hello.is_observer = map.truth("observer");
    hello.host = map.name("host");
    hello.control_port = take_port(map, "control");
    hello.inbox_port = take_port(map, "inbox");
    hello.inbox_name = map.name("inbox_name", 100);
    hello.machine = map.number("machine");
    hello.contract_hash = map.number("contract_hash");
    hello.wants_contract = map.truth("wants_contract");
    hello.wants_answer = map.truth("wants_answer");
    hello.wants_peers = map.truth("wants_peers");
    if (map.find("contract") != nullptr)
        hello.contract = map.text("contract");
    if (const auto* peers = map.list("peers"))
        for (std::uint32_t i = 0; i < peers->size; ++i) {
            if (peers->ptr[i].type != msgpack::type::STR)
                return map.refuse("peers");
            hello.peers.emplace_back(peers->ptr[i].via.str.ptr, peers->ptr[i].via.str.size);
        }
    if (const auto* quarantined = map.list("quarantined"))
        for (std::uint32_t i = 0; i < quarantined->size; ++i) {
            const auto& index = quarantined->ptr[i];
            if (index.type != msgpack::type::POSITIVE_INTEGER || index.via.u64 >= handlers_max)
                return map.refuse("quarantined");
            hello.quarantined.push_back(static_cast<std::uint16_t>(index.via.u64));
        }
    if (hello.service.empty())
        map.refuse("service");
}

void take_body(packed::Map& map, Unreachable& unreachable) {
    unreachable.endpoint = map.name("endpoint", 300);
}

void take_body(packed::Map&, Leave&) {}

/// Builds the alternative of ControlBody that has this index, and reads it.
template <std::size_t index = 0>
bool take_alternative(packed::Map& map, std::uint64_t type, ControlBody& body) {
    if constexpr (index == std::variant_size_v<ControlBody>) {
        return false;
    } else {
        if (type != index + 1)
            return take_alternative<index + 1>(map, type, body);
        auto& made = body.emplace<index>();
        take_body(map, made);
        return true;
    }
}

} // namespace

std::string encode(const ControlMessage& message) {
    msgpack::sbuffer buffer;
    Packer packer(buffer);
    packer.pack_array(6);
    packer.pack(control_version);
    packer.pack(static_cast<std::uint64_t>(message.body.index() + 1));
    packer.pack(message.realm);
    packer.pack_bin(static_cast<std::uint32_t>(message.sender.bytes.size()));
    packer.pack_bin_body(reinterpret_cast<const char*>(message.sender.bytes.data()),
                         static_cast<std::uint32_t>(message.sender.bytes.size()));
    packer.pack(message.incarnation);
    std::visit([&](const auto& body) { pack_body(packer, body); }, message.body);
    return {buffer.data(), buffer.size()};
}

Result<ControlMessage> decode_control(Bytes bytes) {
    const auto refuse = [](std::string why) {
        return fail(ErrorCode::malformed, "control message: " + std::move(why));
    };
    if (bytes.size() > control_size_bytes_max)
        return refuse("larger than " + std::to_string(control_size_bytes_max) + " bytes");
    const auto handle = packed::unpack(bytes);
    if (!handle)
        return refuse(handle.error().detail);
    const auto& root = handle->get();
    if (root.type != msgpack::type::ARRAY || root.via.array.size < 1 ||
        root.via.array.ptr[0].type != msgpack::type::POSITIVE_INTEGER)
        return refuse("expected an array that begins with a version");
    const auto* items = root.via.array.ptr;
    if (items[0].via.u64 != control_version)
        return fail(ErrorCode::unsupported_version, "expected control version " +
                                                        std::to_string(control_version) + ", got " +
                                                        std::to_string(items[0].via.u64));
    ControlMessage message;
    const auto is_number = [&](std::size_t i) {
        return items[i].type == msgpack::type::POSITIVE_INTEGER;
    };
    if (root.via.array.size != 6 || !is_number(1) || !is_number(2) ||
        items[3].type != msgpack::type::BIN ||
        items[3].via.bin.size != message.sender.bytes.size() || !is_number(4) ||
        items[4].via.u64 > UINT32_MAX)
        return refuse("expected version, type, realm, sender, incarnation and body");
    message.realm = items[2].via.u64;
    std::ranges::copy(bytes_of({items[3].via.bin.ptr, items[3].via.bin.size}),
                      message.sender.bytes.begin());
    message.incarnation = static_cast<std::uint32_t>(items[4].via.u64);
    packed::Map map(items[5]);
    if (!take_alternative(map, items[1].via.u64, message.body))
        return refuse("unknown type " + std::to_string(items[1].via.u64));
    if (auto verdict = map.verdict(); !verdict)
        return refuse(verdict.error().detail);
    return message;
}

} // namespace mesh
