#include "nodes/bench/children.hpp"

#include "mesh/base/log.hpp"

#include <chrono>
#include <csignal>
#include <cstdio>
#include <exception>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace nodes {

Children::~Children() {
    // A node that drains would only prolong it.
    for (const auto pid : pids_)
        kill(pid, SIGKILL);
    for (const auto pid : pids_)
        waitpid(pid, nullptr, 0);
}

pid_t Children::start(const std::function<void()>& role) {
    const pid_t child = fork();
    if (child != 0) {
        pids_.push_back(child);
        return child;
    }
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    mesh::set_log_level(mesh::LogLevel::error);
    try {
        role();
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
    }
    _exit(0);
}

bool wait_until(const std::function<bool()>& condition, mesh::Duration patience) {
    const auto deadline = mesh::now() + patience;
    while (!condition()) {
        if (mesh::now() > deadline)
            return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return true;
}

} // namespace nodes
