#include "mesh/net/reactor.hpp"

#include <algorithm>
#include <cassert>
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
    sources_.push_back({{socket.handle(), 0, ZMQ_POLLIN, 0}, std::move(callback)});
}

void Reactor::remove(zmq::socket_ref socket) {
    std::erase_if(sources_, [&](const Source& one) { return one.item.socket == socket.handle(); });
}

void Reactor::add(int fd, Callback callback) {
    sources_.push_back({{nullptr, fd, ZMQ_POLLIN, 0}, std::move(callback)});
}

void Reactor::remove(int fd) {
    std::erase_if(sources_, [&](const Source& one) {
        return one.item.socket == nullptr && one.item.fd == fd;
    });
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
        const auto late = timers_.run(now());
        if (late >= lateness_min || now() - late_at_ > lateness_memory) {
            lateness_ = late >= lateness_min ? late : Duration{};
            late_at_ = now();
        }
        if (!is_stopping_)
            wait();
    }
    thread_ = std::thread::id{};
    is_stopping_ = false;
}

void Reactor::stop() {
    is_stopping_ = true;
    wake();
}

void Reactor::wait() {
    items_.clear();
    items_.push_back({nullptr, mailbox_.fd(), ZMQ_POLLIN, 0});
    for (const auto& source : sources_)
        items_.push_back(source.item);
    changing_.clear();
    if (collect_)
        collect_(changing_);
    for (const int fd : changing_)
        items_.push_back({nullptr, fd, ZMQ_POLLIN, 0});

    auto patience = wait_max;
    if (const auto next = timers_.next())
        patience = std::clamp(*next - now(), Duration{}, wait_max);
    // Rounded up: waking a little early would only mean to wait again.
    zmq::poll(items_, std::chrono::ceil<std::chrono::milliseconds>(patience));

    if (items_.front().revents != 0)
        mailbox_.run();
    // Callbacks may add and remove sources, so collect before calling.
    const auto fixed = items_.size() - 1 - changing_.size();
    std::vector<void*> sockets;
    std::vector<int> fds;
    for (std::size_t i = 1; i <= fixed; ++i)
        if (items_[i].revents != 0) {
            sockets.push_back(items_[i].socket);
            fds.push_back(items_[i].fd);
        }
    for (std::size_t i = 0; i < sockets.size(); ++i) {
        const auto source = std::ranges::find_if(sources_, [&](const Source& one) {
            return one.item.socket == sockets[i] &&
                   (sockets[i] != nullptr || one.item.fd == fds[i]);
        });
        if (source == sources_.end())
            continue; // removed by a callback before this one
        const auto callback = source->callback;
        callback();
    }
    for (std::size_t i = 0; i < changing_.size(); ++i)
        if (items_[fixed + 1 + i].revents != 0)
            readable_(changing_[i]);
}

} // namespace mesh
