#include "nodes/bench/idle.hpp"

#include "nodes/bench/crew.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <unistd.h>

namespace nodes {

namespace {

using namespace std::chrono_literals;

constexpr mesh::Duration patience = 20s;

double private_mib(const std::string& process) {
    std::ifstream file(process + "/smaps_rollup");
    std::int64_t sum_kib = 0;
    for (std::string line; std::getline(file, line);)
        if (line.starts_with("Private_Clean:") || line.starts_with("Private_Dirty:"))
            sum_kib += std::strtoll(line.c_str() + line.find(':') + 1, nullptr, 10);
    return static_cast<double>(sum_kib) / 1024;
}

} // namespace

IdleNode measure_idle(const BenchGround& ground, mesh::Duration time) {
    Part part;
    part.number = 1;
    part.process.hears = {0};
    part.is_inline = false;
    part.realm = fmt::format("dagmesh-bench-idle-{}", getpid());
    part.beacon_port = ground.beacon_port;
    Crew crew(ground.signals);
    crew.start(command_of(part));
    crew.hear("at", {0}, mesh::now() + patience);
    wait_or_stop(ground.signals, time);
    const auto process = fmt::format("/proc/{}", crew.children().front().id());
    const std::filesystem::directory_iterator threads(process + "/task");
    return {private_mib(process), static_cast<double>(std::distance(begin(threads), end(threads)))};
}

BenchRow row_of(const IdleNode& idle) {
    return {{"bench", std::string("idle"), true},
            {"private_mib", idle.private_mib},
            {"threads", idle.threads}};
}

} // namespace nodes
