#pragma once

#include "mesh/node.hpp"

#include <cstdint>

/// Whose data or orders changed.
struct User {
    std::uint64_t user_id = 0;
    MSGPACK_DEFINE_MAP(user_id)
};

/// How many orders were revised so far.
struct Revisions {
    std::uint64_t count = 0;
    MSGPACK_DEFINE_MAP(count)
};
