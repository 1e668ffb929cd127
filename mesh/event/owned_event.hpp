#pragma once

#include "mesh/event/event.hpp"

#include <memory>

namespace mesh {

/// An event together with its bytes, for keeping beyond the handler that was given it. Copies
/// share the bytes.
///
///     std::optional<mesh::OwnedEvent> last;
///     node.on("price.*", [&](const mesh::Event& event) { last = mesh::OwnedEvent(event); });
class OwnedEvent {
public:
    /// Copies everything that `event` views.
    explicit OwnedEvent(const Event& event);

    const Event& operator*() const { return event_; }

    const Event* operator->() const { return &event_; }

private:
    std::shared_ptr<const std::byte[]> bytes_;
    Event event_; ///< views bytes_
};

} // namespace mesh
