#include "nodes/bench/crew.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <poll.h>
#include <sstream>

namespace nodes {

namespace {

int milliseconds_until(mesh::TimePoint deadline) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - mesh::now());
    return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 60'000));
}

std::vector<std::string> words_in(const std::string& line) {
    std::istringstream words(line);
    return {std::istream_iterator<std::string>(words), {}};
}

} // namespace

Crew::~Crew() {
    // All at once: nodes that are left would look after each one that goes.
    for (const auto& child : children_)
        child.end();
}

std::vector<std::vector<std::string>>
Crew::hear(std::string_view word, const std::vector<std::size_t>& who, mesh::TimePoint deadline) {
    said_.resize(children_.size());
    std::vector<std::vector<std::string>> heard;
    for (const auto number : who) {
        std::optional<std::vector<std::string>> found;
        while (!found) {
            auto& lines = said_[number];
            const auto line = std::ranges::find_if(
                lines, [&](const auto& words) { return words.front() == word; });
            if (line != lines.end()) {
                found.emplace(line->begin() + 1, line->end());
                lines.erase(line);
            } else {
                wait(deadline);
            }
        }
        heard.push_back(std::move(*found));
    }
    return heard;
}

void Crew::wait(mesh::TimePoint deadline) {
    std::vector<pollfd> items{{signals_.fd(), POLLIN, 0}};
    for (const auto& child : children_)
        items.push_back({child.fd(), POLLIN, 0});
    if (poll(items.data(), items.size(), milliseconds_until(deadline)) == 0 &&
        mesh::now() >= deadline)
        throw BenchUnfinished("a process of the round took too long");
    if (signals_.take())
        throw BenchStopped();
    for (std::size_t i = 0; i < children_.size(); ++i)
        if ((items[i + 1].revents & (POLLIN | POLLHUP)) != 0 && !take_lines(i))
            throw BenchUnfinished("a process of the round ended early");
}

bool Crew::take_lines(std::size_t number) {
    const bool is_there = children_[number].listen();
    while (const auto line = children_[number].next_line()) {
        auto words = words_in(*line);
        if (words.empty())
            continue;
        if (words.front() == "failed")
            throw BenchUnfinished("a process of the round failed");
        said_[number].push_back(std::move(words));
    }
    return is_there;
}

std::chrono::nanoseconds Crew::processor_time() const {
    std::chrono::nanoseconds sum{};
    for (const auto& child : children_)
        sum += child.processor_time();
    return sum;
}

void wait_or_stop(StopSignals& signals, mesh::Duration time) {
    pollfd item{signals.fd(), POLLIN, 0};
    for (const auto deadline = mesh::now() + time; mesh::now() < deadline;)
        if (poll(&item, 1, milliseconds_until(deadline)) > 0 && signals.take())
            throw BenchStopped();
}

} // namespace nodes
