#include "nodes/lines/lines_program.hpp"

#include "mesh/base/quantity.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <poll.h>
#include <stdexcept>
#include <unistd.h>
#include <utility>

namespace nodes {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t line_size_bytes_max = std::size_t{1024} * 1024;

// How long an event may stay without an answer before that is told.
constexpr mesh::Duration silence_max = 30s;
constexpr mesh::Duration look_interval = 1s;

// Of what lies in its pipe when it has ended: more than a pipe holds (man 7 pipe).
constexpr int last_reads_max = 32;

// From the end of its stdin until it is told to end, and from there until it is killed.
constexpr mesh::Duration end_patience = 5s;
constexpr mesh::Duration kill_patience = 2s;

} // namespace

LinesProgram::LinesProgram(Options options, Hooks hooks)
    : options_(std::move(options)),
      hooks_(std::move(hooks)),
      publishing_(hooks_.publish),
      lines_(line_size_bytes_max) {
    options_.start.talks = true;
}

LinesProgram::~LinesProgram() {
    finish();
}

mesh::Result<void> LinesProgram::start() {
    auto process = Process::start(options_.start);
    if (!process)
        return tl::unexpected(process.error());
    process_.emplace(std::move(*process));
    started_at_ = mesh::now();
    thread_ = std::thread([this] { run(); });
    publishing_.start();
    return {};
}

void LinesProgram::handle(const std::string& handler, std::string id, std::string line,
                          mesh::Emitter& emit) {
    if (line.size() > line_size_bytes_max)
        throw std::runtime_error("as a line it has " + std::to_string(line.size()) +
                                 " bytes, at most " + std::to_string(line_size_bytes_max) +
                                 " are allowed");
    std::unique_lock lock(mutex_);
    if (is_abandoned_)
        throw mesh::Abandoned{};
    auto& flight = flights_.emplace_back();
    const auto place = std::prev(flights_.end());
    flight.id = std::move(id);
    flight.handler = handler;
    flight.given_at = mesh::now();
    const bool is_first = waiting_.empty();
    waiting_ += line;
    flight.line = std::move(line);
    if (is_first)
        mailbox_.wake();
    flight.changed.wait(lock, [&] { return is_abandoned_ || flight.state != Flight::State::open; });
    const auto state = flight.state;
    const auto emitted = std::move(flight.emitted);
    const auto error = std::move(flight.error);
    flights_.erase(place);
    lock.unlock();
    if (state == Flight::State::open)
        throw mesh::Abandoned{};
    if (state == Flight::State::failed)
        throw std::runtime_error(error.empty() ? "the program says that it failed" : error);
    for (const auto& message : emitted) {
        mesh::EventOptions said;
        said.key = message.key;
        emit(message.topic, message.payload, said);
    }
}

void LinesProgram::abandon() {
    const std::lock_guard lock(mutex_);
    is_abandoned_ = true;
    for (auto& flight : flights_)
        flight.changed.notify_one();
}

void LinesProgram::finish() {
    abandon();
    {
        const std::lock_guard lock(mutex_);
        if (!std::exchange(is_finishing_, true))
            finishing_since_ = mesh::now();
    }
    mailbox_.wake();
    if (thread_.joinable())
        thread_.join();
    publishing_.finish();
}

void LinesProgram::run() {
    // A program that does not read any more is no reason to end: its children have signals as they
    // are by default.
    sigset_t pipe_signal;
    sigemptyset(&pipe_signal);
    sigaddset(&pipe_signal, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_signal, nullptr);
    bool is_over = false;
    while (!is_over) {
        const auto now = mesh::now();
        if (!process_ && !begin_life(now))
            return;
        wait(now);
        if (!process_)
            continue;
        write_some();
        // First whether it has ended: then nothing that it wrote before is missed.
        pollfd ended{process_->exit_fd(), POLLIN, 0};
        const bool has_ended = poll(&ended, 1, 0) == 1;
        read_some();
        tell_of_silence(now);
        if (has_ended)
            end_life();
        const std::lock_guard lock(mutex_);
        is_over = is_finishing_ && !process_;
    }
}

