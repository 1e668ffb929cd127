#include "mesh/node/handling/taken_event.hpp"

#include "mesh/node/handling/queue_state.hpp"

#include <exception>
#include <stdexcept>
#include <utility>

namespace mesh {

TakenEvent::TakenEvent(OwnedEvent event, std::shared_ptr<QueueState> queue,
                       std::shared_ptr<Offer> offer)
    : event_(std::move(event)),
      queue_(std::move(queue)),
      offer_(std::move(offer)),
      exceptions_(std::uncaught_exceptions()) {}

TakenEvent::TakenEvent(TakenEvent&& other) noexcept
    : event_(std::move(other.event_)),
      queue_(std::move(other.queue_)),
      offer_(std::exchange(other.offer_, nullptr)),
      exceptions_(std::uncaught_exceptions()),
      is_seen_(other.is_seen_) {}

TakenEvent& TakenEvent::operator=(TakenEvent&& other) noexcept {
    if (this == &other)
        return *this;
    let_go();
    event_ = std::move(other.event_);
    queue_ = std::move(other.queue_);
    offer_ = std::exchange(other.offer_, nullptr);
    exceptions_ = other.exceptions_;
    is_seen_ = other.is_seen_;
    return *this;
}

TakenEvent::~TakenEvent() {
    let_go();
}

void TakenEvent::let_go() {
    if (!offer_)
        return;
    if (!is_seen_)
        queue_->give_back(offer_);
    else if (std::uncaught_exceptions() > exceptions_)
        queue_->finish(*offer_, Offer::State::failed, "an exception left what handled it");
    offer_.reset();
}

const Event& TakenEvent::operator*() const {
    is_seen_ = true;
    return *event_;
}

const Event* TakenEvent::operator->() const {
    return &**this;
}

void TakenEvent::emit(std::string_view topic, const Payload& payload, const EventOptions& options) {
    if (!offer_)
        throw std::logic_error("nothing can be emitted because of an event that is over");
    is_seen_ = true;
    queue_->emit(*offer_, topic, payload, options);
}

void TakenEvent::reply(Payload payload) {
    if (!offer_)
        throw std::logic_error("an event that is over cannot be replied to");
    is_seen_ = true;
    queue_->reply(*offer_, std::move(payload));
}

void TakenEvent::done() {
    if (offer_)
        queue_->finish(*std::exchange(offer_, nullptr), Offer::State::done);
}

void TakenEvent::fail(std::string why) {
    if (offer_)
        queue_->finish(*std::exchange(offer_, nullptr), Offer::State::failed, std::move(why));
}

} // namespace mesh
