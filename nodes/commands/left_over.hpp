#pragma once

#include "mesh/event/delivery.hpp"

#include <span>
#include <string>
#include <vector>

namespace nodes {

/// What a publisher leaves behind when it ends, by what becomes of it.
struct LeftOver {
    explicit LeftOver(std::vector<mesh::Unacknowledged> all);

    std::vector<mesh::Unacknowledged> behind; ///< of subscribers that are there
    std::vector<mesh::Unacknowledged> gone;   ///< of subscribers that went, or died
    std::vector<mesh::Unacknowledged>
        owed; ///< a journal keeps them, be the subscriber there or not
};

/// `audit/remember/1@5f0c22a1 (3 events), order/create/1@91b3c02d (1 event)`.
std::string to_text(std::span<const mesh::Unacknowledged> all);

} // namespace nodes