/// Starts it again when that is due. False when it is over.
bool LinesProgram::begin_life(mesh::TimePoint now) {
    {
        const std::lock_guard lock(mutex_);
        if (is_finishing_ || is_abandoned_)
            return false;
    }
    if (now < restart_at_)
        return true;
    auto process = Process::start(options_.start);
    started_at_ = now;
    if (process) {
        process_.emplace(std::move(*process));
        give_again();
        return true;
    }
    mesh::log(mesh::LogLevel::error, process.error().detail);
    restart_at_ =
        now + backoff_.after_life(started_at_, now, std::uniform_real_distribution<>()(random_));
    return true;
}

/// Until something happens.
void LinesProgram::wait(mesh::TimePoint now) {
    std::vector<pollfd> polled{{mailbox_.fd(), POLLIN, 0}};
    auto patience = look_interval;
    if (process_) {
        polled.push_back({process_->exit_fd(), POLLIN, 0});
        if (process_->out().is_open())
            polled.push_back({process_->out().get(), POLLIN, 0});
        if (!writing_.empty() && process_->in().is_open())
            polled.push_back({process_->in().get(), POLLOUT, 0});
    } else {
        patience = std::clamp(restart_at_ - now, mesh::Duration{}, look_interval);
    }
    const auto patience_ms = std::chrono::ceil<std::chrono::milliseconds>(patience);
    poll(polled.data(), polled.size(), static_cast<int>(patience_ms.count()));
    if (polled.front().revents != 0)
        mailbox_.run();
    if (process_)
        close_input();
}

/// Once nothing more is to be given: its stdin ends, and if it does not, it is made to.
void LinesProgram::close_input() {
    std::optional<mesh::TimePoint> since;
    {
        const std::lock_guard lock(mutex_);
        if (is_finishing_)
            since = finishing_since_;
    }
    if (!since)
        return;
    process_->in().close();
    const auto waited = mesh::now() - *since;
    if (waited > end_patience + kill_patience)
        process_->send(SIGKILL);
    else if (waited > end_patience && !std::exchange(is_told_to_end_, true))
        process_->send(SIGTERM);
}

void LinesProgram::end_life() {
    const auto status = process_->reap();
    for (int i = 0; i < last_reads_max && read_some(); ++i) {
    } // what it wrote last
    is_told_to_end_ = false;
    lines_.finish([this](std::string_view line) { take_line(line); });
    process_.reset();
    writing_.clear();
    bool is_wanted = false;
    {
        const std::lock_guard lock(mutex_);
        is_wanted = !is_finishing_;
    }
    if (!is_wanted)
        return;
    const auto now = mesh::now();
    if (status.is_success() || !options_.restarts)
        return end(status);
    const auto pause =
        backoff_.after_life(started_at_, now, std::uniform_real_distribution<>()(random_));
    restart_at_ = now + pause;
    mesh::log(mesh::LogLevel::error, "the program " + to_string(status) +
                                         " and is started again in " + mesh::to_text(pause));
}

void LinesProgram::end(const ExitStatus& status) {
    {
        const std::lock_guard lock(mutex_);
        is_finishing_ = true;
    }
    abandon();
    publishing_.finish(); // what it said last is still published
    hooks_.ended(status);
}

/// A new life gets what the one before was not done with, from the beginning.
void LinesProgram::give_again() {
    const std::lock_guard lock(mutex_);
    waiting_.clear();
    writing_.clear();
    for (auto& flight : flights_) {
        if (flight.state != Flight::State::open)
            continue;
        flight.emitted.clear();
        flight.is_written = false;
        flight.given_at = started_at_;
        waiting_ += flight.line;
    }
    mailbox_.wake();
}

void LinesProgram::tell_of_silence(mesh::TimePoint now) {
    if (now - told_at_ < look_interval || !options_.is_acknowledging)
        return;
    told_at_ = now;
    const std::lock_guard lock(mutex_);
    for (auto& flight : flights_)
        if (flight.state == Flight::State::open && now - flight.given_at >= silence_max &&
            !std::exchange(flight.is_told_of, true))
            mesh::log(mesh::LogLevel::warning,
                      "the program has not said for " + mesh::to_text(silence_max) +
                          " that it is done with event " + flight.id + " of handler " +
                          flight.handler + "; it waits for a line {\"done\": ID}");
}

} // namespace nodes
