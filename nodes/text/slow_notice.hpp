#pragma once

#include "mesh/base/time.hpp"
#include "mesh/net/worker_threads.hpp"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

namespace nodes {

/// While it lives: says once a second how long the work has taken, so that nobody takes it for
/// stuck. Of work that takes less it says nothing.
class SlowNotice {
public:
    using Say = std::function<void(std::string_view line)>;

    /// `what` is being done, such as `checking`. `say` is called on a thread of its own.
    SlowNotice(std::string what, Say say, mesh::Duration interval = std::chrono::seconds(1));
    ~SlowNotice();
    SlowNotice(const SlowNotice&) = delete;
    SlowNotice& operator=(const SlowNotice&) = delete;

    /// Writes whole lines to stderr, or nothing when `is_quiet`.
    static Say to_stderr(bool is_quiet);

private:
    void run(mesh::Duration interval);

    std::string what_;
    Say say_;
    std::mutex mutex_; ///< guards is_over_
    std::condition_variable ended_;
    bool is_over_ = false;
    mesh::WorkerThreads thread_;
};

} // namespace nodes
