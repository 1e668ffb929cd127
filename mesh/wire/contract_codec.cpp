#include "mesh/wire/control.hpp"
#include "mesh/wire/packed.hpp"

#include <set>
#include <string>
#include <utility>

namespace mesh {

namespace {

using Packer = msgpack::packer<msgpack::sbuffer>;

void pack_patterns(Packer& packer, const std::vector<Pattern>& patterns) {
    packer.pack_array(static_cast<std::uint32_t>(patterns.size()));
    for (const auto& pattern : patterns)
        packer.pack(pattern.text());
}

void pack_optional(Packer& packer, const std::optional<std::vector<Pattern>>& patterns) {
    if (patterns)
        pack_patterns(packer, *patterns);
    else
        packer.pack_nil();
}

std::vector<Pattern> patterns_of(packed::Map& map, std::string_view name) {
    std::vector<Pattern> patterns;
    const auto* list = map.list(name);
    for (std::uint32_t i = 0; list != nullptr && i < list->size; ++i) {
        const auto& item = list->ptr[i];
        if (item.type != msgpack::type::STR) {
            map.refuse(name);
            break;
        }
        auto pattern = Pattern::parse({item.via.str.ptr, item.via.str.size});
        if (!pattern) {
            map.refuse(name);
            break;
        }
        patterns.push_back(std::move(*pattern));
    }
    return patterns;
}

std::optional<std::vector<Pattern>> optional_patterns(packed::Map& map, std::string_view name) {
    const auto* value = map.find(name);
    if (value == nullptr || value->is_nil())
        return std::nullopt;
    return patterns_of(map, name);
}

} // namespace

std::string encode_contract(const Contract& contract) {
    msgpack::sbuffer buffer;
    Packer packer(buffer);
    packer.pack_map(4);
    packer.pack("service");
    packer.pack(contract.service);
    packer.pack("publishes");
    pack_optional(packer, contract.publishes);
    packer.pack("handlers");
    packer.pack_array(static_cast<std::uint32_t>(contract.handlers.size()));
    for (const auto& handler : contract.handlers) {
        packer.pack_map(4);
        packer.pack("name");
        packer.pack(handler.name);
        packer.pack("on");
        pack_patterns(packer, handler.on);
        packer.pack("emits");
        pack_optional(packer, handler.emits);
        packer.pack("after");
        pack_patterns(packer, handler.after);
    }
    packer.pack("loops");
    packer.pack_array(static_cast<std::uint32_t>(contract.loops.size()));
    for (const auto& loop : contract.loops) {
        packer.pack_map(3);
        packer.pack("handler");
        packer.pack(loop.handler);
        packer.pack("emits");
        packer.pack(loop.emits.text());
        packer.pack("rounds_max");
        packer.pack(loop.rounds_max);
    }
    return {buffer.data(), buffer.size()};
}

Result<Contract> decode_contract(Bytes bytes) {
    const auto handle = packed::unpack(bytes);
    if (!handle)
        return tl::unexpected(handle.error());
    packed::Map map(handle->get());
    Contract contract;
    contract.service = map.name("service");
    contract.publishes = optional_patterns(map, "publishes");
    std::set<std::string> names;
    if (const auto* handlers = map.list("handlers")) {
        if (handlers->size > handlers_max)
            map.refuse("handlers");
        for (std::uint32_t i = 0; i < handlers->size && map.verdict(); ++i) {
            packed::Map one(handlers->ptr[i]);
            HandlerContract handler;
            handler.name = one.name("name");
            handler.on = patterns_of(one, "on");
            handler.emits = optional_patterns(one, "emits");
            handler.after = patterns_of(one, "after");
            // Subscriptions are known by their handlers' names.
            const bool is_new = names.insert(handler.name).second;
            if (!one.verdict() || !is_new)
                map.refuse("handlers");
            contract.handlers.push_back(std::move(handler));
        }
    }
    if (const auto* loops = map.list("loops")) {
        for (std::uint32_t i = 0; i < loops->size && map.verdict(); ++i) {
            packed::Map one(loops->ptr[i]);
            const auto emits = Pattern::parse(one.text("emits"));
            const auto rounds = one.number("rounds_max", 1);
            auto handler = one.name("handler");
            if (!emits || !one.verdict() || rounds > UINT32_MAX)
                map.refuse("loops");
            else
                contract.loops.push_back(
                    {std::move(handler), *emits, static_cast<std::uint32_t>(rounds)});
        }
    }
    if (auto verdict = map.verdict(); !verdict)
        return fail(ErrorCode::malformed, "contract: " + verdict.error().detail);
    return contract;
}

} // namespace mesh
