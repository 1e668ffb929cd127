#pragma once

#include "mesh/net/worker_threads.hpp"

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>

namespace mesh {

/// What the loop leaves to others because it waits for the disk: done in order, on one thread that
/// starts with the first piece.
class DiskWork {
public:
    DiskWork() = default;

    /// Works off what waits.
    ~DiskWork();
    DiskWork(const DiskWork&) = delete;
    DiskWork& operator=(const DiskWork&) = delete;

    /// Any thread. False when too much waits already: then it is not done.
    bool post(std::function<void()> piece);

private:
    void work();

    std::mutex mutex_; ///< guards the rest, but for the thread
    std::condition_variable has_work_;
    std::deque<std::function<void()>> waiting_;
    bool is_stopping_ = false;
    WorkerThreads thread_;
};

} // namespace mesh
