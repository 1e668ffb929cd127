#include "nodes/bench/meeting.hpp"

#include "nodes/bench/crew.hpp"
#include "nodes/bench/statistics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <numeric>
#include <unistd.h>

namespace nodes {

namespace {

using namespace std::chrono_literals;

constexpr mesh::Duration patience = 30s;

double run_meeting(const BenchGround& ground, std::size_t node_count) {
    static int number = 0;
    Part part;
    part.nodes = static_cast<std::uint32_t>(node_count);
    part.realm = fmt::format("dagmesh-bench-{}-meeting-{}", getpid(), ++number);
    part.beacon_port = ground.beacon_port;
    Crew crew(ground.signals);
    for (; part.number < node_count; ++part.number)
        crew.start(command_of(part));
    std::vector<std::size_t> everybody(node_count);
    std::iota(everybody.begin(), everybody.end(), 0U);
    crew.hear("ready", everybody, mesh::now() + patience);
    const auto begin = mesh::now();
    for (const auto& child : crew.children())
        child.say("go");
    auto last = begin;
    for (const auto& words : crew.hear("met", everybody, begin + patience))
        last = std::max(last, mesh::TimePoint(std::chrono::nanoseconds(
                                  std::strtoll(words.at(0).c_str(), nullptr, 10))));
    return std::chrono::duration<double, std::milli>(last - begin).count();
}

} // namespace

std::vector<double> measure_meeting(const BenchGround& ground, std::size_t node_count,
                                    std::size_t rounds, Progress& progress) {
    std::vector<double> milliseconds;
    for (std::size_t round = 0; round < rounds; ++round) {
        progress.step(
            fmt::format("discovery {} nodes, round {} of {}", node_count, round + 1, rounds));
        milliseconds.push_back(run_meeting(ground, node_count));
    }
    return milliseconds;
}

BenchRow meeting_row(std::size_t node_count, const std::vector<double>& milliseconds) {
    const auto spread = spread_of(milliseconds);
    return {{"bench", std::string("discovery"), true},
            {"nodes", static_cast<double>(node_count)},
            {"all_see_all_ms", spread.median},
            {"all_see_all_ms_min", spread.min},
            {"all_see_all_ms_max", spread.max},
            {"rounds", static_cast<double>(milliseconds.size())}};
}

} // namespace nodes
