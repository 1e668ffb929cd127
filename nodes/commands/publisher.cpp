#include "nodes/commands/publisher.hpp"

#include "mesh/base/quantity.hpp"
#include "nodes/cli/event_json.hpp"
#include "nodes/commands/left_over.hpp"
#include "nodes/text/escape.hpp"

#include <iostream>
#include <span>
#include <stdexcept>
#include <unistd.h>

namespace nodes {

namespace {

using namespace std::chrono_literals;

constexpr mesh::Duration default_patience = 5s;

void say(const std::string& what, std::span<const mesh::Unacknowledged> whose) {
    std::cerr << what << escape_terminal(to_text(whose)) << "\n";
}

} // namespace

Publisher::Publisher(const CommandLine& line, Tool& tool)
    : line_(line),
      tool_(tool),
      topic_(line_.positionals.front()),
      patience_(line_.global.timeout.value_or(default_patience)),
      input_(STDIN_FILENO) {
    options_.key = line_.options.text("key").value_or("");
    if (const auto text = line_.options.text("level"))
        options_.level = mesh::parse_level(*text).value();
    for (const auto& header : line_.options.texts("header")) {
        const auto colon = header.find(':');
        if (colon == std::string::npos || colon == 0)
            throw std::invalid_argument("-H: expected NAME:VALUE, got \"" + header + "\"");
        options_.headers.emplace_back(header.substr(0, colon), header.substr(colon + 1));
    }
}

void Publisher::stop() {
    is_stopped_ = true;
    input_.stop();
}

ExitCode Publisher::run() {
    if (!has_subscribers())
        return ExitCode::timed_out;
    publish_all();
    if (const auto code = wait_stored(); code != ExitCode::done)
        return code;
    return tell_left_over(wait_dry());
}

bool Publisher::has_subscribers() {
    const auto wanted = line_.options.number("wait-subs").value_or(1);
    const auto started_at = mesh::now();
    const auto deadline = started_at + patience_;
    auto& node = tool_.node();
    wait(deadline, {}, [&](mesh::Duration time) { return node.wait_ready(time); });
    if (node.subscriber_count(topic_) < wanted && !is_stopped_ && !line_.global.is_quiet)
        std::cerr << "waiting for " << wanted
                  << (wanted == 1 ? " subscriber of " : " subscribers of ") << topic_ << "\n";
    const bool has_enough = wait(deadline, {}, [&](mesh::Duration time) {
        return node.wait_subscribers(topic_, wanted, time);
    });
    const auto waited = mesh::now() - started_at;
    if (has_enough && !is_stopped_) {
        if (line_.global.timeout)
            patience_ -= std::min(patience_, waited);
        return true;
    }
    std::cerr << (is_stopped_ ? "stopped: " : "timed out: ") << node.subscriber_count(topic_)
              << " of " << wanted << " subscribers of " << topic_ << " after "
              << mesh::to_text(is_stopped_ ? waited : patience_) << "; nothing was sent\n";
    return false;
}

void Publisher::publish_all() {
    const auto count = line_.options.number("count");
    const bool reads_stdin = line_.positionals.size() > 1 && line_.positionals[1] == "-";
    if (!reads_stdin) {
        wanted_ = count.value_or(1);
        const auto payload =
            line_.positionals.size() > 1 ? payload_of_text(line_.positionals[1]) : mesh::Payload{};
        for (std::uint64_t i = 0; i < wanted_ && !has_failed_ && !is_stopped_; ++i)
            publish(payload);
        return;
    }
    wanted_ = count.value_or(0);
    for (std::uint64_t i = 0; (!count || i < *count) && !has_failed_; ++i) {
        const auto text = input_.next();
        if (!text && !is_stopped_)
            wanted_ = 0; // there were no more
        if (!text)
            break;
        const auto payload = payload_of_text(*text);
        if (payload.bytes.size() > mesh::payload_size_bytes_max) {
            ++sent_;
            return note(mesh::fail(mesh::ErrorCode::limit,
                                   "line " + std::to_string(i + 1) +
                                       " is too long: an event holds at most 1 MiB"));
        }
        publish(payload);
    }
}

/// Does not wait until it is stored: many durable events share what a commit costs.
void Publisher::publish(const mesh::Payload& payload) {
    if (const auto rate = line_.options.rate("rate")) {
        // Each event has its moment, counted from the first, so that the rate holds on average.
        if (sent_ == 0)
            first_at_ = mesh::now();
        const auto moment =
            first_at_ + std::chrono::duration_cast<mesh::Duration>(
                            std::chrono::duration<double>(static_cast<double>(sent_) / *rate));
        if (!input_.wait_until(moment))
            return;
    }
    ++sent_;
    if (line_.options.has("request"))
        return note(request(payload));
    tool_.node().publish_later(topic_, payload, options_,
                               [this](const mesh::Result<void>& result) { note(result); });
}

/// Any thread.
void Publisher::note(const mesh::Result<void>& result) {
    const std::lock_guard lock(mutex_);
    ++stored_;
    published_ += result ? 1 : 0;
    if (!result && is_stopped_ && result.error().code == mesh::ErrorCode::closed) {
        was_cut_off_ = true;
    } else if (!result && !failure_) {
        failure_ = result.error();
        has_failed_ = true;
        input_.stop();
    }
    changed_.notify_one(); // under the lock: it goes with the waiting
}

ExitCode Publisher::wait_stored() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return stored_ == sent_; });
    if (failure_) {
        std::cerr << "dagmesh: " << failure_->detail << "\n";
        return code_of(failure_->code);
    }
    if (!was_cut_off_)
        return ExitCode::done;
    if (!tell_short())
        std::cerr << "stopped after " << published_ << " events; the last line was not published\n";
    return ExitCode::timed_out;
}

