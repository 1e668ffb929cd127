// A node of the fault run: publishes numbered events, relays them, and writes down what happened to
// each, one line with one write, so that nothing of it is lost when the process is killed.
//
//   delivery-node SERVICE LOG [keep] [publish TOPIC THREADS EVENTS] [on TOPIC [emit TOPIC]]...
//
// LOG: `try KEY NUMBER` before a publish, `put KEY NUMBER` after it returned, and `got TOPIC KEY
// NUMBER MILLISECONDS` when an event is handled, before that is acknowledged. With `keep` that is
// also a row of the table `applied` of the node's store, in the transaction of the event. Where the
// node belongs and which level its topics have is said by the environment.

#include "discovery/discovery.hpp"
#include "mesh/node.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

using namespace std::chrono_literals;

class Log {
public:
    explicit Log(const std::string& path)
        : file_(open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644)) {
        if (file_ < 0)
            throw std::runtime_error(path + " cannot be written");
    }

    void write(const std::string& line) const {
        if (::write(file_, line.data(), line.size()) != static_cast<ssize_t>(line.size()))
            std::_Exit(9); // what is not written down proves nothing
    }

private:
    int file_;
};

/// The highest number that was tried for each key in earlier runs.
std::map<std::string, std::uint64_t> tried(const std::string& path) {
    std::map<std::string, std::uint64_t> numbers;
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) {
        std::istringstream words(line);
        std::string what;
        std::string key;
        std::uint64_t number = 0;
        if (words >> what >> key >> number && what == "try")
            numbers[key] = std::max(numbers[key], number);
    }
    return numbers;
}

std::string now_ms() {
    return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(
                              std::chrono::system_clock::now().time_since_epoch())
                              .count());
}

struct Work {
    std::string topic;
    int threads = 0;
    std::uint64_t events = 0; ///< of all threads together, over all runs of the process
};

/// Each thread has keys of its own, so that the order within a key is that of its publishes.
void publish(mesh::Node& node, const Log& log, const Work& work, int thread,
             const std::map<std::string, std::uint64_t>& before, const std::atomic<bool>& is_over) {
    constexpr int keys = 4;
    const auto share = work.events / static_cast<std::uint64_t>(work.threads * keys);
    std::vector<std::uint64_t> numbers;
    for (int i = 0; i < keys; ++i) {
        const auto found = before.find(std::to_string(thread * keys + i));
        numbers.push_back(found == before.end() ? 0 : found->second);
    }
    for (std::uint64_t round = 0; !is_over; ++round) {
        auto& number = numbers[round % keys];
        if (number >= share) {
            if (std::ranges::all_of(numbers, [&](auto one) { return one >= share; }))
                return;
            continue;
        }
        const auto key = std::to_string(static_cast<std::uint64_t>(thread) * keys + round % keys);
        const auto text = key + " " + std::to_string(++number);
        log.write("try " + text + "\n");
        mesh::EventOptions options;
        options.key = key;
        if (const auto done = node.publish(work.topic, mesh::Payload::text(text), options))
            log.write("put " + text + "\n");
        else if (done.error().code == mesh::ErrorCode::closed)
            return;
    }
}

/// Writes down what it gets, and says it on.
class Relay {
public:
    Relay(const Log& log, std::string emitted) : log_(log), emitted_(std::move(emitted)) {}

    void handle(const mesh::Event& event, mesh::Emitter& emit) const {
        const std::string text(mesh::text_of(event.payload));
        log_.write("got " + std::string(event.topic) + " " + text + " " + now_ms() + "\n");
        if (emitted_.empty())
            return;
        mesh::EventOptions said;
        said.key = event.key;
        emit(emitted_, mesh::Payload::text(text), said);
    }

    void keep(const mesh::Event& event, mesh::Emitter& emit, mesh::Store& store) const {
        std::istringstream words(std::string(mesh::text_of(event.payload)));
        std::string key;
        std::int64_t number = 0;
        words >> key >> number;
        store.execute("CREATE TABLE IF NOT EXISTS applied(topic TEXT, key TEXT, number INTEGER, "
                      "at_ms INTEGER)");
        store.execute("INSERT INTO applied VALUES(?, ?, ?, ?)",
                      {event.topic, key, number, std::stoll(now_ms())});
        handle(event, emit);
    }

private:
    const Log& log_;
    std::string emitted_;
};

int run(const std::vector<std::string>& words) {
    if (words.size() < 2)
        throw std::invalid_argument("expected SERVICE and LOG");
    const auto before = tried(words[1]);
    const Log log(words[1]);
    Work work;
    mesh::NodeOptions options;
    options.service = words[0];
    bool keeps = false;
    std::vector<std::pair<std::string, std::string>> handled; // topic, and what is emitted
    for (std::size_t i = 2; i < words.size(); ++i) {
        if (words[i] == "publish" && i + 3 < words.size()) {
            work = {words[i + 1], std::stoi(words[i + 2]), std::stoull(words[i + 3])};
            options.publishes.push_back(work.topic);
            i += 3;
        } else if (words[i] == "keep") {
            keeps = true;
        } else if (words[i] == "on" && i + 1 < words.size()) {
            handled.emplace_back(words[++i], "");
        } else if (words[i] == "emit" && i + 1 < words.size() && !handled.empty()) {
            handled.back().second = words[++i];
            options.publishes.push_back(words[i]);
        } else {
            throw std::invalid_argument("unexpected \"" + words[i] + "\"");
        }
    }
    mesh::Node node(options);
    for (const auto& [topic, emitted] : handled) {
        const Relay relay(log, emitted);
        auto handler =
            keeps ? node.on(topic, [relay](const mesh::Event& event, mesh::Emitter& emit,
                                           mesh::Store& store) { relay.keep(event, emit, store); })
                  : node.on(topic, [relay](const mesh::Event& event, mesh::Emitter& emit) {
                        relay.handle(event, emit);
                    });
        handler.named("on-" + topic);
        handler.emits(emitted.empty() ? std::vector<mesh::Pattern>{}
                                      : std::vector<mesh::Pattern>{*mesh::Pattern::parse(emitted)});
    }
    discovery::Discovery discovery(node);
    std::atomic<bool> is_over{false};
    std::vector<std::thread> threads;
    node.on_ready([&] {
        std::puts("ready");
        std::fflush(stdout);
        for (int i = 0; i < work.threads; ++i)
            threads.emplace_back([&, i] { publish(node, log, work, i, before, is_over); });
    });
    node.run();
    is_over = true;
    for (auto& thread : threads)
        thread.join();
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    try {
        return run({argv + 1, argv + argc});
    } catch (const std::exception& error) {
        std::fprintf(stderr, "delivery-node: %s\n", error.what());
        return 2;
    }
}
