#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace tests {

/// Holds handlers until the test lets them through, at the latest after 30 s.
class Gate {
public:
    void open() {
        {
            const std::lock_guard lock(mutex_);
            is_open_ = true;
        }
        opened_.notify_all();
    }

    void pass() {
        std::unique_lock lock(mutex_);
        opened_.wait_for(lock, std::chrono::seconds(30), [this] { return is_open_; });
    }

private:
    std::mutex mutex_;
    std::condition_variable opened_;
    bool is_open_ = false;
};

} // namespace tests
