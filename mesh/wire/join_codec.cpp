#include "mesh/wire/join_codec.hpp"

#include "mesh/base/hash.hpp"
#include "mesh/event/topic.hpp"
#include "mesh/wire/control.hpp"
#include "mesh/wire/little_endian.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace mesh {

namespace {

using Packer = msgpack::packer<msgpack::sbuffer>;

constexpr std::size_t mark_size_bytes = 4;
constexpr std::size_t label_size_bytes_max = 401; // two names and a dot

void pack_bytes(Packer& packer, std::string_view bytes) {
    packer.pack_bin(static_cast<std::uint32_t>(bytes.size()));
    packer.pack_bin_body(bytes.data(), static_cast<std::uint32_t>(bytes.size()));
}

void pack_id(Packer& packer, const NodeId& id) {
    pack_bytes(packer, text_of(id.bytes));
}

/// Four fields of a map.
void pack_standing(Packer& packer, const Standing& standing) {
    packer.pack("epoch");
    packer.pack(standing.epoch);
    packer.pack("state");
    packer.pack(static_cast<std::uint8_t>(standing.state));
    packer.pack("view");
    packer.pack(standing.view_size);
    packer.pack("idle");
    packer.pack(standing.idle);
}

void pack_cycle(Packer& packer, const JoinCycle& cycle) {
    packer.pack_array(static_cast<std::uint32_t>(cycle.steps.size()) + 1);
    packer.pack(cycle.length);
    for (const auto& step : cycle.steps) {
        packer.pack_array(6);
        packer.pack(step.event);
        packer.pack(step.handler);
        packer.pack(step.on);
        pack_id(packer, step.node);
        packer.pack(step.epoch);
        packer.pack(step.is_refused);
    }
}

bool is_number(const msgpack::object& object, std::uint64_t max) {
    return object.type == msgpack::type::POSITIVE_INTEGER && object.via.u64 <= max;
}

std::optional<JoinState> state_of(std::uint64_t number) {
    if (number > static_cast<std::uint64_t>(JoinState::left))
        return std::nullopt;
    return static_cast<JoinState>(number);
}

std::optional<NodeId> id_of(const msgpack::object& object) {
    NodeId id;
    if (object.type != msgpack::type::BIN || object.via.bin.size != id.bytes.size())
        return std::nullopt;
    std::ranges::copy(bytes_of({object.via.bin.ptr, object.via.bin.size}), id.bytes.begin());
    return id;
}

void take_standing(packed::Map& map, Standing& standing) {
    standing.epoch = map.number("epoch");
    if (standing.epoch > join_epoch_max)
        map.refuse("epoch");
    if (const auto state = state_of(map.number("state")))
        standing.state = *state;
    else
        map.refuse("state");
    const auto view_size = map.number("view");
    if (view_size > UINT32_MAX)
        map.refuse("view");
    standing.view_size = static_cast<std::uint32_t>(view_size);
    const auto* idle = map.list("idle");
    if (idle == nullptr)
        return;
    for (std::uint32_t i = 0; i < idle->size; ++i) {
        const auto& item = idle->ptr[i];
        if (!is_number(item, handlers_max - 1) ||
            (!standing.idle.empty() && item.via.u64 <= standing.idle.back()))
            return map.refuse("idle");
        standing.idle.push_back(static_cast<std::uint16_t>(item.via.u64));
    }
}

/// A name that goes to people's terminals, as packed::Map::name judges it.
std::optional<std::string> name_of(const msgpack::object& object, std::size_t size_bytes_max) {
    if (object.type != msgpack::type::STR)
        return std::nullopt;
    const std::string_view text(object.via.str.ptr, object.via.str.size);
    if (!packed::is_name(text, size_bytes_max))
        return std::nullopt;
    return std::string(text);
}

std::optional<JoinStep> step_of(const msgpack::object& object) {
    if (object.type != msgpack::type::ARRAY || object.via.array.size != 6)
        return std::nullopt;
    const auto* items = object.via.array.ptr;
    auto event = name_of(items[0], topic_size_bytes_max);
    auto handler = name_of(items[1], label_size_bytes_max);
    auto on = name_of(items[2], topic_size_bytes_max);
    const auto node = id_of(items[3]);
    if (!event || !handler || !on || !node || !is_number(items[4], join_epoch_max) ||
        items[5].type != msgpack::type::BOOLEAN)
        return std::nullopt;
    return JoinStep{*event, *handler, *on, *node, items[4].via.u64, items[5].via.boolean};
}

std::optional<JoinCycle> cycle_of(const msgpack::object& object) {
    if (object.type != msgpack::type::ARRAY || object.via.array.size < 2 ||
        object.via.array.size > join_steps_max + 1 ||
        !is_number(object.via.array.ptr[0], UINT32_MAX))
        return std::nullopt;
    JoinCycle cycle;
    cycle.length = static_cast<std::uint32_t>(object.via.array.ptr[0].via.u64);
    for (std::uint32_t i = 1; i < object.via.array.size; ++i) {
        auto step = step_of(object.via.array.ptr[i]);
        if (!step)
            return std::nullopt;
        cycle.steps.push_back(std::move(*step));
    }
    if (cycle.length < cycle.steps.size())
        return std::nullopt;
    return cycle;
}

void take_known(packed::Map& map, Join& join) {
    const auto known = map.text("known");
    if (known.size() % mark_size_bytes != 0 ||
        known.size() > (join_members_max + 1) * mark_size_bytes)
        return map.refuse("known");
    LittleEndianReader reader(bytes_of(known));
    while (!reader.rest().empty())
        join.known.push_back(reader.take<std::uint32_t>());
}

void take_version(packed::Map& map, StandingVersion& version) {
    const auto* row = map.list("to");
    const auto fits = [&](std::uint32_t i, std::uint64_t max) {
        return is_number(row->ptr[i], max);
    };
    if (row == nullptr || row->size != 4 || !fits(0, UINT32_MAX) || !fits(1, join_epoch_max) ||
        !fits(2, static_cast<std::uint64_t>(JoinState::left)) || !fits(3, handlers_max))
        return map.refuse("to");
    version = {static_cast<std::uint32_t>(row->ptr[0].via.u64), row->ptr[1].via.u64,
               *state_of(row->ptr[2].via.u64), static_cast<std::uint32_t>(row->ptr[3].via.u64)};
}

} // namespace

