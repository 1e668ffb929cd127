#include "nodes/bench/graph/program_run.hpp"

#include "nodes/bench/crew.hpp"

#include <array>
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <poll.h>
#include <pthread.h>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace nodes {

namespace {

using namespace std::chrono_literals;

double seconds(const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

/// Runs in the child: only async-signal-safe calls from here on.
[[noreturn]] void become_program(char* const* argv, int output) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    sigset_t none;
    sigemptyset(&none);
    pthread_sigmask(SIG_SETMASK, &none, nullptr);
    const int nowhere = open("/dev/null", O_RDWR);
    dup2(nowhere, STDIN_FILENO);
    dup2(output >= 0 ? output : nowhere, STDOUT_FILENO);
    dup2(nowhere, STDERR_FILENO);
    execvp(argv[0], argv);
    _exit(127);
}

/// A program that runs; killed and waited for when this goes.
class Running {
public:
    Running(const std::vector<std::string>& words, int output) {
        auto texts = words;
        std::vector<char*> argv;
        argv.reserve(texts.size() + 1);
        for (auto& text : texts)
            argv.push_back(text.data());
        argv.push_back(nullptr);
        pid_ = fork();
        if (pid_ == 0)
            become_program(argv.data(), output);
        if (pid_ < 0)
            throw std::runtime_error("cannot start " + words[0]);
    }

    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;

    ~Running() {
        if (pid_ <= 0)
            return;
        kill(pid_, SIGKILL);
        waitpid(pid_, nullptr, 0);
    }

    void end() const { kill(pid_, SIGKILL); }

    bool has_ended(int& status, rusage& usage) {
        if (wait4(pid_, &status, WNOHANG, &usage) == 0)
            return false;
        pid_ = -1;
        return true;
    }

private:
    pid_t pid_ = -1;
};

/// Reads what there is. False at the end.
bool read_some(int fd, std::string& text) {
    std::array<char, 4096> piece{};
    const auto size = read(fd, piece.data(), piece.size());
    if (size > 0)
        text.append(piece.data(), static_cast<std::size_t>(size));
    return size > 0;
}

/// Waits until there is something to read, or for so long. Throws BenchStopped for a signal.
bool wait_readable(int fd, StopSignals& signals, mesh::Duration time) {
    std::array<pollfd, 2> items{{{signals.fd(), POLLIN, 0}, {fd, POLLIN, 0}}};
    const auto ns = std::chrono::nanoseconds(std::max(time, mesh::Duration::zero())).count();
    const timespec limit{ns / 1'000'000'000, ns % 1'000'000'000};
    ppoll(items.data(), items.size(), &limit, nullptr);
    if (signals.take())
        throw BenchStopped();
    return items[1].revents != 0;
}

} // namespace

ProgramRun run_program(const std::vector<std::string>& words, mesh::Duration patience,
                       StopSignals& signals, bool keeps_output) {
    std::array<int, 2> ends{-1, -1};
    if (keeps_output && pipe2(ends.data(), O_CLOEXEC) != 0)
        throw std::runtime_error("no pipe");
    const FileDescriptor read_end(ends[0]);
    FileDescriptor write_end(ends[1]);
    const auto begin = mesh::now();
    Running running(words, write_end.get());
    write_end.close();
    ProgramRun result;
    for (bool has_more = keeps_output; has_more && mesh::now() < begin + patience;)
        if (wait_readable(read_end.get(), signals, begin + patience - mesh::now()))
            has_more = read_some(read_end.get(), result.output);
    // Looked at often enough not to matter: a thousandth of what it has taken so far.
    int status = 0;
    rusage usage{};
    for (mesh::Duration pause = 100us; !running.has_ended(status, usage);
         pause = (mesh::now() - begin) / 1000 + 100us) {
        if (mesh::now() > begin + patience) {
            result.is_cut_off = true;
            running.end();
        }
        wait_readable(-1, signals, pause);
    }
    result.wall_s = std::chrono::duration<double>(mesh::now() - begin).count();
    result.cpu_s = seconds(usage.ru_utime) + seconds(usage.ru_stime);
    result.peak_mib = static_cast<double>(usage.ru_maxrss) / 1024;
    result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    if (result.exit_code == 127)
        throw std::runtime_error("cannot run " + words[0]);
    return result;
}

std::string own_path() {
    return std::filesystem::read_symlink("/proc/self/exe").string();
}

} // namespace nodes
