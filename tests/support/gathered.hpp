#pragma once

#include <mutex>
#include <utility>
#include <vector>

namespace tests {

/// What several threads add to, in order.
template <class T>
class Gathered {
public:
    void add(T one) {
        const std::lock_guard lock(mutex_);
        all_.push_back(std::move(one));
    }

    std::vector<T> all() const {
        const std::lock_guard lock(mutex_);
        return all_;
    }

    std::size_t size() const {
        const std::lock_guard lock(mutex_);
        return all_.size();
    }

private:
    mutable std::mutex mutex_;
    std::vector<T> all_;
};

} // namespace tests
