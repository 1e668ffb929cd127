#include "mesh/flow/receiving/recent_keys.hpp"

namespace mesh {

bool RecentKeys::has(std::string_view key) const {
    return keys_.contains(key);
}

void RecentKeys::add(std::string_view key) {
    if (has(key))
        return;
    while (!order_.empty() && order_.size() >= count_max_) {
        keys_.erase(order_.front());
        order_.pop_front();
    }
    order_.emplace_back(key);
    keys_.insert(order_.back());
}

} // namespace mesh
