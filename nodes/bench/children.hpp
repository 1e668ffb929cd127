#pragma once

#include "mesh/base/time.hpp"

#include <functional>
#include <new>
#include <sys/mman.h>
#include <sys/types.h>
#include <vector>

namespace nodes {

/// A `Board` of atomics that all processes of a round see.
template <class Board>
class Shared {
public:
    Shared()
        : board_(new (mmap(nullptr, sizeof(Board), PROT_READ | PROT_WRITE,
                           MAP_SHARED | MAP_ANONYMOUS, -1, 0)) Board) {}

    ~Shared() { munmap(board_, sizeof(Board)); }

    Shared(const Shared&) = delete;
    Shared& operator=(const Shared&) = delete;

    Board& operator*() const { return *board_; }

    Board* operator->() const { return board_; }

private:
    Board* board_;
};

/// The processes of a round, killed with it. To be made while this process has one thread.
class Children {
public:
    Children() = default;
    ~Children();
    Children(const Children&) = delete;
    Children& operator=(const Children&) = delete;

    /// Starts one that runs `role` and ends.
    pid_t start(const std::function<void()>& role);

private:
    std::vector<pid_t> pids_;
};

/// Looks every millisecond. False when it does not hold within `patience`.
bool wait_until(const std::function<bool()>& condition, mesh::Duration patience);

} // namespace nodes
