#include "mesh/wire/reserved_headers.hpp"

#include "mesh/wire/packed.hpp"
#include "mesh/wire/payload.hpp"

#include <algorithm>
#include <charconv>

namespace mesh {

namespace {

constexpr std::string_view time_to_live_name = "dagmesh-ttl-ms";
constexpr std::string_view priority_name = "dagmesh-priority";
constexpr std::string_view idempotency_key_name = "dagmesh-idempotency-key";
constexpr std::string_view request_name = "dagmesh-request";

// Longer is for ever, and the sum with a time cannot overflow.
constexpr std::chrono::milliseconds time_to_live_max = std::chrono::hours(24 * 366 * 100);

template <class Number>
std::optional<Number> number_of(std::string_view text) {
    Number number{};
    const auto* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    return error == std::errc{} && stop == end ? std::optional(number) : std::nullopt;
}

} // namespace

ReservedHeaders reserved_headers(Bytes headers) {
    ReservedHeaders reserved;
    // Nearly all events end here: to look for a name is cheaper than to unpack.
    if (text_of(headers).find(reserved_prefix) == std::string_view::npos)
        return reserved;
    const auto handle = packed::unpack(headers);
    if (!handle || handle->get().type != msgpack::type::MAP)
        return reserved;
    packed::Map map(handle->get());
    const auto time_to_live = number_of<std::int64_t>(map.text(time_to_live_name));
    if (time_to_live && *time_to_live >= 0)
        reserved.time_to_live =
            std::min(std::chrono::milliseconds(*time_to_live), time_to_live_max);
    reserved.priority = number_of<std::int32_t>(map.text(priority_name)).value_or(0);
    auto key = map.text(idempotency_key_name);
    if (key.size() <= key_size_bytes_max)
        reserved.idempotency_key = std::move(key);
    reserved.request = number_of<std::uint64_t>(map.text(request_name)).value_or(0);
    return reserved;
}

Result<std::string> encode_event_headers(const EventOptions& options, std::uint64_t request) {
    for (const auto& [name, value] : options.headers)
        if (name.starts_with(reserved_prefix))
            return fail(ErrorCode::invalid, "header \"" + name + "\": names that begin with " +
                                                std::string(reserved_prefix) +
                                                " are the mesh's own");
    const bool has_time_to_live = options.time_to_live.has_value();
    if (!has_time_to_live && options.priority == 0 && options.idempotency_key.empty() &&
        request == 0)
        return encode_headers(options.headers);
    if (has_time_to_live && *options.time_to_live < Duration{})
        return fail(ErrorCode::invalid, "a time to live is not negative");
    if (options.idempotency_key.size() > key_size_bytes_max)
        return fail(ErrorCode::invalid, "an idempotency key has at most " +
                                            std::to_string(key_size_bytes_max) + " bytes, got " +
                                            std::to_string(options.idempotency_key.size()));
    auto headers = options.headers;
    if (has_time_to_live) {
        const auto time = std::min<Duration>(*options.time_to_live, time_to_live_max);
        const auto rounded = std::chrono::ceil<std::chrono::milliseconds>(time);
        headers.emplace_back(time_to_live_name, std::to_string(rounded.count()));
    }
    if (options.priority != 0)
        headers.emplace_back(priority_name, std::to_string(options.priority));
    if (!options.idempotency_key.empty())
        headers.emplace_back(idempotency_key_name, options.idempotency_key);
    if (request != 0)
        headers.emplace_back(request_name, std::to_string(request));
    return encode_headers(headers);
}

std::string without_time_to_live(Bytes headers) {
    const auto handle = packed::unpack(headers);
    if (!reserved_headers(headers).time_to_live || !handle)
        return std::string(text_of(headers));
    const auto& map = handle->get().via.map;
    msgpack::sbuffer buffer;
    msgpack::packer packer(buffer);
    const auto is_kept = [](const msgpack::object_kv& field) {
        return field.key.type != msgpack::type::STR ||
               std::string_view(field.key.via.str.ptr, field.key.via.str.size) != time_to_live_name;
    };
    packer.pack_map(
        static_cast<std::uint32_t>(std::count_if(map.ptr, map.ptr + map.size, is_kept)));
    for (std::uint32_t i = 0; i < map.size; ++i)
        if (is_kept(map.ptr[i])) {
            packer.pack(map.ptr[i].key);
            packer.pack(map.ptr[i].val);
        }
    return {buffer.data(), buffer.size()};
}

} // namespace mesh
