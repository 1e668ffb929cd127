#include "mesh/wire/payload.hpp"

#include "mesh/wire/packed.hpp"
#include "mesh/wire/reserved_headers.hpp"

namespace mesh {

std::vector<std::pair<std::string, std::string>> headers_of(const Event& event) {
    std::vector<std::pair<std::string, std::string>> headers;
    if (event.headers.empty())
        return headers;
    const auto handle = packed::unpack(event.headers);
    if (!handle || handle->get().type != msgpack::type::MAP)
        return headers;
    const auto& map = handle->get().via.map;
    for (std::uint32_t i = 0; i < map.size; ++i) {
        const auto& [key, value] = map.ptr[i];
        if (key.type != msgpack::type::STR || value.type != msgpack::type::STR)
            continue;
        const std::string_view name(key.via.str.ptr, key.via.str.size);
        if (!name.starts_with(reserved_prefix))
            headers.emplace_back(name, std::string(value.via.str.ptr, value.via.str.size));
    }
    return headers;
}

std::string encode_headers(const std::vector<std::pair<std::string, std::string>>& headers) {
    if (headers.empty())
        return {};
    msgpack::sbuffer buffer;
    msgpack::packer packer(buffer);
    packer.pack_map(static_cast<std::uint32_t>(headers.size()));
    for (const auto& [name, value] : headers) {
        packer.pack(name);
        packer.pack(value);
    }
    return {buffer.data(), buffer.size()};
}

} // namespace mesh
