#include "nodes/cli/signals.hpp"
#include "tests/support/catch.hpp"

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

bool is_readable(int fd) {
    pollfd polled{.fd = fd, .events = POLLIN, .revents = 0};
    return poll(&polled, 1, 0) == 1;
}

} // namespace

TEST_CASE("a signal becomes readable, and is taken once") {
    nodes::StopSignals signals;
    CHECK_FALSE(is_readable(signals.fd()));
    CHECK_FALSE(signals.take().has_value());
    raise(SIGINT);
    CHECK(is_readable(signals.fd()));
    CHECK(signals.take() == SIGINT);
    CHECK_FALSE(signals.take().has_value());
    raise(SIGTERM);
    CHECK(signals.take() == SIGTERM);
}

TEST_CASE("signals that nobody took end with the object") {
    { // else the unblocking at the end would kill this process
        nodes::StopSignals signals;
        raise(SIGINT);
    }
    sigset_t blocked;
    pthread_sigmask(SIG_BLOCK, nullptr, &blocked);
    CHECK(sigismember(&blocked, SIGINT) == 0);
}

TEST_CASE("when told so, the next signal ends the process with 128 and its number") {
    const pid_t child = fork();
    if (child == 0) {
        nodes::StopSignals signals;
        raise(SIGINT);
        if (signals.take() != SIGINT)
            _exit(1);
        nodes::StopSignals::exit_on_next();
        raise(SIGTERM);
        _exit(2);
    }
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    REQUIRE(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 128 + SIGTERM);
}
