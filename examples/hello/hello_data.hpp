#pragma once

#include "mesh/node.hpp"

/// What the two say and hear.
struct Hello {
    int number = 0;
    MSGPACK_DEFINE_MAP(number)
};
