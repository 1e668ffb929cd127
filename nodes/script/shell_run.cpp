#include "nodes/script/shell_run.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <poll.h>
#include <unistd.h>
#include <vector>

namespace nodes {

namespace {

constexpr int look_interval_ms = 20;
constexpr std::size_t read_size_bytes = std::size_t{64} * 1024;

/// All that is there.
void read_pipe(FileDescriptor& pipe, const std::function<void(std::string_view)>& sink) {
    std::array<char, read_size_bytes> buffer; // NOLINT: read fills it
    while (pipe.is_open()) {
        const auto size = ::read(pipe.get(), buffer.data(), buffer.size());
        if (size > 0)
            sink({buffer.data(), static_cast<std::size_t>(size)});
        else if (size == 0)
            pipe.close();
        else if (errno != EINTR)
            return;
    }
}

bool is_readable(int fd) {
    pollfd polled{.fd = fd, .events = POLLIN, .revents = 0};
    return poll(&polled, 1, 0) == 1;
}

} // namespace

mesh::Result<std::optional<ExitStatus>> run_shell(const ShellRun& run) {
    auto process = Process::start(
        {.argv = {"sh", "-c", run.command}, .folder = run.folder, .environment = run.environment});
    if (!process)
        return tl::unexpected(process.error());
    bool is_killed = false;
    while (!is_readable(process->exit_fd()) && !is_killed) {
        std::vector<pollfd> polled{{.fd = process->exit_fd(), .events = POLLIN, .revents = 0}};
        for (const auto* pipe : {&process->out(), &process->err()})
            if (pipe->is_open())
                polled.push_back({.fd = pipe->get(), .events = POLLIN, .revents = 0});
        poll(polled.data(), polled.size(), look_interval_ms);
        read_pipe(process->out(), run.out);
        read_pipe(process->err(), run.err);
        is_killed = run.is_stopped() || mesh::now() >= run.deadline;
    }
    if (is_killed)
        process->send(SIGKILL);
    const auto status = process->reap();
    read_pipe(process->out(), run.out);
    read_pipe(process->err(), run.err);
    return is_killed ? std::nullopt : std::optional(status);
}

} // namespace nodes
