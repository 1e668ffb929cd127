#pragma once

#include "mesh/base/bytes.hpp"
#include "mesh/base/result.hpp"
#include "mesh/base/time.hpp"
#include "mesh/event/delivery.hpp"
#include "mesh/event/event.hpp"
#include "mesh/wire/event_record.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace mesh {

/// An event about to be published.
struct Draft {
    std::string_view topic;
    std::string_view key;
    std::string_view content_type; ///< empty: default_content_type
    Bytes headers;
    std::optional<Cause> cause;
    Bytes payload;
    Level level = Level::reliable;
    std::optional<std::uint8_t> slot = {}; ///< chosen for an event without a key
    bool is_compressed = false;            ///< `payload` is what a Compressor made of it
    bool is_usual = false;                 ///< nothing but its topic says how it is published
};

/// What of it is too large. Errors: `limit`, naming the topic.
Result<void> explain_excess(const Draft& draft);

/// Whether its parts are within their bounds. Errors: as `explain_excess`.
inline Result<void> check_draft(const Draft& draft) {
    if (draft.payload.size() <= payload_size_bytes_max && draft.key.size() <= key_size_bytes_max &&
        draft.headers.size() <= headers_size_bytes_max &&
        draft.content_type.size() <= content_type_size_bytes_max)
        return {};
    return explain_excess(draft);
}

/// When an event is published that comes after one of `last_us`, microseconds since the Unix epoch:
/// the wall clock may jump back, the times of events may not.
std::uint64_t publishing_time_us(WallTime now, std::uint64_t last_us);

/// The event as a record that most events are, if it is one of these, behind an event of
/// `before_us`; views the draft.
std::optional<PlainRecord> plain_record_of(const Draft& draft, std::uint16_t topic,
                                           std::uint64_t time_us, std::uint64_t before_us);

/// The event as it lies in a log behind one of `before_us`; views the draft.
EventRecord record_of(const Draft& draft, std::uint16_t topic, std::uint64_t time_us,
                      std::uint64_t before_us);

} // namespace mesh
