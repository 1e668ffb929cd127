#include "mesh/node/disk_work.hpp"

#include <utility>

namespace mesh {

namespace {

constexpr std::size_t waiting_max = 4096;

} // namespace

DiskWork::~DiskWork() {
    {
        const std::lock_guard lock(mutex_);
        is_stopping_ = true;
    }
    has_work_.notify_all();
    thread_.join();
}

bool DiskWork::post(std::function<void()> piece) {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() >= waiting_max)
        return false;
    waiting_.push_back(std::move(piece));
    if (!thread_.is_started())
        thread_.start(1, [this] { work(); });
    has_work_.notify_one();
    return true;
}

void DiskWork::work() {
    std::unique_lock lock(mutex_);
    for (;;) {
        has_work_.wait(lock, [this] { return is_stopping_ || !waiting_.empty(); });
        if (waiting_.empty())
            return;
        const auto piece = std::move(waiting_.front());
        waiting_.pop_front();
        lock.unlock();
        piece();
        lock.lock();
    }
}

} // namespace mesh
