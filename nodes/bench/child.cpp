#include "nodes/bench/child.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <fcntl.h>
#include <pthread.h>
#include <stdexcept>
#include <string_view>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace nodes {

namespace {

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    pointers.reserve(texts.size() + 1);
    for (auto& text : texts)
        pointers.push_back(text.data());
    pointers.push_back(nullptr);
    return pointers;
}

std::vector<std::string> environment_without_own() {
    std::vector<std::string> entries;
    for (char** entry = environ; *entry != nullptr; ++entry)
        if (!std::string_view(*entry).starts_with("DAGMESH_"))
            entries.emplace_back(*entry);
    return entries;
}

/// Runs in the child: only async-signal-safe calls from here on.
[[noreturn]] void become_program(int talk, char* const* argv, char* const* environment) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    sigset_t none;
    sigemptyset(&none);
    pthread_sigmask(SIG_SETMASK, &none, nullptr);
    dup2(talk, STDIN_FILENO);
    dup2(talk, STDOUT_FILENO);
    execve(argv[0], argv, environment);
    _exit(127);
}

} // namespace

Child::Child(const std::vector<std::string>& words) {
    if (access(words.front().c_str(), X_OK) != 0)
        throw std::runtime_error("cannot run \"" + words.front() + "\"");
    std::array<int, 2> ends{};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
        throw std::runtime_error("no socket to talk with a process");
    talk_ = FileDescriptor(ends[0]);
    const FileDescriptor other(ends[1]);
    auto argv_texts = words;
    auto environment_texts = environment_without_own();
    const auto argv = pointers_to(argv_texts);
    const auto environment = pointers_to(environment_texts);
    pid_ = fork();
    if (pid_ == 0)
        become_program(other.get(), argv.data(), environment.data());
    if (pid_ < 0)
        throw std::runtime_error("cannot start another process");
}

Child::Child(Child&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      talk_(std::move(other.talk_)),
      said_(std::move(other.said_)) {}

Child::~Child() {
    if (pid_ <= 0)
        return;
    end();
    waitpid(pid_, nullptr, 0);
}

void Child::end() const {
    kill(pid_, SIGKILL);
}

void Child::say(const std::string& line) const {
    const auto text = line + "\n";
    // To one that is gone it says nothing; that is seen when it is listened to.
    [[maybe_unused]] const auto sent = send(talk_.get(), text.data(), text.size(), MSG_NOSIGNAL);
}

bool Child::listen() {
    std::array<char, 4096> piece{};
    const auto size = recv(talk_.get(), piece.data(), piece.size(), MSG_DONTWAIT);
    if (size < 0)
        return errno == EAGAIN || errno == EINTR;
    said_.append(piece.data(), static_cast<std::size_t>(size));
    return size > 0;
}

std::optional<std::string> Child::next_line() {
    const auto end = said_.find('\n');
    if (end == std::string::npos)
        return std::nullopt;
    auto line = said_.substr(0, end);
    said_.erase(0, end + 1);
    return line;
}

std::chrono::nanoseconds Child::processor_time() const {
    clockid_t clock = 0;
    timespec time{};
    if (clock_getcpuclockid(pid_, &clock) != 0 || clock_gettime(clock, &time) != 0)
        return {};
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

} // namespace nodes
