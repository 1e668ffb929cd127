// Nodes of an acyclic graph come and go in random order while events flow: nobody may be refused or
// quarantined, and the rank guard must stop no event, however little of the graph a node that has
// just come knows. `prove-churn [--nodes N] [--for D] [--seed S]`; exits with 1 when one was.

#include "discovery/discovery.hpp"
#include "mesh/base/quantity.hpp"
#include "mesh/node.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace std::chrono_literals;

namespace {

constexpr int sources = 4; // nodes that publish and handle nothing
constexpr std::uint16_t beacon_port = 5690;

struct Counts {
    std::atomic<std::uint64_t> published{0};
    std::atomic<std::uint64_t> handled{0};
    std::atomic<std::uint64_t> rank_highest{0};
    std::atomic<std::uint64_t> refused{0};
    std::atomic<std::uint64_t> quarantined{0};
};

std::string topic_of(int place) {
    return "churn.t" + std::to_string(place);
}

/// What one place of the graph listens to: mostly the place before, so that chains are long, and
/// another one from anywhere before.
struct Place {
    int main = 0;
    int other = 0;
};

std::vector<Place> make_graph(int count, std::mt19937& random) {
    std::vector<Place> places(static_cast<std::size_t>(count));
    for (int i = sources; i < count; ++i) {
        const auto before = [&] { return static_cast<int>(random() % static_cast<unsigned>(i)); };
        places[static_cast<std::size_t>(i)] = {random() % 10 < 8 ? i - 1 : before(), before()};
    }
    return places;
}

/// One node for as long as it lives.
class Member {
public:
    Member(int place, const Place& inputs, const std::string& folder, const std::string& realm,
           Counts& counts)
        : node_({.service = "s" + std::to_string(place),
                 .realm = realm,
                 .publishes = {topic_of(place)},
                 .state_folder = folder,
                 .uses_environment = false,
                 .log_size_bytes_max = std::size_t{4} << 20U,
                 .drain_patience = 500ms}) {
        if (place >= sources)
            node_
                .on({topic_of(inputs.main), topic_of(inputs.other)},
                    [&counts, place, main = topic_of(inputs.main)](const mesh::Event& event,
                                                                   mesh::Emitter& emit) {
                        ++counts.handled;
                        const std::uint64_t rank = event.cause ? event.cause->rank : 0;
                        for (auto seen = counts.rank_highest.load(); rank > seen;)
                            if (counts.rank_highest.compare_exchange_weak(seen, rank))
                                break;
                        // Of the other input only some, or there would be ever more events.
                        if (event.topic == main || event.id.sequence % 10 == 0)
                            emit(topic_of(place), {});
                    })
                .emits({topic_of(place)});
        node_.on_refused([&counts] { ++counts.refused; });
        node_.watch([&counts](const mesh::Peer& peer) {
            counts.quarantined += peer.quarantined.empty() ? 0 : 1;
        });
        discovery_ = std::make_unique<discovery::Discovery>(
            node_, discovery::DiscoveryOptions{.beacon_port = beacon_port});
        node_.start();
    }

    mesh::Node& node() { return node_; }

private:
    mesh::Node node_;
    std::unique_ptr<discovery::Discovery> discovery_;
};

/// Lines of the log that hold `text`.
std::size_t count_lines(const std::string& path, std::string_view text) {
    std::ifstream file(path);
    std::size_t count = 0;
    for (std::string line; std::getline(file, line);)
        count += line.find(text) != std::string::npos ? 1 : 0;
    return count;
}

std::string_view text_option(int argc, char** argv, std::string_view name,
                             std::string_view otherwise) {
    for (int i = 1; i + 1 < argc; ++i)
        if (argv[i] == name)
            return argv[i + 1];
    return otherwise;
}

int option(int argc, char** argv, std::string_view name, int otherwise) {
    for (int i = 1; i + 1 < argc; ++i)
        if (argv[i] == name)
            return std::atoi(argv[i + 1]);
    return otherwise;
}

} // namespace

int main(int argc, char** argv) {
    const int count = option(argc, argv, "--nodes", 50);
    const auto time = mesh::parse_duration(text_option(argc, argv, "--for", "2m"));
    if (!time || count <= sources) {
        std::fprintf(stderr, "usage: ./dev prove churn [--nodes N] [--for D] [--seed S]\n");
        return 2;
    }
    const int seed = option(argc, argv, "--seed", static_cast<int>(std::random_device{}() >> 1U));
    const auto folder =
        std::filesystem::temp_directory_path() / ("dagmesh-churn-" + std::to_string(getpid()));
    std::filesystem::create_directories(folder);
    const auto log = (folder / "log").string();
    std::fprintf(stderr, "churn: seed %d, log in %s until the end\n", seed, log.c_str());
    const int said = dup(STDERR_FILENO);
    const int file = open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    dup2(file, STDERR_FILENO);

    std::mt19937 random(static_cast<unsigned>(seed));
    const auto graph = make_graph(count, random);
    const auto realm = "churn-" + std::to_string(getpid());
    Counts counts;
    std::map<int, std::unique_ptr<Member>> members;
    int starts = 0;
    int stops = 0;
    const auto end = mesh::now() + *time;
    auto all_up_at = mesh::now();
    while (mesh::now() < end) {
        const int place = static_cast<int>(random() % static_cast<unsigned>(count));
        const auto found = members.find(place);
        const bool has_many = static_cast<int>(members.size()) > count * 2 / 3;
        if (found == members.end()) {
            members.emplace(place,
                            std::make_unique<Member>(place, graph[static_cast<std::size_t>(place)],
                                                     folder.string(), realm, counts));
            ++starts;
            all_up_at = mesh::now();
        } else if (has_many && starts >= count) {
            members.erase(found);
            ++stops;
        }
        for (int source = 0; source < sources; ++source)
            if (const auto one = members.find(source); one != members.end())
                for (int i = 0; i < 3; ++i)
                    counts.published +=
                        one->second->node().try_publish(topic_of(source), {}) ? 1 : 0;
        std::this_thread::sleep_for(std::chrono::milliseconds(random() % 60));
    }
    members.clear();

    const auto stopped = count_lines(log, ": a loop: rank");
    const auto lines = count_lines(log, "quarantined");
    const auto quarantined = std::max<std::uint64_t>(counts.quarantined, lines);
    dup2(said, STDERR_FILENO);
    std::printf(
        "churn: nodes=%d seconds=%lld seed=%d starts=%d stops=%d published=%llu "
        "handled=%llu highest_rank=%llu stopped=%zu quarantined=%llu refused=%llu\n",
        count,
        static_cast<long long>(std::chrono::duration_cast<std::chrono::seconds>(*time).count()),
        seed, starts, stops, static_cast<unsigned long long>(counts.published),
        static_cast<unsigned long long>(counts.handled),
        static_cast<unsigned long long>(counts.rank_highest), stopped,
        static_cast<unsigned long long>(quarantined),
        static_cast<unsigned long long>(counts.refused));
    const bool is_good =
        stopped == 0 && quarantined == 0 && counts.refused == 0 && counts.handled > 0;
    if (!is_good)
        std::fprintf(stderr, "churn: failed; the log is %s; again: --seed %d\n", log.c_str(), seed);
    else
        std::filesystem::remove_all(folder);
    return is_good ? 0 : 1;
}
