#pragma once

#include "mesh/base/time.hpp"
#include "mesh/net/mailbox.hpp"
#include "mesh/net/timers.hpp"

#include <zmq.hpp>

#include <atomic>
#include <functional>
#include <poll.h>
#include <thread>
#include <vector>

namespace mesh {

/// The loop of a node: waits for sockets, file descriptors, timers and posted tasks, and calls
/// back, all on the thread that called `run`. Only `post`, `wake`, `stop` and `is_inside` may be
/// called from other threads.
class Reactor {
public:
    using Callback = std::function<void()>;

    /// Calls back while the socket has something to read. It must be removed before it is closed.
    /// ZeroMQ announces by the edge, and using a socket otherwise may take the announcement: who
    /// sends on it says so with `used`.
    void add(zmq::socket_ref socket, Callback callback);
    void remove(zmq::socket_ref socket);
    void used(zmq::socket_ref socket);

    /// Calls back while the descriptor is readable.
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
        int fd;
        zmq::socket_ref socket; ///< null for a plain descriptor
        Callback callback;
        bool has_to_look; ///< the socket may have something although its descriptor is silent
    };

    bool is_readable(Source& source) const;
    Source* find(int fd);
    void note_lateness();
    void wait();

    Mailbox mailbox_;
    Timers timers_;
    std::vector<Source> sources_; ///< found by descriptor
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
