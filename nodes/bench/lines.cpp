#include "nodes/bench/lines.hpp"

#include "discovery/discovery.hpp"
#include "mesh/base/log.hpp"
#include "mesh/node.hpp"
#include "nodes/bench/crew.hpp"
#include "nodes/bench/statistics.hpp"
#include "nodes/cli/event_json.hpp"
#include "nodes/process/temporary_folder.hpp"
#include "nodes/text/output_file.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string_view>
#include <unistd.h>

namespace nodes {

namespace {

using namespace std::chrono_literals;

constexpr std::string_view topic = "user.registered";
constexpr std::string_view data = R"({"user_id":7,"name":"Ada","email":"ada@example.org"})";
constexpr mesh::Duration patience = 60s;

constexpr std::uint64_t events_usual = 50'000;
constexpr std::uint64_t events_max = 10'000'000;

/// A service of the manifest below.
struct Service {
    std::string_view language;
    std::uint32_t workers;
    std::uint64_t share; ///< of the events: one of so many
};

constexpr std::array<Service, 4> services{
    {{"python", 64, 1}, {"python", 1, 2}, {"shell", 64, 5}, {"shell", 1, 5}}};

std::string name_of(const Service& service) {
    return fmt::format("{}-{}", service.language, service.workers);
}

// Programs that do nothing but say that they are done.
constexpr std::string_view python = R"(
      - python3
      - -u
      - -c
      - |
        import json, sys
        for line in sys.stdin:
            print(json.dumps({"done": json.loads(line)["id"]})))";
constexpr std::string_view shell = R"(
      - sh
      - -c
      - while read -r event; do echo '{"done":true}'; done)";

std::string manifest() {
    std::string text =
        fmt::format("dagmesh: 1\nevents: {{{}: {{entry: true}}}}\nservices:\n", topic);
    for (const auto& service : services)
        text += fmt::format(
            "  {}:\n    run:{}\n    handlers: {{take: {{on: {}, emits: [], workers: {}}}}}\n",
            name_of(service), service.language == "python" ? python : shell, topic,
            service.workers);
    return text;
}

mesh::NodeOptions publisher_options(const std::string& realm) {
    mesh::NodeOptions options;
    options.service = "publisher";
    options.realm = realm;
    options.uses_environment = false;
    options.is_passing = true;
    options.publishes = {std::string(topic)};
    return options;
}

std::string text_of_file(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

double measure_round(const BenchGround& ground, const Service& service, std::uint64_t count) {
    const TemporaryFolder folder(std::filesystem::temp_directory_path().string());
    const auto file = folder.path() + "/lines.mesh.yaml";
    if (const auto written = write_file(file, manifest()); !written)
        throw std::runtime_error(file + ": " + written.error().detail);
    const auto realm = fmt::format("dagmesh-bench-lines-{}", getpid());
    // What it says is of interest only when it does not come to an end.
    const auto said = folder.path() + "/said";
    std::vector<std::string> words{"/bin/sh",
                                   "-c",
                                   R"(exec "$@" 2>"$0")",
                                   said,
                                   std::filesystem::read_symlink("/proc/self/exe").string(),
                                   "node",
                                   file,
                                   "--service",
                                   name_of(service),
                                   "--realm",
                                   realm,
                                   "--state",
                                   folder.path(),
                                   "-q"};
    if (ground.beacon_port) {
        words.emplace_back("--beacon-port");
        words.push_back(std::to_string(*ground.beacon_port));
    }
    Crew crew(ground.signals);
    crew.start(words);
    mesh::Node node(publisher_options(realm));
    const discovery::Discovery discovery{node, {ground.beacon_port}};
    node.start();
    const auto wait = [&](const auto& is_met, const std::string& what) {
        for (const auto deadline = mesh::now() + patience; !is_met(100ms);) {
            wait_or_stop(ground.signals, {});
            if (mesh::now() > deadline)
                throw BenchUnfinished(name_of(service) + ": " + what + "\n" + text_of_file(said));
        }
    };
    wait([&](mesh::Duration time) { return node.wait_subscribers(topic, 1, time); },
         "the service is not there");
    const auto payload = payload_of_text(data);
    const auto start = mesh::now();
    for (std::uint64_t i = 0; i < count; ++i)
        if (const auto published = node.publish(topic, payload); !published)
            throw BenchUnfinished(name_of(service) + ": " + published.error().detail);
    wait([&](mesh::Duration time) { return node.wait_dry(time); }, "not all is acknowledged");
    return static_cast<double>(count) / std::chrono::duration<double>(mesh::now() - start).count();
}

std::uint64_t events_of(const std::vector<std::string>& words) {
    std::uint64_t events = events_usual;
    const auto* const end = words.empty() ? nullptr : words.front().data() + words.front().size();
    if (!words.empty() &&
        (words.size() > 1 || std::from_chars(words.front().data(), end, events).ptr != end ||
         events < 10 || events > events_max))
        throw std::invalid_argument("bench lines: expected 10 to " + std::to_string(events_max) +
                                    " events, got \"" + words.back() + "\"");
    return events;
}

} // namespace

void run_lines(const BenchGround& ground, const std::vector<std::string>& words, std::size_t rounds,
               BenchReport& report, Progress& progress) {
    const auto events = events_of(words);
    mesh::set_log_level(mesh::LogLevel::error);
    progress.expect(services.size() * rounds);
    std::vector<std::vector<double>> rates(services.size());
    for (std::size_t round = 0; round < rounds; ++round)
        for (std::size_t i = 0; i < services.size(); ++i) {
            progress.step("lines " + name_of(services.at(i)));
            rates[i].push_back(
                measure_round(ground, services.at(i), events / services.at(i).share));
        }
    progress.clear();
    std::vector<BenchRow> rows;
    for (std::size_t i = 0; i < services.size(); ++i) {
        const auto spread = spread_of(rates[i]);
        rows.push_back({{"bench", std::string("lines"), true},
                        {"language", std::string(services.at(i).language)},
                        {"workers", static_cast<double>(services.at(i).workers)},
                        {"rate", spread.median},
                        {"rate_min", spread.min},
                        {"rate_max", spread.max}});
    }
    report.rows("lines: events a second that a program handles and acknowledges", rows);
}

} // namespace nodes
