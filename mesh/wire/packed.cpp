#include "mesh/wire/packed.hpp"

#include "mesh/event/topic.hpp"

#include <algorithm>

namespace mesh::packed {

namespace {

// Elements of one array or map, bytes of one string, depth: a control message needs far less. The
// library allocates for the promised number of elements, so the bounds are its shield. A map of
// headers that fills its 4,096 bytes has up to 2,046 of them.
const msgpack::unpack_limit limits(8192, 2048, 65536, 1024 * 1024, 4096, 16);

} // namespace

Result<msgpack::object_handle> unpack(Bytes bytes) {
    try {
        std::size_t used = 0;
        auto handle = msgpack::unpack(reinterpret_cast<const char*>(bytes.data()), bytes.size(),
                                      used, nullptr, nullptr, limits);
        if (used != bytes.size())
            return fail(ErrorCode::malformed,
                        "msgpack followed by " + std::to_string(bytes.size() - used) + " bytes");
        return handle;
    } catch (const msgpack::unpack_error& error) {
        return fail(ErrorCode::malformed, std::string("no msgpack: ") + error.what());
    } catch (const std::bad_alloc&) {
        return fail(ErrorCode::malformed, "msgpack that promises more than there is");
    }
}

bool is_name(std::string_view text, std::size_t size_bytes_max) {
    const bool is_plain = std::ranges::all_of(
        text, [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f; });
    return text.size() <= size_bytes_max && is_plain && is_utf8(text);
}

Map::Map(const msgpack::object& object) : object_(object) {
    if (object.type != msgpack::type::MAP)
        refuse("map");
}

const msgpack::object* Map::find(std::string_view name) const {
    if (object_.type != msgpack::type::MAP)
        return nullptr;
    const auto& map = object_.via.map;
    for (std::uint32_t i = 0; i < map.size; ++i) {
        const auto& key = map.ptr[i].key;
        if (key.type == msgpack::type::STR &&
            std::string_view(key.via.str.ptr, key.via.str.size) == name)
            return &map.ptr[i].val;
    }
    return nullptr;
}

std::uint64_t Map::number(std::string_view name, std::uint64_t otherwise) {
    const auto* value = find(name);
    if (value == nullptr)
        return otherwise;
    if (value->type != msgpack::type::POSITIVE_INTEGER) {
        refuse(name);
        return otherwise;
    }
    return value->via.u64;
}

bool Map::truth(std::string_view name) {
    const auto* value = find(name);
    if (value == nullptr)
        return false;
    if (value->type != msgpack::type::BOOLEAN)
        refuse(name);
    return value->type == msgpack::type::BOOLEAN && value->via.boolean;
}

std::string Map::text(std::string_view name) {
    const auto* value = find(name);
    if (value == nullptr)
        return {};
    if (value->type == msgpack::type::STR)
        return {value->via.str.ptr, value->via.str.size};
    if (value->type == msgpack::type::BIN)
        return {value->via.bin.ptr, value->via.bin.size};
    refuse(name);
    return {};
}

std::string Map::name(std::string_view field, std::size_t size_bytes_max) {
    auto name = text(field);
    if (!is_name(name, size_bytes_max))
        refuse(field);
    return name;
}

const msgpack::object_array* Map::list(std::string_view name) {
    const auto* value = find(name);
    if (value == nullptr)
        return nullptr;
    if (value->type != msgpack::type::ARRAY) {
        refuse(name);
        return nullptr;
    }
    return &value->via.array;
}

Result<void> Map::verdict() const {
    if (wrong_)
        return fail(ErrorCode::malformed,
                    "field \"" + *wrong_ + "\" is missing or of a wrong type");
    return {};
}

} // namespace mesh::packed
