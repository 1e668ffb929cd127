#include "nodes/bench/part_talk.hpp"

#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <iostream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <sys/prctl.h>
#include <unistd.h>
#include <utility>

namespace nodes {

namespace {

std::vector<std::string> hear_words() {
    std::string line;
    std::getline(std::cin, line);
    // What this process still has in hand, nobody waits for any more.
    if (line.empty())
        _exit(0);
    std::istringstream words(line);
    return {std::istream_iterator<std::string>(words), {}};
}

} // namespace

Part begin_part(const std::vector<std::string>& words) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    auto part = parse_part(words);
    if (!part)
        throw std::invalid_argument(part.error().detail);
    return std::move(*part);
}

void say_line(std::string_view line) {
    fmt::print("{}\n", line);
    std::fflush(stdout);
}

std::vector<std::string> hear_addresses() {
    const auto words = hear_words();
    return {words.begin() + 1, words.end()};
}

void wait_for_go() {
    hear_words();
}

void wait_for_end() {
    for (;;)
        hear_words();
}

void say_published(std::uint64_t count, const Pace& pace) {
    say_line(fmt::format("published {} {}", count, pace.started_ns()));
}

void say_received(Receiving& receiving) {
    const auto end = std::chrono::nanoseconds(mesh::now().time_since_epoch()).count();
    say_line(fmt::format("received {} {} {} {} {}", receiving.received(), receiving.disordered(),
                         end, receiving.latency_ns(0.5), receiving.latency_ns(0.99)));
}

} // namespace nodes
