#include "mesh/net/reactor.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cerrno>
#include <chrono>
#include <sys/epoll.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace mesh {

namespace {

using namespace std::chrono_literals;

// How long a delay of the loop counts against its judgement of others.
constexpr Duration lateness_memory = 3s;
constexpr Duration lateness_min = 20ms;
constexpr Duration wait_max = 1s;

} // namespace

Reactor::Reactor() : epoll_fd_(epoll_create1(EPOLL_CLOEXEC)) {
    if (epoll_fd_ < 0)
        throw std::system_error(errno, std::generic_category(), "epoll_create1");
}

Reactor::~Reactor() {
    close(epoll_fd_);
}

void Reactor::watch(int fd, Source source) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = fd;
    if (epoll_ctl(epoll_fd_, EPOLL_CTL_ADD, fd, &event) != 0 && errno != EEXIST)
        throw std::system_error(errno, std::generic_category(), "epoll_ctl");
    sources_[fd] = std::move(source);
}

void Reactor::look_everywhere() {
    looks_.clear();
    for (auto& [fd, source] : sources_) {
        source.has_to_look = false;
        if (source.socket)
            look_later(fd, source);
    }
}

void Reactor::unwatch(int fd) {
    sources_.erase(fd);
    epoll_event unused{};
    [[maybe_unused]] const auto result = epoll_ctl(epoll_fd_, EPOLL_CTL_DEL, fd, &unused);
}

void Reactor::add(zmq::socket_ref socket, Callback callback) {
    const int fd = socket.get(zmq::sockopt::fd);
    watch(fd, {socket, std::move(callback)});
    look_later(fd, sources_.at(fd));
}

void Reactor::remove(zmq::socket_ref socket) {
    unwatch(socket.get(zmq::sockopt::fd));
}

void Reactor::used(zmq::socket_ref socket) {
    const int fd = socket.get(zmq::sockopt::fd);
    if (const auto source = sources_.find(fd); source != sources_.end())
        look_later(fd, source->second);
}

void Reactor::add(int fd, Callback callback) {
    watch(fd, {zmq::socket_ref(), std::move(callback)});
}

void Reactor::remove(int fd) {
    unwatch(fd);
}

void Reactor::look_later(int fd, Source& source) {
    if (!std::exchange(source.has_to_look, true))
        looks_.push_back(fd);
}

bool Reactor::is_readable(int fd, Source& source) {
    if (!source.socket)
        return true;
    if ((source.socket.get(zmq::sockopt::events) & ZMQ_POLLIN) == 0)
        return false;
    look_later(fd, source); // whatever the callback leaves
    return true;
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
            if (error.num() != EINTR)
                throw;
            look_everywhere(); // a signal came in between
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
    for (const int fd : std::exchange(looks_, {})) {
        const auto source = sources_.find(fd);
        if (source == sources_.end())
            continue;
        source->second.has_to_look = false;
        if (is_readable(fd, source->second))
            ready_.push_back(fd);
    }
    if (!ready_.empty())
        patience = Duration{};
    items_.assign({{mailbox_.fd(), POLLIN, 0}, {epoll_fd_, POLLIN, 0}});
    const auto fixed = items_.size();
    for (const int fd : changing_)
        items_.push_back({fd, POLLIN, 0});

    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(patience);
    const timespec time_left{seconds.count(), (patience - seconds).count()};
    if (ppoll(items_.data(), items_.size(), &time_left, nullptr) <= 0 && ready_.empty())
        return;
    if (items_[0].revents != 0)
        mailbox_.run();
    if (items_[1].revents != 0)
        note_ready();
    // A callback may add and remove sources, so each one is looked up when its turn comes.
    for (const int fd : ready_) {
        const auto source = sources_.find(fd);
        if (source == sources_.end() || !is_readable(fd, source->second))
            continue;
        const auto callback = source->second.callback;
        callback();
    }
    for (std::size_t i = 0; i < changing_.size(); ++i)
        if (items_[fixed + i].revents != 0)
            readable_(changing_[i]);
}

void Reactor::note_ready() {
    std::array<epoll_event, 64> events{};
    const int count =
        epoll_wait(epoll_fd_, events.data(), static_cast<int>(events.size()), 0); // the rest later
    for (int i = 0; i < count; ++i) {
        const int fd = events[static_cast<std::size_t>(i)].data.fd;
        if (std::ranges::find(ready_, fd) == ready_.end())
            ready_.push_back(fd);
    }
}

} // namespace mesh
