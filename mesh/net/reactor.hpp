#pragma once

#include "mesh/base/time.hpp"
#include "mesh/net/mailbox.hpp"
#include "mesh/net/timers.hpp"

#include <zmq.hpp>

#include <atomic>
#include <functional>
#include <poll.h>
#include <thread>
#include <unordered_map>
#include <vector>

namespace mesh {

/// The loop of a node: waits for sockets, file descriptors, timers and posted tasks, and calls
/// back, all on the thread that called `run`. Only `post`, `wake`, `stop` and `is_inside` may be
/// called from other threads.
class Reactor {
public:
    using Callback = std::function<void()>;

    /// Throws std::system_error when there are no descriptors left.
    Reactor();
    ~Reactor();
    Reactor(const Reactor&) = delete;
    Reactor& operator=(const Reactor&) = delete;

    /// Calls back while the socket has something to read. It must be removed before it is closed.
    /// ZeroMQ announces by the edge, and using a socket otherwise may take the announcement: who
    /// sends on it says so with `used`.
    void add(zmq::socket_ref socket, Callback callback);
    void remove(zmq::socket_ref socket);
    void used(zmq::socket_ref socket);

    /// Calls back while the descriptor is readable: a socket, a pipe or the like, not a file on
    /// disk, for which it throws std::system_error.
    void add(int fd, Callback callback);
    void remove(int fd);

    /// Asked before each wait for further descriptors; called back with each that is readable.
    /// For link sockets, whose set changes with every turn.
    void add_changing(std::function<void(std::vector<int>&)> collect,
                      std::function<void(int)> readable);

    TimerId after(Duration delay, Callback callback);
    TimerId every(Duration interval, Callback callback);

    void cancel(TimerId id) { timers_.cancel(id); }

    /// Runs the task on the loop's thread, soon.
    void post(Mailbox::Task task) { mailbox_.post(std::move(task)); }

    void wake() const noexcept { mailbox_.wake(); }

    /// Runs until `stop`. The thread that calls it is the loop's thread until it returns.
    void run();
    void stop();

    bool is_inside() const { return thread_.load() == std::this_thread::get_id(); }

    /// How late the loop was lately: what it sees as silence of others may be its own sleep.
    Duration lateness() const { return lateness_; }

private:
    struct Source {
        zmq::socket_ref socket; ///< null for a plain descriptor
        Callback callback;
        bool has_to_look = false; ///< its descriptor is among looks_
    };

    void watch(int fd, Source source);
    void unwatch(int fd);
    void look_later(int fd, Source& source);
    void look_everywhere();
    bool is_readable(int fd, Source& source);
    void note_lateness();
    void wait();
    void note_ready();

    Mailbox mailbox_;
    Timers timers_;
    int epoll_fd_; ///< of all sources, so that a turn costs what happened, not how many there are
    std::unordered_map<int, Source> sources_; ///< by descriptor
    std::vector<int> looks_; ///< sockets that may have something although theirs is silent
    std::function<void(std::vector<int>&)> collect_;
    std::function<void(int)> readable_;
    std::vector<int> changing_;
    std::vector<pollfd> items_;
    std::vector<int> ready_;
    std::atomic<bool> is_stopping_{false};
    std::atomic<std::thread::id> thread_{};
    Duration lateness_{};
    TimePoint late_at_{};
};

} // namespace mesh