std::string_view to_text(JoinState state) {
    switch (state) {
    case JoinState::pending:
        return "pending";
    case JoinState::active:
        return "active";
    case JoinState::quarantined:
        return "quarantined";
    case JoinState::left:
        break;
    }
    return "left";
}

std::uint32_t join_mark(const NodeId& id, std::uint32_t incarnation) {
    std::array<std::byte, sizeof id.bytes + sizeof incarnation> bytes{};
    LittleEndianWriter writer(bytes.data());
    writer.put(Bytes(id.bytes));
    writer.put(incarnation);
    return static_cast<std::uint32_t>(hash64(text_of(bytes)));
}

void pack_body(Packer& packer, const Join& join) {
    packer.pack_map(join.cycles.empty() ? 5 : 6);
    pack_standing(packer, join.standing);
    std::vector<std::byte> known(join.known.size() * mark_size_bytes);
    LittleEndianWriter writer(known.data());
    for (const auto mark : join.known)
        writer.put(mark);
    packer.pack("known");
    pack_bytes(packer, text_of(known));
    if (join.cycles.empty())
        return;
    packer.pack("cycles");
    packer.pack_array(static_cast<std::uint32_t>(join.cycles.size()));
    for (const auto& cycle : join.cycles)
        pack_cycle(packer, cycle);
}

void pack_body(Packer& packer, const JoinAnswer& answer) {
    packer.pack_map(7);
    packer.pack("to");
    packer.pack_array(4);
    packer.pack(answer.to.incarnation);
    packer.pack(answer.to.epoch);
    packer.pack(static_cast<std::uint8_t>(answer.to.state));
    packer.pack(answer.to.idle_count);
    packer.pack("held");
    packer.pack(answer.is_held);
    pack_standing(packer, answer.standing);
    packer.pack("mentions");
    packer.pack_array(static_cast<std::uint32_t>(answer.mentions.size()));
    for (const auto& mention : answer.mentions) {
        packer.pack_array(2);
        pack_id(packer, mention.id);
        packer.pack(mention.incarnation);
    }
}

void take_body(packed::Map& map, Join& join) {
    take_standing(map, join.standing);
    take_known(map, join);
    const auto* cycles = map.list("cycles");
    if (cycles == nullptr)
        return;
    if (cycles->size > join_cycles_max)
        return map.refuse("cycles");
    for (std::uint32_t i = 0; i < cycles->size; ++i) {
        auto cycle = cycle_of(cycles->ptr[i]);
        if (!cycle)
            return map.refuse("cycles");
        join.cycles.push_back(std::move(*cycle));
    }
}

void take_body(packed::Map& map, JoinAnswer& answer) {
    take_version(map, answer.to);
    answer.is_held = map.truth("held");
    take_standing(map, answer.standing);
    const auto* mentions = map.list("mentions");
    if (mentions == nullptr)
        return;
    if (mentions->size > join_members_max)
        return map.refuse("mentions");
    for (std::uint32_t i = 0; i < mentions->size; ++i) {
        const auto& row = mentions->ptr[i];
        const bool is_row = row.type == msgpack::type::ARRAY && row.via.array.size == 2;
        const auto id = is_row ? id_of(row.via.array.ptr[0]) : std::nullopt;
        if (!id || !is_number(row.via.array.ptr[1], UINT32_MAX))
            return map.refuse("mentions");
        answer.mentions.push_back({*id, static_cast<std::uint32_t>(row.via.array.ptr[1].via.u64)});
    }
}

} // namespace mesh
