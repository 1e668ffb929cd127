#include "nodes/up/member.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <unistd.h>

namespace nodes {

namespace {

constexpr mesh::Duration linger_max = std::chrono::seconds(1);

// A pipe holds 64 KiB by default (man 7 pipe); a few of these a turn, so that one loud process
// does not keep the others waiting.
constexpr std::size_t read_size_bytes = std::size_t{64} * 1024;
constexpr int reads_max = 4;

bool is_readable(int fd) {
    pollfd polled{.fd = fd, .events = POLLIN, .revents = 0};
    return poll(&polled, 1, 0) == 1;
}

} // namespace

Member::Member(std::size_t index, PlannedProcess plan, Output& output, RunReport& report)
    : index_(index), plan_(std::move(plan)), output_(output), report_(report) {}

mesh::Result<void> Member::start(const std::string& expect, mesh::TimePoint now) {
    auto start = plan_.start;
    start.environment["DAGMESH_EXPECT"] = expect;
    auto process = Process::start(start);
    if (!process)
        return tl::unexpected(process.error());
    process_.emplace(std::move(*process));
    exited_at_.reset();
    is_told_to_stop = false;
    is_ordered_to_stop = false;
    is_killed_by_order = false;
    is_paused = false;
    started_at = now;
    state = State::starting;
    return {};
}

void Member::send(int signal) {
    if (process_)
        process_->send(signal);
}

void Member::add_to(std::vector<pollfd>& polled) {
    if (!process_)
        return;
    const auto add = [&](int fd) {
        if (fd >= 0)
            polled.push_back({.fd = fd, .events = POLLIN, .revents = 0});
    };
    if (!exited_at_)
        add(process_->exit_fd());
    for (const auto* pipe :
         {&process_->out(), &process_->err(), &process_->ready(), &process_->report()})
        add(pipe->get());
}

void Member::read(mesh::TimePoint now) {
    if (!process_)
        return;
    // First the exit: then nothing that was written before it is missed below.
    if (!exited_at_ && is_readable(process_->exit_fd()))
        exited_at_ = now;
    read_pipes();
}

std::optional<ExitStatus> Member::take_exit(mesh::TimePoint now) {
    if (!process_ || !exited_at_)
        return std::nullopt;
    const bool has_open_pipe = process_->out().is_open() || process_->err().is_open() ||
                               process_->ready().is_open() || process_->report().is_open();
    if (has_open_pipe && now < *exited_at_ + linger_max)
        return std::nullopt;
    const auto status = process_->reap();
    read_pipes();
    out_lines_.finish([&](std::string_view line) { output_.out_line(index_, line); });
    err_lines_.finish([&](std::string_view line) { output_.err_line(index_, line); });
    report_lines_.finish([&](std::string_view line) { note_report_line(line); });
    ready_lines_ = LineSplitter();
    process_.reset();
    exited_at_.reset();
    ++ended_count;
    return status;
}

std::optional<mesh::TimePoint> Member::exit_deadline() const {
    return exited_at_ ? std::optional(*exited_at_ + linger_max) : std::nullopt;
}

void Member::read_pipes() {
    read_pipe(process_->out(), out_lines_,
              [&](std::string_view line) { output_.out_line(index_, line); });
    read_pipe(process_->err(), err_lines_,
              [&](std::string_view line) { output_.err_line(index_, line); });
    read_pipe(process_->ready(), ready_lines_,
              [&](std::string_view line) { note_ready_line(line); });
    read_pipe(process_->report(), report_lines_,
              [&](std::string_view line) { note_report_line(line); });
}

void Member::read_pipe(FileDescriptor& pipe, LineSplitter& splitter,
                       const LineSplitter::Sink& sink) {
    std::array<char, read_size_bytes> buffer; // NOLINT: read fills it
    for (int i = 0; i < reads_max && pipe.is_open(); ++i) {
        const auto size = ::read(pipe.get(), buffer.data(), buffer.size());
        if (size > 0)
            splitter.feed({buffer.data(), static_cast<std::size_t>(size)}, sink);
        else if (size == 0)
            pipe.close();
        else if (errno != EINTR)
            return;
    }
}

void Member::note_ready_line(std::string_view line) {
    if (line != "ready" || state != State::starting)
        return;
    state = State::ready;
    was_ready = true;
}

void Member::note_report_line(std::string_view line) {
    if (const auto added = report_.add(line); !added)
        output_.say(plan_.label + ": " + added.error().detail);
}

} // namespace nodes
