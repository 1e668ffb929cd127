#pragma once

#include "mesh/event/owned_event.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace mesh {

class QueueState;
struct Offer;

/// An event taken from an EventQueue, with its bytes. The queue acknowledges it when it is done,
/// or when the next one is taken. Any thread, but one at a time.
class TakenEvent {
public:
    TakenEvent(OwnedEvent event, std::shared_ptr<QueueState> queue, std::shared_ptr<Offer> offer);

    /// When an exception unwinds it, the event has failed. One that nobody ever looked at, say of a
    /// future that was dropped, is offered again. Otherwise nothing happens: see above.
    ~TakenEvent();
    TakenEvent(TakenEvent&&) noexcept;
    TakenEvent& operator=(TakenEvent&&) noexcept;
    TakenEvent(const TakenEvent&) = delete;
    TakenEvent& operator=(const TakenEvent&) = delete;

    const Event& operator*() const;
    const Event* operator->() const;

    /// Emits because of this event; it leaves once the event is done. Throws as Emitter does, and
    /// std::logic_error for an event that is over.
    void emit(std::string_view topic, const Payload& payload, const EventOptions& options = {});

    /// Answers it, if it is a request, once it is done. Throws as `emit`.
    void reply(Payload payload);

    /// It is handled. Nothing happens when the event is over already.
    void done();

    /// It could not be handled, as if a handler had thrown: it is tried again if the handler is
    /// declared so, or it is a dead letter.
    void fail(std::string why);

private:
    void let_go();

    OwnedEvent event_;
    std::shared_ptr<QueueState> queue_;
    std::shared_ptr<Offer> offer_; ///< null: moved from, or over
    int exceptions_;
    mutable bool is_seen_ = false;
};

} // namespace mesh
