#include "nodes/bench/slow_round.hpp"

#include "discovery/discovery.hpp"
#include "mesh/node.hpp"
#include "nodes/bench/children.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

namespace nodes {

namespace {

using namespace std::chrono_literals;

constexpr mesh::Duration patience = 60s;
constexpr std::size_t payload_size_bytes = 64;
constexpr std::uint64_t key_count = 1'000;
// Of the other topic one event for so many of the first.
constexpr std::uint64_t aside_every = 16;

/// What the processes tell each other, in shared memory.
struct Board {
    std::atomic<std::uint64_t> ready{0};
    std::atomic<bool> may_start{false};
    std::atomic<std::int64_t> started_ns{0};
    std::atomic<bool> is_published{false};
    std::atomic<std::uint64_t> aside{0}; ///< published of the other topic
    std::atomic<std::uint64_t> healthy{0};
    std::atomic<std::uint64_t> received{0}; ///< by the frozen one
    std::atomic<std::uint64_t> lost{0};
};

mesh::NodeOptions options_of(const std::string& service, const std::string& realm) {
    mesh::NodeOptions options;
    options.service = service;
    options.realm = realm;
    options.is_passing = true;
    options.uses_environment = false;
    options.state_folder = std::filesystem::temp_directory_path();
    options.drain_patience = 100ms;
    return options;
}

void subscribe(Board& board, const std::string& realm) {
    mesh::Node node(options_of("healthy", realm));
    node.on("load",
            [&](const mesh::Event&) { board.healthy.fetch_add(1, std::memory_order_relaxed); })
        .emits({})
        .inlined();
    const discovery::Discovery discovery{node};
    node.start();
    ++board.ready;
    wait_until([] { return false; }, 2 * patience); // until it is killed
}

void stand_still(Board& board, const std::string& realm, mesh::Policy policy) {
    mesh::Node node(options_of("frozen", realm));
    node.on(policy == mesh::Policy::block ? "aside" : "load",
            [&](const mesh::Event&) { board.received.fetch_add(1, std::memory_order_relaxed); })
        .emits({})
        .policy(policy)
        .on_gap([&](const mesh::Gap& gap) { board.lost += gap.count; });
    const discovery::Discovery discovery{node};
    node.start();
    ++board.ready;
    wait_until([] { return false; }, 2 * patience); // until it is killed
}

void publish(Board& board, const std::string& realm, mesh::Policy policy, bool is_alone,
             std::uint64_t event_count) {
    auto options = options_of("publisher", realm);
    options.publishes = {"load", "aside"};
    options.log_size_bytes_max = log_size_mib * 1024 * 1024;
    mesh::Node node(options);
    const discovery::Discovery discovery{node};
    node.start();
    const bool has_aside = policy == mesh::Policy::block;
    const bool is_linked = node.wait_subscribers("load", is_alone || has_aside ? 1 : 2, patience) &&
                           (is_alone || !has_aside || node.wait_subscribers("aside", 1, patience));
    if (!is_linked)
        return;
    ++board.ready;
    wait_until([&] { return board.may_start.load(); }, patience);
    auto payload = mesh::Payload::text(std::string(payload_size_bytes, 'x'));
    std::vector<mesh::EventOptions> keyed(key_count);
    for (std::uint64_t i = 0; i < key_count; ++i)
        if (policy == mesh::Policy::latest)
            keyed[i].key = std::to_string(i);
    board.started_ns = mesh::now().time_since_epoch().count();
    for (std::uint64_t i = 0; i < event_count; ++i) {
        if (!node.publish("load", payload, keyed[i % key_count]))
            return;
        if (has_aside && i % aside_every == 0)
            board.aside += node.try_publish("aside", payload) ? 1 : 0;
    }
    board.is_published = true;
    wait_until([] { return false; }, 2 * patience); // until it is killed
}

std::int64_t private_kib(pid_t pid) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/smaps_rollup");
    std::int64_t sum = 0;
    for (std::string line; std::getline(file, line);)
        if (line.starts_with("Private_Clean:") || line.starts_with("Private_Dirty:"))
            sum += std::strtoll(line.c_str() + line.find(':') + 1, nullptr, 10);
    return sum;
}

/// Runs while the children are there; they end when it is over.
std::optional<SlowRound> watch(Board& board, mesh::Policy policy, pid_t publisher,
                               std::optional<pid_t> frozen, std::uint64_t event_count) {
    const std::uint64_t process_count = frozen ? 3 : 2;
    if (!wait_until([&] { return board.ready == process_count; }, patience))
        return std::nullopt;
    if (frozen)
        kill(*frozen, SIGSTOP);
    board.may_start = true;
    SlowRound round;
    auto sampled_at = mesh::now();
    const auto sample = [&] {
        if (mesh::now() - sampled_at < 200ms)
            return;
        sampled_at = mesh::now();
        round.publisher_private_kib_max =
            std::max(round.publisher_private_kib_max, private_kib(publisher));
    };
    const bool is_done = wait_until(
        [&] {
            sample();
            return board.healthy >= event_count;
        },
        patience);
    const mesh::TimePoint started{mesh::Duration(board.started_ns)};
    const std::chrono::duration<double> elapsed = mesh::now() - started;
    round.rate = static_cast<double>(event_count) / elapsed.count();
    if (!frozen)
        return is_done ? std::optional(round) : std::nullopt;
    kill(*frozen, SIGCONT);
    const auto wanted = [&] {
        return policy == mesh::Policy::block ? board.aside.load() : event_count;
    };
    const bool is_told =
        is_done && wait_until(
                       [&] {
                           sample();
                           return board.is_published && board.received + board.lost >= wanted();
                       },
                       patience);
    std::this_thread::sleep_for(100ms); // whatever comes beyond would be one too many
    round.frozen = {wanted(), board.received, board.lost};
    return is_told ? std::optional(round) : std::nullopt;
}

} // namespace

std::optional<SlowRound> run_slow_round(mesh::Policy policy, Beside beside,
                                        std::uint64_t event_count) {
    static int number = 0;
    const auto realm = "slow-" + std::to_string(getpid()) + "-" + std::to_string(++number);
    const Shared<Board> board;
    Children children;
    const bool is_alone = beside == Beside::nobody;
    const auto publisher =
        children.start([&] { publish(*board, realm, policy, is_alone, event_count); });
    children.start([&] { subscribe(*board, realm); });
    std::optional<pid_t> frozen;
    if (!is_alone)
        frozen = children.start([&] { stand_still(*board, realm, policy); });
    return watch(*board, policy, publisher, frozen, event_count);
}

} // namespace nodes
