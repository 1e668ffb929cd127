// All see all: how long N nodes, each a process, started in the same moment on loopback, take until
// every one of them knows all others with their contracts.

#include "discovery/discovery.hpp"
#include "mesh/base/log.hpp"
#include "mesh/node.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace {

using namespace std::chrono_literals;

constexpr int rounds = 5;
constexpr auto patience = 30s;

/// One node: waits for the start signal, joins, and says when it sees everybody.
[[noreturn]] void be_node(int number, std::size_t count, const std::string& realm, int start_fd,
                          int done_fd, int stop_fd) {
    mesh::set_log_level(mesh::LogLevel::error);
    mesh::NodeOptions options;
    options.service = "node" + std::to_string(number);
    options.realm = realm;
    options.publishes = {"bench." + options.service};
    options.is_passing = true;
    options.uses_environment = false;
    mesh::Node node(options);
    node.on("bench.next" + std::to_string(number), [](const mesh::Event&) {}).emits({});
    const discovery::Discovery discovery{node};
    std::atomic<bool> is_said{false};
    node.watch([&](const mesh::Peer&) {
        const auto peers = node.peers();
        const auto active = std::ranges::count(peers, mesh::PeerState::active, &mesh::Peer::state);
        if (static_cast<std::size_t>(active) + 1 == count && !is_said.exchange(true)) {
            const char done = 'd';
            [[maybe_unused]] const auto written = write(done_fd, &done, 1);
        }
    });
    char signal = 'g';
    [[maybe_unused]] const auto at_gate = write(done_fd, &signal, 1);
    [[maybe_unused]] auto taken = read(start_fd, &signal, 1);
    node.start();
    taken = read(stop_fd, &signal, 1); // ends when the parent closes its end
    _exit(0);
}

/// One round. Returns the milliseconds until the last node saw all, negative when one did not.
double run_round(std::size_t count, int round) {
    int start[2];
    int done[2];
    int stop[2];
    if (pipe(start) != 0 || pipe(done) != 0 || pipe(stop) != 0)
        std::abort();
    const auto realm = "bench-" + std::to_string(getpid()) + "-" + std::to_string(count) + "-" +
                       std::to_string(round);
    std::vector<pid_t> children;
    for (std::size_t i = 0; i < count; ++i) {
        const pid_t child = fork();
        if (child == 0) {
            close(stop[1]);
            be_node(static_cast<int>(i), count, realm, start[0], done[1], stop[0]);
        }
        children.push_back(child);
    }
    close(done[1]);
    alarm(static_cast<unsigned>(std::chrono::seconds(patience).count()));
    std::size_t at_gate = 0;
    for (char one = 0; at_gate < count && read(done[0], &one, 1) == 1;)
        ++at_gate;
    const auto begin = mesh::now();
    const std::vector<char> signals(count, 's');
    [[maybe_unused]] const auto written = write(start[1], signals.data(), signals.size());
    std::size_t finished = 0;
    for (char one = 0; finished < count && read(done[0], &one, 1) == 1;)
        ++finished;
    alarm(0);
    const auto elapsed = std::chrono::duration<double, std::milli>(mesh::now() - begin).count();
    close(stop[1]);
    for (const auto child : children)
        waitpid(child, nullptr, 0);
    for (const int fd : {start[0], start[1], done[0], stop[0]})
        close(fd);
    return finished == count ? elapsed : -1;
}

void run(std::size_t count) {
    std::vector<double> times;
    for (int round = 0; round < rounds; ++round)
        times.push_back(run_round(count, round));
    std::ranges::sort(times);
    std::printf("discovery: nodes=%zu all_see_all_ms median=%.0f min=%.0f max=%.0f rounds=%d\n",
                count, times[rounds / 2], times.front(), times.back(), rounds);
    std::fflush(stdout);
}

} // namespace

int main(int argc, char** argv) {
    if (argc > 1) {
        for (int i = 1; i < argc; ++i)
            run(std::strtoul(argv[i], nullptr, 10));
        return 0;
    }
    for (const std::size_t count : {8UL, 32UL})
        run(count);
}
