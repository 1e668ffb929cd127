#include "tests/bench/graph/process.hpp"

#include <array>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <poll.h>
#include <spawn.h>
#include <stdexcept>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace bench {

namespace {

using Clock = std::chrono::steady_clock;

double seconds(const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

pid_t start(const std::vector<std::string>& words, int output) {
    std::vector<char*> arguments;
    for (const auto& word : words)
        arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    if (output >= 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1);
    else
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    pid_t child = 0;
    const int failed =
        posix_spawnp(&child, arguments[0], &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (failed != 0)
        throw std::runtime_error("cannot start " + words[0]);
    return child;
}

/// Reads to the end, at most until the deadline.
std::string read_all(int fd, Clock::time_point deadline) {
    std::string text;
    std::array<char, 4096> piece{};
    for (;;) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
        pollfd ready{fd, POLLIN, 0};
        if (left.count() <= 0 || poll(&ready, 1, static_cast<int>(left.count())) <= 0)
            return text;
        const auto size = read(fd, piece.data(), piece.size());
        if (size <= 0)
            return text;
        text.append(piece.data(), static_cast<std::size_t>(size));
    }
}

} // namespace

Run run(const std::vector<std::string>& words, std::chrono::seconds patience, bool keeps_output) {
    std::array<int, 2> pipe_ends{-1, -1};
    if (keeps_output && pipe2(pipe_ends.data(), O_CLOEXEC) != 0)
        throw std::runtime_error("no pipe");
    const auto begin = Clock::now();
    const auto deadline = begin + patience;
    const auto child = start(words, pipe_ends[1]);
    Run result;
    if (keeps_output) {
        close(pipe_ends[1]);
        result.output = read_all(pipe_ends[0], deadline);
        close(pipe_ends[0]);
    }
    // Looked at often enough not to matter: a thousandth of what it has taken so far.
    int status = 0;
    rusage usage{};
    for (auto pause = std::chrono::nanoseconds(100'000);
         wait4(child, &status, WNOHANG, &usage) == 0;
         pause = (Clock::now() - begin) / 1000 + std::chrono::nanoseconds(100'000)) {
        if (Clock::now() > deadline && !result.is_cut_off) {
            result.is_cut_off = true;
            kill(child, SIGKILL);
        }
        std::this_thread::sleep_for(pause);
    }
    result.wall_s = std::chrono::duration<double>(Clock::now() - begin).count();
    result.cpu_s = seconds(usage.ru_utime) + seconds(usage.ru_stime);
    result.peak_mib = static_cast<double>(usage.ru_maxrss) / 1024;
    result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return result;
}

std::string own_path() {
    return std::filesystem::read_symlink("/proc/self/exe").string();
}

} // namespace bench
