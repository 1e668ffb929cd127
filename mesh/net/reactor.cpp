#include "mesh/net/reactor.hpp"

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <chrono>

namespace mesh {

namespace {

using namespace std::chrono_literals;

// How long a delay of the loop counts against its judgement of others.
constexpr Duration lateness_memory = 3s;
constexpr Duration lateness_min = 20ms;
constexpr Duration wait_max = 1s;

} // namespace

void Reactor::add(zmq::socket_ref socket, Callback callback) {
    sources_.push_back({socket.get(zmq::sockopt::fd), socket, std::move(callback), true});
}

void Reactor::remove(zmq::socket_ref socket) {
    std::erase_if(sources_, [&](const Source& one) { return one.socket == socket; });
}

void Reactor::used(zmq::socket_ref socket) {
    for (auto& source : sources_)
        if (source.socket == socket)
            source.has_to_look = true;
}

void Reactor::add(int fd, Callback callback) {
    sources_.push_back({fd, zmq::socket_ref(), std::move(callback), false});
}

void Reactor::remove(int fd) {
    std::erase_if(sources_, [&](const Source& one) { return one.fd == fd && !one.socket; });
}

Reactor::Source* Reactor::find(int fd) {
    const auto found = std::ranges::find(sources_, fd, &Source::fd);
    return found == sources_.end() ? nullptr : &*found;
}

bool Reactor::is_readable(Source& source) const {
    if (!source.socket)
        return true;
    source.has_to_look = (source.socket.get(zmq::sockopt::events) & ZMQ_POLLIN) != 0;
    return source.has_to_look;
}

void Reactor::add_changing(std::function<void(std::vector<int>&)> collect,
                           std::function<void(int)> readable) {
    collect_ = std::move(collect);
    readable_ = std::move(readable);
}

TimerId Reactor::after(Duration delay, Callback callback) {
    return timers_.add(now() + delay, Duration{}, std::move(callback));
}

TimerId Reactor::every(Duration interval, Callback callback) {
    assert(interval > Duration{});
    return timers_.add(now() + interval, interval, std::move(callback));
}

void Reactor::run() {
    thread_ = std::this_thread::get_id();
    while (!is_stopping_) {
        note_lateness();
        timers_.run(now());
        if (is_stopping_)
            break;
        try {
            wait();
        } catch (const zmq::error_t& error) {
            if (error.num() != EINTR) // a signal came in between: look again
                throw;
        }
    }
    thread_ = std::thread::id{};
    is_stopping_ = false;
}

void Reactor::note_lateness() {
    const auto time = now();
    const auto next = timers_.next();
    const auto late = next && time > *next ? time - *next : Duration{};
    if (time - late_at_ > lateness_memory)
        lateness_ = Duration{};
    if (late >= lateness_min && late >= lateness_) {
        lateness_ = late;
        late_at_ = time;
    }
}

void Reactor::stop() {
    is_stopping_ = true;
    wake();
}

void Reactor::wait() {
    changing_.clear();
    if (collect_)
        collect_(changing_);
    auto patience = wait_max;
    if (const auto next = timers_.next())
        patience = std::clamp(*next - now(), Duration{}, wait_max);
    ready_.clear();
    items_.clear();
    items_.push_back({mailbox_.fd(), POLLIN, 0});
    for (auto& source : sources_) {
        if (source.has_to_look && is_readable(source)) {
            ready_.push_back(source.fd);
            patience = Duration{};
        }
        items_.push_back({source.fd, POLLIN, 0});
    }
    const auto fixed = items_.size();
    for (const int fd : changing_)
        items_.push_back({fd, POLLIN, 0});

    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(patience);
    const timespec time_left{seconds.count(), (patience - seconds).count()};
    if (ppoll(items_.data(), items_.size(), &time_left, nullptr) <= 0 && ready_.empty())
        return;
    if (items_.front().revents != 0)
        mailbox_.run();
    for (std::size_t i = 1; i < fixed; ++i)
        if (items_[i].revents != 0 && std::ranges::find(ready_, items_[i].fd) == ready_.end())
            ready_.push_back(items_[i].fd);
    // A callback may add and remove sources, so each one is looked up when its turn comes.
    for (const int fd : ready_) {
        auto* source = find(fd);
        if (source == nullptr || !is_readable(*source))
            continue;
        const auto callback = source->callback;
        callback();
    }
    for (std::size_t i = 0; i < changing_.size(); ++i)
        if (items_[fixed + i].revents != 0)
            readable_(changing_[i]);
}

} // namespace mesh
