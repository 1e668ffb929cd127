#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_set>

namespace mesh {

/// The idempotency keys that a handler has dealt with, the newest ones: with more than
/// `count_max`, the oldest is forgotten. Pure.
class RecentKeys {
public:
    explicit RecentKeys(std::size_t count_max) : count_max_(count_max) {}

    bool has(std::string_view key) const;

    void add(std::string_view key);

private:
    std::size_t count_max_;
    std::unordered_set<std::string_view> keys_; ///< views order_
    std::deque<std::string> order_;             ///< oldest first
};

} // namespace mesh
