#pragma once

#include <functional>
#include <mutex>
#include <vector>

namespace mesh {

/// Hands tasks from any thread to the one that runs the loop, and wakes it.
class Mailbox {
public:
    using Task = std::function<void()>;

    /// Throws std::system_error when the system has no file descriptor left.
    Mailbox();
    ~Mailbox();
    Mailbox(const Mailbox&) = delete;
    Mailbox& operator=(const Mailbox&) = delete;

    /// Any thread.
    void post(Task task);

    /// Wakes the loop without a task. Any thread, also a signal handler.
    void wake() const noexcept;

    /// Readable when there is something to run. The loop's thread.
    int fd() const { return fd_; }

    /// Runs what was posted until now. The loop's thread.
    void run();

private:
    int fd_;
    std::mutex mutex_; ///< guards tasks_
    std::vector<Task> tasks_;
};

} // namespace mesh
