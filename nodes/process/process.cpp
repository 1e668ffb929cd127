#include "nodes/process/process.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace nodes {

using mesh::ErrorCode;
using mesh::fail;
using mesh::Result;

namespace {

constexpr int ready_fd_in_child = 3;
constexpr int report_fd_in_child = 4;
// Everything that the child inherits is above its own numbers, so that dup2 overwrites nothing.
constexpr int fd_min = 10;

struct Pipe {
    FileDescriptor read_end;
    FileDescriptor write_end;
};

std::string error_text(int error) {
    return std::generic_category().message(error);
}

/// Both ends close on exec; errno tells why there is none.
std::optional<Pipe> make_pipe() {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0)
        return std::nullopt;
    const FileDescriptor low_read(ends[0]);
    const FileDescriptor low_write(ends[1]);
    Pipe pipe{FileDescriptor(fcntl(ends[0], F_DUPFD_CLOEXEC, fd_min)),
              FileDescriptor(fcntl(ends[1], F_DUPFD_CLOEXEC, fd_min))};
    if (!pipe.read_end.is_open() || !pipe.write_end.is_open())
        return std::nullopt;
    return pipe;
}

void make_nonblocking(const FileDescriptor& fd) {
    fcntl(fd.get(), F_SETFL, fcntl(fd.get(), F_GETFL) | O_NONBLOCK);
}

enum class Stage : int { folder, program };

struct Failure {
    Stage stage;
    int error;
};

/// All that the child needs between fork and exec, where it may not allocate.
struct ChildSetup {
    char* const* argv;
    char** environment;
    const char* folder;     ///< null: stay
    std::array<int, 5> fds; ///< become 0 to 4
    int failure_fd;
    pid_t parent;
};

[[noreturn]] void fail_child(const ChildSetup& setup, Stage stage) {
    const Failure failure{stage, errno};
    // The parent holds the other end and waits; if this fails, it sees an exit without a word.
    [[maybe_unused]] const auto written = write(setup.failure_fd, &failure, sizeof failure);
    _exit(127);
}

/// Runs in the child: only async-signal-safe calls from here on.
[[noreturn]] void become_program(const ChildSetup& setup) {
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != setup.parent)
        _exit(127); // the parent died before the line above took effect

    struct sigaction action {};

    action.sa_handler = SIG_DFL;
    for (int signal = 1; signal < NSIG; ++signal)
        sigaction(signal, &action, nullptr);
    sigset_t none;
    sigemptyset(&none);
    pthread_sigmask(SIG_SETMASK, &none, nullptr);
    for (std::size_t i = 0; i < setup.fds.size(); ++i)
        dup2(setup.fds[i], static_cast<int>(i));
    if (setup.folder != nullptr && chdir(setup.folder) != 0)
        fail_child(setup, Stage::folder);
    environ = setup.environment; // execvp reads PATH from here
    execvp(setup.argv[0], setup.argv);
    fail_child(setup, Stage::program);
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    pointers.reserve(texts.size() + 1);
    for (auto& text : texts)
        pointers.push_back(text.data());
    pointers.push_back(nullptr);
    return pointers;
}

std::string failure_text(const Failure& failure, const ProcessStart& start) {
    if (failure.stage == Stage::folder)
        return fmt::format("cannot enter the folder {}: {}", start.folder,
                           error_text(failure.error));
    return fmt::format("cannot run \"{}\" in {}: {}", start.argv.front(),
                       start.folder.empty() ? "." : start.folder, error_text(failure.error));
}

} // namespace

