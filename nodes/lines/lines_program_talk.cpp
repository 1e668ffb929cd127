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

// What a program may emit because of one event.
constexpr std::size_t emitted_max = 4096;
constexpr std::size_t emitted_size_bytes_max = std::size_t{16} * 1024 * 1024;

} // namespace

void LinesProgram::write_some() {
    for (;;) {
        if (writing_.empty()) {
            const std::lock_guard lock(mutex_);
            writing_.swap(waiting_);
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
            if (flight.is_written && flight.state == Flight::State::open)
                land(flight, Flight::State::done, {});
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
    // What it meant to emit must not be lost while its event is acknowledged.
    if (!message && line.find(R"("emit")") != std::string_view::npos)
        fail_unclear(taken.error().detail);
}

mesh::Result<void> LinesProgram::take(LinesMessage message) {
    const bool says_something = !message.topic.empty();
    if (says_something && message.key.empty())
        message.key = hooks_.key(message);
    if (message.kind == LinesMessage::Kind::publish)
        return take_publish(std::move(message));
    const std::lock_guard lock(mutex_);
    auto* flight = flight_of(message);
    if (flight == nullptr)
        return mesh::fail(mesh::ErrorCode::invalid,
                          message.id.empty() ? "no event is under way"
                                             : "no event " + message.id + " is under way");
    if (message.kind == LinesMessage::Kind::emit)
        take_emit(*flight, std::move(message));
    else if (message.kind == LinesMessage::Kind::done)
        land(*flight, Flight::State::done, {});
    else
        land(*flight, Flight::State::failed, std::move(message.error));
    return {};
}

mesh::Result<void> LinesProgram::take_publish(LinesMessage message) {
    bool has_event = false;
    {
        const std::lock_guard lock(mutex_);
        has_event =
            options_.is_acknowledging && std::ranges::any_of(flights_, [](const Flight& flight) {
                return flight.state == Flight::State::open && flight.is_written;
            });
    }
    if (has_event && !hooks_.may_publish_meanwhile(message))
        return mesh::fail(mesh::ErrorCode::refused,
                          message.topic + ": while an event is under way, `publish` is for topics "
                                          "with `entry: true`; because of the event, `emit` it");
    publishing_.push(std::move(message));
    return {};
}

/// Under the lock.
void LinesProgram::take_emit(Flight& flight, LinesMessage message) {
    flight.emitted_size_bytes += message.payload.bytes.size();
    if (flight.emitted.size() >= emitted_max || flight.emitted_size_bytes > emitted_size_bytes_max)
        return land(flight, Flight::State::failed,
                    "it emits more than " + std::to_string(emitted_max) + " events or " +
                        std::to_string(emitted_size_bytes_max) + " bytes because of one event");
    flight.emitted.push_back(std::move(message));
}

/// Under the lock.
void LinesProgram::land(Flight& flight, Flight::State state, std::string error) {
    flight.state = state;
    flight.error = std::move(error);
    flight.changed.notify_one();
}

/// Something that it says because of an event cannot be read, nor because of which.
void LinesProgram::fail_unclear(const std::string& why) {
    const std::lock_guard lock(mutex_);
    for (auto& flight : flights_)
        if (flight.state == Flight::State::open && flight.is_written)
            land(flight, Flight::State::failed, "what it emits cannot be read: " + why);
}

/// The event that the message is about: without an id the one given first, as a program that takes
/// one after the other means it. Null when there is none. Under the lock.
LinesProgram::Flight* LinesProgram::flight_of(const LinesMessage& message) {
    const auto found = std::ranges::find_if(flights_, [&](const Flight& flight) {
        return flight.state == Flight::State::open && flight.is_written &&
               (message.id.empty() || flight.id == message.id) &&
               (message.handler.empty() || flight.handler == message.handler);
    });
    return found == flights_.end() ? nullptr : &*found;
}

} // namespace nodes
