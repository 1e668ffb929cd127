// How fast a handler's lane is: events of 64 bytes over a node's own link, and between two nodes
// of one process. Prints a line a shape: events per second, and the time of all processors that an
// event takes from publish to handled, which other work on the machine disturbs less. Each is the
// median of the rounds.

#include "mesh/node.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <string>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace std::chrono_literals;

namespace {

constexpr int rounds = 5;
constexpr std::uint64_t event_count = 1'000'000;

mesh::NodeOptions options(const char* service) {
    mesh::NodeOptions options;
    options.realm = "bench-lane-" + std::to_string(getpid());
    options.service = service;
    options.publishes = {"a"};
    options.is_passing = true;
    options.uses_environment = false;
    return options;
}

double processor_ns() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto ns = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) * 1e9 + static_cast<double>(time.tv_usec) * 1e3;
    };
    return ns(usage.ru_utime) + ns(usage.ru_stime);
}

struct Figures {
    double events_per_s;
    double processor_ns_per_event;
};

template <class Declare>
Figures measure(bool is_own_link, Declare declare) {
    std::atomic<std::uint64_t> handled{0};
    mesh::Node subscriber{options("subscriber")};
    mesh::Node other{options("publisher")};
    auto& publisher = is_own_link ? subscriber : other;
    declare(subscriber.on(
        "a", [&](const mesh::Event&) { handled.fetch_add(1, std::memory_order_relaxed); }));
    subscriber.start();
    if (!is_own_link) {
        other.start();
        other.connect({"127.0.0.1", subscriber.identity().control_port});
    }
    if (!publisher.wait_subscribers("a", 1, 20s))
        std::puts("no subscriber");
    const auto payload = mesh::Payload::text(std::string(64, 'x'));
    const auto start = mesh::now();
    const auto processor_start = processor_ns();
    for (std::uint64_t i = 0; i < event_count; ++i)
        if (!publisher.publish("a", payload))
            std::puts("refused");
    while (handled < event_count && mesh::now() - start < 60s)
        std::this_thread::sleep_for(1ms);
    const std::chrono::duration<double> took = mesh::now() - start;
    const auto count = static_cast<double>(handled);
    return {count / took.count(), (processor_ns() - processor_start) / count};
}

template <class Declare>
void report(const char* name, bool is_own_link, Declare declare) {
    std::vector<double> rates;
    std::vector<double> times;
    for (int i = 0; i < rounds; ++i) {
        const auto figures = measure(is_own_link, declare);
        rates.push_back(figures.events_per_s);
        times.push_back(figures.processor_ns_per_event);
    }
    std::ranges::sort(rates);
    std::ranges::sort(times);
    std::printf("%-18s %-10s events_per_s=%.0f processor_ns_per_event=%.0f least=%.0f\n", name,
                is_own_link ? "own-link" : "two-nodes", rates[rounds / 2], times[rounds / 2],
                times.front());
    std::fflush(stdout);
}

} // namespace

int main() {
    for (const bool is_own_link : {true, false}) {
        report("default", is_own_link, [](auto&& one) { one.emits({}); });
        report("retry", is_own_link, [](auto&& one) { one.emits({}).retry({5, 10ms, 1s}); });
        report("by-key, 8 workers", is_own_link,
               [](auto&& one) { one.emits({}).order(mesh::LaneOrder::by_key).workers(8); });
    }
    return 0;
}
