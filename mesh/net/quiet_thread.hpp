#pragma once

#include <functional>
#include <thread>

namespace mesh {

/// A thread that no signal interrupts: those are the main thread's matter.
std::thread quiet_thread(std::function<void()> work);

} // namespace mesh