/// Prints what is replied.
mesh::Result<void> Publisher::request(const mesh::Payload& payload) {
    const auto reply = tool_.node().request(topic_, payload, {patience_, options_});
    if (!reply)
        return tl::unexpected(reply.error());
    mesh::Event event;
    event.content_type = reply->content_type;
    event.payload = mesh::bytes_of(reply->bytes);
    std::cout << data_text(event) << std::endl;
    if (!std::cout)
        return mesh::fail(mesh::ErrorCode::environment, "the reply cannot be written");
    return {};
}

/// Why a request has no reply is not a matter of how it was typed.
ExitCode Publisher::code_of(mesh::ErrorCode code) const {
    const bool is_request = line_.options.has("request");
    switch (code) {
    case mesh::ErrorCode::environment:
        return ExitCode::environment;
    case mesh::ErrorCode::timed_out:
        return is_request ? ExitCode::timed_out : ExitCode::usage;
    case mesh::ErrorCode::refused:
        return is_request ? ExitCode::finding : ExitCode::usage;
    default:
        return ExitCode::usage;
    }
}

/// False when somebody who is there has not acknowledged everything in time.
bool Publisher::wait_dry() const {
    return wait(mesh::now() + patience_, stop_patience,
                [&](mesh::Duration time) { return tool_.node().wait_dry(time); });
}

ExitCode Publisher::tell_left_over(bool is_dry) const {
    const LeftOver left(tool_.node().unacknowledged());
    if (!is_dry)
        std::cerr << (is_stopped_ ? "stopped" : "timed out")
                  << ": not every subscriber has acknowledged\n";
    if (!left.behind.empty())
        say("not acknowledged: by ", left.behind);
    if (!left.gone.empty())
        say("gone without having acknowledged: ", left.gone);
    if (!left.owed.empty() && !line_.global.is_quiet)
        say("stored, and owed when instance " + tool_.node().identity().instance +
                " of pub runs again: to ",
            left.owed);
    const bool is_short = tell_short();
    if (!is_dry || is_short)
        return ExitCode::timed_out;
    return left.gone.empty() ? ExitCode::done : ExitCode::loss;
}

/// Whether it was stopped before as many events as were asked for were published.
bool Publisher::tell_short() const {
    if (!is_stopped_ || published_ >= wanted_)
        return false;
    std::cerr << "stopped after " << published_ << " of " << wanted_ << " events\n";
    return true;
}

} // namespace nodes
