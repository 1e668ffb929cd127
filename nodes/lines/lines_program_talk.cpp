// LinesProgram, the part that writes to the program and takes what it says.

#include "nodes/lines/lines_program.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <unistd.h>
#include <utility>

namespace nodes {

namespace {

constexpr std::size_t read_size_bytes = std::size_t{64} * 1024;

} // namespace

void LinesProgram::write_some() {
    for (;;) {
        if (writing_.empty()) {
            const std::lock_guard lock(mutex_);
            writing_.swap(waiting_);
            if (!options_.is_acknowledging)
                for (auto& flight : flights_)
                    flight.is_written = true;
        }
        if (writing_.empty() || !process_->in().is_open())
            return;
        const auto size = write(process_->in().get(), writing_.data(), writing_.size());
        if (size < 0 && errno == EINTR)
            continue;
        if (size < 0 && errno != EAGAIN)
            process_->in().close(); // it does not read any more: most likely it is about to end
        if (size < 0)
            return;
        writing_.erase(0, static_cast<std::size_t>(size));
        if (!writing_.empty() || options_.is_acknowledging)
            continue;
        const std::lock_guard lock(mutex_);
        for (auto& flight : flights_)
            if (flight.is_written && flight.state == Flight::State::open) {
                flight.state = Flight::State::done;
                flight.changed.notify_one();
            }
    }
}

/// A piece of what it said. False when there is nothing now.
bool LinesProgram::read_some() {
    if (!process_->out().is_open())
        return false;
    std::array<char, read_size_bytes> buffer; // NOLINT: read fills it
    const auto size = read(process_->out().get(), buffer.data(), buffer.size());
    if (size == 0)
        process_->out().close();
    if (size <= 0)
        return false;
    lines_.feed({buffer.data(), static_cast<std::size_t>(size)},
                [this](std::string_view line) { take_line(line); });
    return true;
}

void LinesProgram::take_line(std::string_view line) {
    if (line.empty())
        return;
    auto message = parse_lines_message(line);
    const auto taken =
        message ? take(std::move(*message)) : mesh::Result<void>(tl::unexpected(message.error()));
    if (taken)
        return;
    constexpr std::size_t shown_max = 120;
    junk_(taken.error().detail + ", in the line " + std::string(line.substr(0, shown_max)) +
          (line.size() > shown_max ? "..." : ""));
}

bool LinesProgram::has_event() {
    const std::lock_guard lock(mutex_);
    return std::ranges::any_of(
        flights_, [](const Flight& flight) { return flight.state == Flight::State::open; });
}

mesh::Result<void> LinesProgram::take(LinesMessage message) {
    const bool says_something = !message.topic.empty();
    if (says_something && message.key.empty())
        message.key = hooks_.key(message);
    if (message.kind == LinesMessage::Kind::publish)
        return hooks_.publish(message, options_.is_acknowledging && has_event());
    const std::lock_guard lock(mutex_);
    const auto flight = flight_of(message);
    if (!flight)
        return tl::unexpected(flight.error());
    auto& one = **flight;
    if (message.kind == LinesMessage::Kind::emit) {
        one.emitted.push_back(std::move(message));
        return {};
    }
    const bool is_done = message.kind == LinesMessage::Kind::done;
    one.state = is_done ? Flight::State::done : Flight::State::failed;
    one.error = message.error;
    one.changed.notify_one();
    return {};
}

/// The event that the message is about. Under the lock.
mesh::Result<LinesProgram::Flight*> LinesProgram::flight_of(const LinesMessage& message) {
    Flight* found = nullptr;
    for (auto& flight : flights_) {
        const bool is_it = flight.state == Flight::State::open &&
                           (message.id.empty() || flight.id == message.id) &&
                           (message.handler.empty() || flight.handler == message.handler);
        if (!is_it)
            continue;
        if (found != nullptr)
            return mesh::fail(mesh::ErrorCode::invalid,
                              message.id.empty()
                                  ? "several events are under way: say of which"
                                  : "several handlers have event " + message.id + ": say which");
        found = &flight;
    }
    if (found == nullptr)
        return mesh::fail(mesh::ErrorCode::invalid,
                          message.id.empty() ? "no event is under way"
                                             : "no event " + message.id + " is under way");
    return found;
}

} // namespace nodes
