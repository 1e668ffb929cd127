#include "nodes/bench/round.hpp"

#include "nodes/bench/crew.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <stdexcept>
#include <unistd.h>

namespace nodes {

namespace {

using namespace std::chrono_literals;

constexpr mesh::Duration patience = 30s;

using Words = std::vector<std::string>;

/// Where the nodes of one round keep what lasts.
class RoundFolder {
public:
    explicit RoundFolder(const std::string& parent) : path_(parent + "/dagmesh-bench-XXXXXX") {
        std::error_code ignored; // what cannot be made is seen below
        std::filesystem::create_directories(parent, ignored);
        if (mkdtemp(path_.data()) == nullptr)
            throw std::runtime_error("cannot make a folder in " + parent);
    }

    RoundFolder(const RoundFolder&) = delete;
    RoundFolder& operator=(const RoundFolder&) = delete;

    ~RoundFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    const std::string& path() const { return path_; }

private:
    std::string path_;
};

Part part_of(const BenchGround& ground, const Load& load, const Contender& contender,
             const std::string& realm) {
    Part part;
    part.topics = load.bench_case.topics;
    part.emitted_per_event = load.bench_case.emitted_per_event;
    part.payload_size_bytes = load.payload_size_bytes;
    part.time = load.time;
    part.rate = load.rate;
    part.transport = contender.transport;
    part.level = contender.level;
    part.is_inline = contender.is_inline;
    part.realm = realm;
    part.beacon_port = ground.beacon_port;
    return part;
}

/// A number of a line that a process said, 0 for what is none.
std::int64_t number_at(const Words& words, std::size_t place) {
    return place < words.size() ? std::strtoll(words[place].c_str(), nullptr, 10) : 0;
}

Round sum_up(const std::vector<Words>& published, const std::vector<Words>& received,
             std::uint64_t receivers_per_sender) {
    Round round;
    std::uint64_t wanted = 0;
    std::int64_t begin_ns = std::numeric_limits<std::int64_t>::max();
    for (const auto& words : published) {
        wanted += static_cast<std::uint64_t>(number_at(words, 0)) * receivers_per_sender;
        begin_ns = std::min(begin_ns, number_at(words, 1));
    }
    std::int64_t end_ns = 0;
    for (const auto& words : received) {
        round.arrived += static_cast<std::uint64_t>(number_at(words, 0));
        round.disordered += static_cast<std::uint64_t>(number_at(words, 1));
        end_ns = std::max(end_ns, number_at(words, 2));
        round.p50_us = std::max(round.p50_us, static_cast<double>(number_at(words, 3)) / 1e3);
        round.p99_us = std::max(round.p99_us, static_cast<double>(number_at(words, 4)) / 1e3);
    }
    const auto once = round.arrived - round.disordered;
    round.lost = wanted > once ? wanted - once : 0;
    round.rate = static_cast<double>(round.arrived) * 1e9 / static_cast<double>(end_ns - begin_ns);
    return round;
}

/// Numbers of processes, by what they do.
struct Roles {
    std::vector<std::size_t> all;
    std::vector<std::size_t> senders;
    std::vector<std::size_t> receivers;
};

Roles roles_of(const std::vector<CaseProcess>& processes) {
    Roles roles;
    for (std::size_t i = 0; i < processes.size(); ++i) {
        roles.all.push_back(i);
        if (processes[i].receivers > 0)
            roles.senders.push_back(i);
        if (!processes[i].hears.empty())
            roles.receivers.push_back(i);
    }
    return roles;
}

/// Tells each process the addresses of those who hear it.
void introduce(Crew& crew, const std::vector<CaseProcess>& processes,
               const std::vector<Words>& addresses) {
    for (std::uint32_t i = 0; i < processes.size(); ++i) {
        std::string line = "to";
        for (std::size_t other = 0; other < processes.size(); ++other)
            if (std::ranges::count(processes[other].hears, i) > 0)
                line += " " + addresses[other].at(0);
        crew.children()[i].say(line);
    }
}

} // namespace

Round run_round(const BenchGround& ground, const Load& load, const Contender& contender) {
    static int number = 0;
    const auto realm = fmt::format("dagmesh-bench-{}-{}-", getpid(), ++number);
    std::optional<RoundFolder> folder;
    if (!contender.is_reference && contender.level >= mesh::Level::durable)
        folder.emplace(ground.folder);
    auto part = part_of(ground, load, contender, realm);
    part.folder = folder ? folder->path() : "";
    const auto processes = processes_of(load.bench_case);
    const auto roles = roles_of(processes);
    Crew crew(ground.signals);
    for (const auto& process : processes) {
        part.process = process;
        crew.start(command_of(part, contender.is_reference ? ground.reference : ""));
        ++part.number;
    }
    const auto deadline = mesh::now() + patience + load.time;
    introduce(crew, processes, crew.hear("at", roles.all, deadline));
    crew.hear("ready", roles.all, deadline);
    const auto before = crew.processor_time();
    for (const auto& child : crew.children())
        child.say("go");
    const auto received = crew.hear("received", roles.receivers, deadline);
    const auto published = crew.hear("published", roles.senders, deadline);
    const std::chrono::duration<double, std::micro> taken = crew.processor_time() - before;
    auto round = sum_up(published, received, processes[roles.senders.front()].receivers);
    round.processor_us_per_event = taken.count() / static_cast<double>(round.arrived);
    return round;
}

} // namespace nodes
