#pragma once

#include "mesh/base/time.hpp"

#include <chrono>
#include <thread>

namespace tests {

/// Waits until `condition` holds, looking again every few milliseconds. False when it does not
/// within `patience`, which is generous: it bounds a failing test, it never slows a passing one.
template <class Condition>
bool eventually(Condition condition, mesh::Duration patience = std::chrono::seconds(20)) {
    const auto deadline = mesh::now() + patience;
    while (!condition()) {
        if (mesh::now() >= deadline)
            return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return true;
}

} // namespace tests