Result<Process> Process::start(const ProcessStart& start) {
    auto out = make_pipe();
    auto err = make_pipe();
    auto ready = make_pipe();
    auto report = make_pipe();
    auto failure_pipe = make_pipe();
    auto in = make_pipe();
    const FileDescriptor low_null(open("/dev/null", O_RDONLY | O_CLOEXEC));
    const FileDescriptor null(fcntl(low_null.get(), F_DUPFD_CLOEXEC, fd_min));
    const FileDescriptor own_err(fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, fd_min));
    if (!out || !err || !ready || !report || !failure_pipe || !in || !null.is_open())
        return fail(ErrorCode::environment, "no descriptors for pipes: " + error_text(errno));

    auto argv = start.argv;
    std::vector<std::string> variables;
    variables.reserve(start.environment.size() + 2);
    for (const auto& [name, value] : start.environment)
        variables.push_back(fmt::format("{}={}", name, value));
    variables.push_back("DAGMESH_READY_FD=" + std::to_string(ready_fd_in_child));
    variables.push_back("DAGMESH_REPORT_FD=" + std::to_string(report_fd_in_child));
    const auto argv_pointers = pointers_to(argv);
    auto variable_pointers = pointers_to(variables);
    const ChildSetup setup{.argv = argv_pointers.data(),
                           .environment = variable_pointers.data(),
                           .folder = start.folder.empty() ? nullptr : start.folder.c_str(),
                           .fds = {start.talks ? in->read_end.get() : null.get(),
                                   out->write_end.get(),
                                   start.talks ? own_err.get() : err->write_end.get(),
                                   ready->write_end.get(), report->write_end.get()},
                           .failure_fd = failure_pipe->write_end.get(),
                           .parent = getpid()};
    const pid_t pid = fork();
    if (pid == 0)
        become_program(setup);
    if (pid < 0)
        return fail(ErrorCode::environment, "cannot fork: " + error_text(errno));

    setpgid(pid, pid); // also here: whoever comes first, the group exists before it is signalled
    Process process;
    process.pid_ = pid;
    process.exit_fd_ = FileDescriptor(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
    if (!process.exit_fd_.is_open())
        return fail(ErrorCode::environment, "pidfd_open: " + error_text(errno));

    // Exec closes the other end, so this waits for the exec or its failure and no longer.
    failure_pipe->write_end.close();
    Failure failure{};
    ssize_t size = 0;
    do
        size = read(failure_pipe->read_end.get(), &failure, sizeof failure);
    while (size < 0 && errno == EINTR);
    if (size == static_cast<ssize_t>(sizeof failure))
        return fail(ErrorCode::environment, failure_text(failure, start));

    if (start.talks)
        process.in_ = std::move(in->write_end);
    process.out_ = std::move(out->read_end);
    process.err_ = std::move(err->read_end);
    process.ready_ = std::move(ready->read_end);
    process.report_ = std::move(report->read_end);
    for (const auto* fd :
         {&process.in_, &process.out_, &process.err_, &process.ready_, &process.report_})
        make_nonblocking(*fd);
    return process;
}

Process::Process(Process&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      exit_fd_(std::move(other.exit_fd_)),
      in_(std::move(other.in_)),
      out_(std::move(other.out_)),
      err_(std::move(other.err_)),
      ready_(std::move(other.ready_)),
      report_(std::move(other.report_)) {}

Process::~Process() {
    if (pid_ > 0)
        reap();
}

void Process::send(int signal) const {
    if (pid_ > 0)
        kill(-pid_, signal);
}

ExitStatus Process::reap() {
    // Before waiting: the dead leader still holds the group's number, so it cannot be another's.
    send(SIGKILL);
    int status = 0;
    pid_t reaped = 0;
    do
        reaped = waitpid(pid_, &status, 0);
    while (reaped < 0 && errno == EINTR);
    pid_ = -1;
    if (WIFSIGNALED(status))
        return {.code = 0, .signal = WTERMSIG(status)};
    return {.code = WEXITSTATUS(status), .signal = 0};
}

std::string to_string(const ExitStatus& status) {
    if (status.signal != 0) {
        const char* name = sigdescr_np(status.signal); // null for a number without a name
        return fmt::format("was killed by signal {} ({})", status.signal,
                           name == nullptr ? "unknown" : name);
    }
    return "exited with " + std::to_string(status.code);
}

} // namespace nodes
