#include "nodes/bench/run_part.hpp"

#include "discovery/discovery.hpp"
#include "mesh/base/log.hpp"
#include "mesh/node.hpp"
#include "nodes/bench/meeting_part.hpp"
#include "nodes/bench/part_talk.hpp"
#include "nodes/bench/receiving.hpp"
#include "nodes/bench/sending.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace nodes {

namespace {

using namespace std::chrono_literals;

constexpr mesh::Duration patience = 20s;

mesh::NodeOptions options_of(const Part& part) {
    mesh::NodeOptions options;
    options.service = "part" + std::to_string(part.number);
    options.realm = part.realm;
    options.uses_environment = false;
    options.is_passing = part.folder.empty();
    options.state_folder = part.folder;
    options.is_tcp_only = part.transport == Transport::tcp;
    options.events = {{*mesh::Pattern::parse("load.>"), part.level}};
    if (part.process.receivers > 0) {
        options.publishes = topics_of(part.number, part.topics);
        if (part.emitted_per_event > 0)
            options.publishes.emplace_back("seed");
    }
    return options;
}

void listen(const Part& part, mesh::Node& node, Receiving& receiving) {
    std::vector<std::string> patterns;
    for (const auto sender : part.process.hears)
        patterns.push_back(pattern_of(sender, part.topics));
    auto handler = node.on(patterns, [&](const mesh::Event& event) {
        if (receiving.take(event.payload))
            say_received(receiving);
    });
    handler.emits({}).on_gap([](const mesh::Gap&) {}); // whoever adds up sees what is missing
    if (part.is_inline)
        handler.inlined();
}

[[noreturn]] void follow(const Part& part, mesh::Node& node, Sending& sending) {
    const bool sends = part.process.receivers > 0;
    node.start();
    say_line("at -");
    hear_addresses();
    say_line(sends && !sending.wait_linked(patience) ? "failed" : "ready");
    wait_for_go();
    if (sends) {
        Pace pace(part);
        if (sending.run(pace, patience))
            say_published(sending.sent(), pace);
        else
            say_line("failed");
    }
    wait_for_end();
}

} // namespace

void run_part(const std::vector<std::string>& words) {
    const auto part = begin_part(words);
    mesh::set_log_level(mesh::LogLevel::error);
    if (part.nodes > 0)
        run_meeting_part(part);
    mesh::Node node(options_of(part));
    Receiving receiving(part);
    if (!part.process.hears.empty())
        listen(part, node, receiving);
    Sending sending(part, node);
    const discovery::Discovery discovery{node, {part.beacon_port}};
    follow(part, node, sending);
}

} // namespace nodes
