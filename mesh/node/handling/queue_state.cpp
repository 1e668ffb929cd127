#include "mesh/node/handling/queue_state.hpp"

#include "mesh/node/handling/handler.hpp"

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <sys/eventfd.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace mesh {

namespace {

constexpr std::size_t waiters_max = 1024;

} // namespace

QueueState::QueueState() : fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (fd_ < 0)
        throw std::system_error(errno, std::generic_category(), "eventfd");
}

QueueState::~QueueState() {
    ::close(fd_);
}

void QueueState::signal() const {
    [[maybe_unused]] const auto result = eventfd_write(fd_, 1);
}

void QueueState::hush() const {
    eventfd_t count = 0;
    [[maybe_unused]] const auto result = eventfd_read(fd_, &count);
}

void QueueState::put_in_line(const std::shared_ptr<Offer>& offer) {
    offer->state = Offer::State::waiting;
    line_.push_back(offer);
    signal();
    changed_.notify_all();
}

void QueueState::leave_line(const std::shared_ptr<Offer>& offer) {
    std::erase(line_, offer);
    if (line_.empty() && !is_closed_)
        hush();
}

// A copy, as the one that is in line goes from there.
TakenEvent QueueState::hand_over(std::shared_ptr<Offer> offer) {
    TakenEvent taken(OwnedEvent(offer->event), shared_from_this(), offer);
    leave_line(offer);
    offer->state = Offer::State::taken;
    in_hand_.push_back(std::move(offer));
    return taken;
}

void QueueState::open(std::size_t in_hand_max) {
    const Lock lock(mutex_);
    in_hand_max_ = in_hand_max;
}

void QueueState::offer(const Event& event, Emitter& emitter) {
    const auto offer = std::make_shared<Offer>(Offer{event, emitter});
    Lock lock(mutex_);
    if (is_closed_)
        throw Abandoned{};
    put_in_line(offer);
    const auto is_over = [&] {
        return offer->state != Offer::State::waiting && offer->state != Offer::State::taken;
    };
    while (!is_over()) {
        if (offer->state != Offer::State::waiting || waiters_.empty()) {
            changed_.wait(lock);
            continue;
        }
        auto waiter = std::move(waiters_.front());
        waiters_.pop_front();
        Taken taken(hand_over(offer));
        lock.unlock();
        waiter(std::move(taken));
        waiter = {}; // what it holds may come back here, so not under the lock
        lock.lock();
    }
    std::erase(in_hand_, offer);
    if (offer->state == Offer::State::abandoned)
        throw Abandoned{};
    if (offer->state == Offer::State::failed)
        throw std::runtime_error(offer->why);
}

// Whoever asks for more than may be in hand is done with the one taken first.
void QueueState::release_before() {
    if (in_hand_.size() < in_hand_max_)
        return;
    in_hand_.front()->state = Offer::State::done;
    in_hand_.pop_front();
    changed_.notify_all();
}

QueueState::Taken QueueState::take(TimePoint deadline) {
    Lock lock(mutex_);
    release_before();
    changed_.wait_until(lock, deadline, [this] { return is_closed_ || !line_.empty(); });
    return line_.empty() ? std::nullopt : Taken(hand_over(line_.front()));
}

bool QueueState::wait(Waiter waiter) {
    const Lock lock(mutex_);
    if (is_closed_)
        return false;
    if (waiters_.size() >= waiters_max)
        throw std::length_error("more than " + std::to_string(waiters_max) +
                                " wait for the next event of a queue");
    release_before();
    waiters_.push_back(std::move(waiter));
    changed_.notify_all();
    return true;
}

void QueueState::emit(Offer& offer, std::string_view topic, const Payload& payload,
                      const EventOptions& options) {
    const Lock lock(mutex_);
    if (offer.state != Offer::State::taken)
        throw std::logic_error("nothing can be emitted because of an event that is over");
    offer.emitter(topic, payload, options);
}

void QueueState::reply(Offer& offer, Payload payload) {
    const Lock lock(mutex_);
    if (offer.state != Offer::State::taken)
        throw std::logic_error("an event that is over cannot be replied to");
    offer.emitter.reply(std::move(payload));
}

void QueueState::finish(Offer& offer, Offer::State state, std::string why) {
    const Lock lock(mutex_);
    if (offer.state != Offer::State::taken)
        return;
    offer.state = state;
    offer.why = std::move(why);
    std::erase_if(in_hand_, [&](const auto& one) { return one.get() == &offer; });
    changed_.notify_all();
}

void QueueState::give_back(const std::shared_ptr<Offer>& offer) {
    const Lock lock(mutex_);
    if (offer->state != Offer::State::taken)
        return;
    std::erase(in_hand_, offer);
    if (is_closed_)
        offer->state = Offer::State::abandoned;
    else
        put_in_line(offer);
    changed_.notify_all();
}

void QueueState::close(bool has_to_let_go) {
    std::deque<Waiter> waiters;
    {
        const Lock lock(mutex_);
        is_closed_ = true;
        waiters.swap(waiters_);
        for (const auto& offer : std::exchange(line_, {}))
            offer->state = Offer::State::abandoned;
        if (has_to_let_go)
            for (const auto& offer : std::exchange(in_hand_, {}))
                offer->state = Offer::State::abandoned;
        signal();
        changed_.notify_all();
    }
    for (const auto& waiter : waiters)
        waiter(std::nullopt);
}

} // namespace mesh
