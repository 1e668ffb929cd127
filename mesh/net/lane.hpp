#pragma once

#include "mesh/net/worker_threads.hpp"

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>

namespace mesh {

/// One handler's mailbox and the thread that works it off, in order. What waits in it is bounded
/// by the credit that its node grants. Any thread may push, but one at a time.
class Lane {
public:
    using Task = std::function<void()>;

    /// The thread starts with the first task.
    Lane() = default;

    /// Drops what waits, and waits for the task that runs.
    ~Lane();
    Lane(const Lane&) = delete;
    Lane& operator=(const Lane&) = delete;

    void push(Task task);

    /// Nothing is begun until `resume`.
    void pause();
    void resume();

    /// Drops what waits.
    void clear();

    /// Whether nothing waits and nothing runs.
    bool is_idle() const;

    /// Whether nothing waits behind the task that asks.
    bool is_last() const;

private:
    void work();

    mutable std::mutex mutex_; ///< guards the rest, but for threads_
    std::condition_variable wake_;
    std::deque<Task> tasks_;
    bool is_busy_ = false;
    bool is_paused_ = false;
    bool is_stopping_ = false;
    WorkerThreads threads_; ///< one
};

} // namespace mesh
