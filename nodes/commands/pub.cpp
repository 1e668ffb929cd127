#include "mesh/base/quantity.hpp"
#include "mesh/event/topic.hpp"
#include "nodes/cli/event_json.hpp"
#include "nodes/cli/line_input.hpp"
#include "nodes/commands/tool.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <iostream>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <unistd.h>

namespace nodes {

namespace {

using namespace std::chrono_literals;

constexpr mesh::Duration default_patience = 5s;

mesh::Level parse_level(const std::string& text) {
    const auto level = mesh::parse_level(text);
    if (!level)
        throw std::invalid_argument("--level: " + level.error().detail);
    return *level;
}

/// Publishes what was asked for, on a thread of its own, because publishing may wait.
class Publisher {
public:
    Publisher(const Invocation& invocation, Tool& tool)
        : line_(invocation.line),
          tool_(tool),
          topic_(line_.positionals.front()),
          patience_(line_.global.timeout.value_or(default_patience)) {
        options_.key = line_.options.text("key").value_or("");
        if (const auto text = line_.options.text("level")) {
            options_.level = parse_level(*text);
        }
        for (const auto& header : line_.options.texts("header")) {
            const auto colon = header.find(':');
            if (colon == std::string::npos || colon == 0)
                throw std::invalid_argument("-H: expected NAME:VALUE, got \"" + header + "\"");
            options_.headers.emplace_back(header.substr(0, colon), header.substr(colon + 1));
        }
    }

    /// Any thread: what waits for input or for its moment waits no longer.
    void stop() { input_.stop(); }

    ExitCode run() {
        if (!has_subscribers())
            return ExitCode::timed_out;
        publish_all();
        if (const auto code = wait_stored(); code != ExitCode::done)
            return code;
        if (tool_.node().wait_dry(patience_))
            return ExitCode::done;
        std::cerr << "timed out: not every subscriber has acknowledged\n";
        return ExitCode::timed_out;
    }

private:
    bool has_subscribers() {
        const auto wanted = line_.options.number("wait-subs").value_or(1);
        const auto deadline = mesh::now() + patience_;
        tool_.node().wait_ready(patience_);
        if (tool_.node().subscriber_count(topic_) < wanted && !line_.global.is_quiet)
            std::cerr << "waiting for " << wanted
                      << (wanted == 1 ? " subscriber of " : " subscribers of ") << topic_ << "\n";
        if (tool_.node().wait_subscribers(topic_, wanted, deadline - mesh::now()))
            return true;
        std::cerr << "timed out: " << tool_.node().subscriber_count(topic_) << " of " << wanted
                  << " subscribers of " << topic_ << " after " << mesh::to_text(patience_)
                  << "; nothing was sent\n";
        return false;
    }

    void publish_all() {
        const auto count = line_.options.number("count").value_or(1);
        const bool reads_stdin = line_.positionals.size() > 1 && line_.positionals[1] == "-";
        if (!reads_stdin) {
            const auto payload = line_.positionals.size() > 1
                                     ? payload_of_text(line_.positionals[1])
                                     : mesh::Payload{};
            for (std::uint64_t i = 0; i < count && !has_failed_; ++i)
                publish(payload);
            return;
        }
        const bool is_bounded = line_.options.has("count");
        for (std::uint64_t i = 0; (!is_bounded || i < count) && !has_failed_; ++i) {
            const auto text = input_.next();
            if (!text)
                break;
            publish(payload_of_text(*text));
        }
    }

    /// Does not wait until it is stored: many durable events share what a commit costs.
    void publish(const mesh::Payload& payload) {
        if (const auto rate = line_.options.rate("rate")) {
            // Each event has its moment, counted from the first, so that the rate holds on average.
            if (sent_ == 0)
                first_at_ = mesh::now();
            input_.wait_until(
                first_at_ + std::chrono::duration_cast<mesh::Duration>(
                                std::chrono::duration<double>(static_cast<double>(sent_) / *rate)));
        }
        ++sent_;
        if (line_.options.has("request"))
            return note(request(payload));
        tool_.node().publish_later(topic_, payload, options_,
                                   [this](const mesh::Result<void>& result) { note(result); });
    }

    /// Any thread.
    void note(const mesh::Result<void>& result) {
        const std::lock_guard lock(mutex_);
        ++stored_;
        if (!result && !failure_) {
            failure_ = result.error();
            has_failed_ = true;
            input_.stop();
        }
        changed_.notify_one(); // under the lock: it goes with the waiting
    }

    ExitCode wait_stored() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return stored_ == sent_; });
        if (!failure_)
            return ExitCode::done;
        std::cerr << "dagmesh: " << failure_->detail << "\n";
        return code_of(failure_->code);
    }

    /// Prints what is replied.
    mesh::Result<void> request(const mesh::Payload& payload) {
        const auto reply = tool_.node().request(topic_, payload, {patience_, options_});
        if (!reply)
            return tl::unexpected(reply.error());
        mesh::Event event;
        event.content_type = reply->content_type;
        event.payload = mesh::bytes_of(reply->bytes);
        std::cout << data_text(event) << std::endl;
        return {};
    }

    /// Why a request has no reply is not a matter of how it was typed.
    ExitCode code_of(mesh::ErrorCode code) const {
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

    const CommandLine& line_;
    Tool& tool_;
    std::string topic_;
    mesh::Duration patience_;
    mesh::EventOptions options_;
    LineInput input_{STDIN_FILENO};
    std::uint64_t sent_ = 0;
    mesh::TimePoint first_at_{};
    std::atomic<bool> has_failed_{false};

    std::mutex mutex_; ///< guards the rest
    std::condition_variable changed_;
    std::uint64_t stored_ = 0;           ///< or failed
    std::optional<mesh::Error> failure_; ///< the first one
};

} // namespace

int run_pub(const Invocation& invocation) {
    auto options = observer_options(invocation.line.global, "pub");
    const auto& topic = invocation.line.positionals.front();
    if (const auto checked = mesh::check_topic(topic); !checked)
        throw std::invalid_argument(checked.error().detail);
    options.publishes = {topic};
    if (const auto text = invocation.line.options.text("level")) {
        const auto level = parse_level(*text);
        options.events = {{*mesh::Pattern::parse(topic), level, false, {}}};
        // What outlives the program needs a place to which the next one returns.
        options.is_passing = level < mesh::Level::durable;
    }
    options.compress_from_bytes = compress_from_bytes(invocation.line);
    Tool tool(invocation, options);
    Publisher publisher(invocation, tool);
    std::thread thread;
    const int code = tool.run(std::nullopt, ExitCode::done,
                              [&] { thread = std::thread([&] { tool.finish(publisher.run()); }); });
    publisher.stop();
    if (thread.joinable())
        thread.join();
    return code;
}

} // namespace nodes
