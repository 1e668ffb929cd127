#include "mesh/net/lane.hpp"

#include <utility>

namespace mesh {

Lane::~Lane() {
    {
        const std::lock_guard lock(mutex_);
        is_stopping_ = true;
        tasks_.clear();
    }
    wake_.notify_all();
    threads_.join();
}

void Lane::push(Task task) {
    {
        const std::lock_guard lock(mutex_);
        tasks_.push_back(std::move(task));
        if (!threads_.is_started())
            threads_.start(1, [this] { work(); });
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
