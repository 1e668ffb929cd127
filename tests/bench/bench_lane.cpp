// How fast a handler's lane is: events of 64 bytes over a node's own link, and between two nodes
// of one process. Prints a line a shape: events per second, and the time of all processors that an
// event takes from publish to handled, which other work on the machine disturbs less. Each is the
// median of the rounds.

#include "mesh/node.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace std::chrono_literals;

namespace {

constexpr int rounds = 5;

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

using Handled = std::atomic<std::uint64_t>;

/// Declares the handler and, where it takes that, runs what works for it until the node is gone.
using Declare = std::function<void(mesh::Node& node, Handled& handled)>;

Figures measure(bool is_own_link, std::uint64_t event_count, const Declare& declare) {
    Handled handled{0};
    mesh::Node subscriber{options("subscriber")};
    mesh::Node other{options("publisher")};
    auto& publisher = is_own_link ? subscriber : other;
    declare(subscriber, handled);
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

void report(const char* name, std::uint64_t event_count, const Declare& declare) {
    for (const bool is_own_link : {true, false}) {
        std::vector<double> rates;
        std::vector<double> times;
        for (int i = 0; i < rounds; ++i) {
            const auto figures = measure(is_own_link, event_count, declare);
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
}

mesh::Node::Declaration count(mesh::Node& node, Handled& handled) {
    return node
        .on("a", [&](const mesh::Event&) { handled.fetch_add(1, std::memory_order_relaxed); })
        .emits({});
}

} // namespace

int main() {
    constexpr std::uint64_t many = 1'000'000;
    constexpr std::uint64_t few = 50'000; // these take several microseconds each
    report("default", many, [](auto& node, auto& handled) { count(node, handled); });
    report("retry", many, [](auto& node, auto& handled) {
        count(node, handled).retry({5, 10ms, 1s});
    });
    report("by-key, 8 workers", many, [](auto& node, auto& handled) {
        count(node, handled).order(mesh::LaneOrder::by_key).workers(8);
    });
    std::thread taking;
    report("queue", few, [&](auto& node, auto& handled) {
        if (taking.joinable())
            taking.join(); // of the round before, whose node has closed the queue
        const auto queue = std::make_shared<mesh::EventQueue>();
        node.on("a", *queue).emits({});
        taking = std::thread([queue, &handled, wanted = few] {
            for (std::uint64_t i = 0; i < wanted; ++i) {
                auto event = queue->take();
                if (!event)
                    return;
                handled.fetch_add(1, std::memory_order_relaxed);
                event->done();
            }
        });
    });
    taking.join();
    return 0;
}
