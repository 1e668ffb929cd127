#include "mesh/store/stored_letter.hpp"

namespace mesh {

StoredLetter StoredLetter::of(const Event& event) {
    StoredLetter letter;
    letter.topic = event.topic;
    letter.id = event.id;
    letter.service = event.service;
    letter.time_us = static_cast<std::uint64_t>(event.time.time_since_epoch().count());
    letter.key = event.key;
    letter.content_type = event.content_type;
    letter.headers = text_of(event.headers);
    letter.payload = text_of(event.payload);
    if (event.cause) {
        letter.path = event.cause->path;
        letter.cause = event.cause;
        letter.cause->path = {};
    }
    return letter;
}

Event StoredLetter::event() const {
    Event event{.topic = topic,
                .id = id,
                .service = service,
                .time = WallTime(std::chrono::microseconds(time_us)),
                .key = key,
                .content_type = content_type,
                .headers = bytes_of(headers),
                .cause = cause,
                .payload = bytes_of(payload)};
    if (event.cause)
        event.cause->path = path;
    return event;
}

std::size_t StoredLetter::size_bytes() const {
    constexpr std::size_t fixed_bytes = 200;
    return fixed_bytes + handler.size() + reason.size() + error.size() + topic.size() +
           service.size() + key.size() + content_type.size() + headers.size() + payload.size() +
           path.size();
}

} // namespace mesh
