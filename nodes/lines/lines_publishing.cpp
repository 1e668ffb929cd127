#include "nodes/lines/lines_publishing.hpp"

#include <cstddef>
#include <utility>

namespace nodes {

namespace {

constexpr std::size_t waiting_max = 4096;

} // namespace

void LinesPublishing::start() {
    thread_ = std::thread([this] { run(); });
}

void LinesPublishing::push(LinesMessage message) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return is_over_ || waiting_.size() < waiting_max; });
    waiting_.push_back(std::move(message));
    changed_.notify_all();
}

void LinesPublishing::finish() {
    {
        const std::lock_guard lock(mutex_);
        is_over_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable())
        thread_.join();
}

void LinesPublishing::run() {
    std::unique_lock lock(mutex_);
    for (;;) {
        changed_.wait(lock, [this] { return is_over_ || !waiting_.empty(); });
        if (waiting_.empty())
            return;
        const auto message = std::move(waiting_.front());
        waiting_.pop_front();
        changed_.notify_all();
        lock.unlock();
        if (const auto published = publish_(message); !published)
            unpublished_(published.error().detail);
        lock.lock();
    }
}

} // namespace nodes
