#pragma once

#include <cstddef>
#include <functional>
#include <thread>
#include <vector>

namespace mesh {

/// Threads that take no signals: those are the main thread's matter. Waits for them in the end;
/// to tell them to end is the owner's matter.
class WorkerThreads {
public:
    WorkerThreads() = default;

    ~WorkerThreads() { join(); }

    WorkerThreads(const WorkerThreads&) = delete;
    WorkerThreads& operator=(const WorkerThreads&) = delete;

    /// Starts `count` of them, each of which calls `work` once. Throws std::system_error when the
    /// machine has no more.
    void start(std::size_t count, const std::function<void()>& work);

    bool is_started() const { return !threads_.empty(); }

    void join();

private:
    std::vector<std::thread> threads_;
};

} // namespace mesh
