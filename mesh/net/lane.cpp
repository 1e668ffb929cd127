#include "mesh/net/lane.hpp"

#include <csignal>
#include <pthread.h>
#include <utility>

namespace mesh {

Lane::~Lane() {
    {
        const std::lock_guard lock(mutex_);
        is_stopping_ = true;
        tasks_.clear();
    }
    wake_.notify_all();
    if (thread_.joinable())
        thread_.join();
}

void Lane::push(Task task) {
    {
        const std::lock_guard lock(mutex_);
        tasks_.push_back(std::move(task));
        if (!thread_.joinable()) {
            // Signals are the main thread's matter.
            sigset_t all;
            sigset_t before;
            sigfillset(&all);
            pthread_sigmask(SIG_BLOCK, &all, &before);
            thread_ = std::thread([this] { work(); });
            pthread_sigmask(SIG_SETMASK, &before, nullptr);
        }
    }
    wake_.notify_one();
}

void Lane::pause() {
    const std::lock_guard lock(mutex_);
    is_paused_ = true;
}

void Lane::resume() {
    {
        const std::lock_guard lock(mutex_);
        is_paused_ = false;
    }
    wake_.notify_one();
}

void Lane::clear() {
    std::deque<Task> dropped; // outlives the lock: what tasks hold may be large
    const std::lock_guard lock(mutex_);
    dropped.swap(tasks_);
}

bool Lane::is_idle() const {
    const std::lock_guard lock(mutex_);
    return tasks_.empty() && !is_busy_;
}

bool Lane::is_last() const {
    const std::lock_guard lock(mutex_);
    return tasks_.empty();
}

void Lane::work() {
    std::unique_lock lock(mutex_);
    for (;;) {
        wake_.wait(lock, [this] { return is_stopping_ || (!is_paused_ && !tasks_.empty()); });
        if (is_stopping_)
            return;
        const auto task = std::move(tasks_.front());
        tasks_.pop_front();
        is_busy_ = true;
        lock.unlock();
        task();
        lock.lock();
        is_busy_ = false;
    }
}

} // namespace mesh
