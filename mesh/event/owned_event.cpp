#include "mesh/event/owned_event.hpp"

#include <cstring>

namespace mesh {

OwnedEvent::OwnedEvent(const Event& event) : event_(event) {
    const auto path = event.cause ? event.cause->path : std::string_view{};
    const auto size = event.topic.size() + event.service.size() + event.key.size() +
                      event.content_type.size() + event.headers.size() + path.size() +
                      event.payload.size();
    const std::shared_ptr<std::byte[]> bytes(new std::byte[size]);
    std::byte* end = bytes.get();
    const auto keep = [&](Bytes from) {
        std::byte* const begin = end;
        if (!from.empty()) // not std::ranges::copy, which goes byte by byte (GCC 12)
            std::memcpy(begin, from.data(), from.size());
        end += from.size();
        return Bytes(begin, from.size());
    };
    const auto keep_text = [&](std::string_view from) { return text_of(keep(bytes_of(from))); };
    event_.topic = keep_text(event.topic);
    event_.service = keep_text(event.service);
    event_.key = keep_text(event.key);
    event_.content_type = keep_text(event.content_type);
    event_.headers = keep(event.headers);
    if (event_.cause)
        event_.cause->path = keep_text(path);
    event_.payload = keep(event.payload);
    bytes_ = bytes;
}

} // namespace mesh
