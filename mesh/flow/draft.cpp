#include "mesh/flow/draft.hpp"

#include <algorithm>
#include <limits>
#include <string>

namespace mesh {

Result<void> explain_excess(const Draft& draft) {
    const auto bounded = [](std::size_t size, std::size_t max, std::string_view what) {
        return size <= max ? std::string()
                           : std::string(what) + " of " + std::to_string(size) +
                                 " bytes, at most " + std::to_string(max) + " are allowed";
    };
    for (const auto& excess :
         {bounded(draft.payload.size(), payload_size_bytes_max, "payload"),
          bounded(draft.key.size(), key_size_bytes_max, "key"),
          bounded(draft.headers.size(), headers_size_bytes_max, "headers"),
          bounded(draft.content_type.size(), content_type_size_bytes_max, "content type")})
        if (!excess.empty())
            return fail(ErrorCode::limit, std::string(draft.topic) + ": " + excess);
    return {};
}

std::uint64_t publishing_time_us(WallTime now, std::uint64_t last_us) {
    return std::max(static_cast<std::uint64_t>(now.time_since_epoch().count()), last_us);
}

std::optional<PlainRecord> plain_record_of(const Draft& draft, std::uint16_t topic,
                                           std::uint64_t time_us, std::uint64_t before_us) {
    const auto since_us = before_us == 0 ? 0 : time_us - before_us;
    if (!draft.key.empty() || !draft.headers.empty() || (draft.cause && draft.cause->rounds > 0) ||
        draft.slot || draft.is_compressed || draft.level == Level::once ||
        draft.payload.size() > PlainRecord::payload_size_bytes_max ||
        since_us > std::numeric_limits<std::uint16_t>::max())
        return std::nullopt;
    return PlainRecord{topic, static_cast<std::uint16_t>(since_us),
                       draft.content_type == default_content_type ? std::string_view()
                                                                  : draft.content_type,
                       draft.cause ? &*draft.cause : nullptr, draft.payload};
}

EventRecord record_of(const Draft& draft, std::uint16_t topic, std::uint64_t time_us,
                      std::uint64_t before_us) {
    EventRecord record;
    record.topic = topic;
    // What has no room in the record is made up for in the batch.
    const auto since_us = before_us == 0 ? 0 : time_us - before_us;
    if (since_us <= std::numeric_limits<std::uint32_t>::max())
        record.time_delta_us = static_cast<std::uint32_t>(since_us);
    record.key = draft.key;
    if (draft.key.empty())
        record.slot = draft.slot;
    if (draft.content_type != default_content_type)
        record.content_type = draft.content_type;
    record.headers = draft.headers;
    record.cause = draft.cause;
    record.payload = draft.payload;
    record.is_once = draft.level == Level::once;
    record.is_compressed = draft.is_compressed;
    return record;
}

} // namespace mesh
