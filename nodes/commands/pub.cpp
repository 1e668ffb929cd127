#include "mesh/event/topic.hpp"
#include "nodes/commands/publisher.hpp"
#include "nodes/commands/tool.hpp"

#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>

namespace nodes {

namespace {

using namespace std::chrono_literals;

mesh::Level parse_level(const std::string& text) {
    const auto level = mesh::parse_level(text);
    if (!level)
        throw std::invalid_argument("--level: " + level.error().detail);
    return *level;
}

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
    options.drain_patience = mesh::Duration{}; // the publisher waits itself, as long as it is to
    Tool tool(invocation, options);
    Publisher publisher(invocation.line, tool);
    std::thread thread;
    tool.on_signal([&] {
        publisher.stop();
        // It may wait for room that nobody gives.
        tool.loop().after(Publisher::stop_patience + 100ms,
                          [&] { tool.finish(ExitCode::timed_out); });
    });
    const int code = tool.run(std::nullopt, ExitCode::done,
                              [&] { thread = std::thread([&] { tool.finish(publisher.run()); }); });
    publisher.stop();
    if (thread.joinable())
        thread.join();
    return code;
}

} // namespace nodes
