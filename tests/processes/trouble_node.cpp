// A node for the tests of what goes wrong: what it handles fails, hangs or is miscounted as told.
//
//   trouble-node SERVICE [publish TOPIC]... [on TOPIC]... [fail-while FILE] [hold-while FILE]
//                [attempts N] [each] [miscount] [replies]
//
// A line `TOPIC KEY TEXT` on stdin is published. Handlers are called like their topics; they fail,
// or wait, while FILE exists. With `each` replicas do not share.

#include "discovery/discovery.hpp"
#include "mesh/node.hpp"

#include <chrono>
#include <filesystem>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace std::chrono_literals;

struct Words {
    std::string service;
    std::vector<std::string> published;
    std::vector<std::string> handled;
    std::string fail_while;
    std::string hold_while;
    std::uint32_t attempts = 1;
    mesh::GroupMode group = mesh::GroupMode::share;
    bool is_miscounting = false;
    bool is_replying = false;
};

Words read(const std::vector<std::string>& all) {
    Words words;
    words.service = all.at(0);
    for (std::size_t i = 1; i < all.size(); ++i) {
        if (all[i] == "publish")
            words.published.push_back(all.at(++i));
        else if (all[i] == "on")
            words.handled.push_back(all.at(++i));
        else if (all[i] == "fail-while")
            words.fail_while = all.at(++i);
        else if (all[i] == "hold-while")
            words.hold_while = all.at(++i);
        else if (all[i] == "attempts")
            words.attempts = static_cast<std::uint32_t>(std::stoul(all.at(++i)));
        else if (all[i] == "each")
            words.group = mesh::GroupMode::each;
        else if (all[i] == "miscount")
            words.is_miscounting = true;
        else if (all[i] == "replies")
            words.is_replying = true;
        else
            throw std::invalid_argument("unexpected \"" + all[i] + "\"");
    }
    return words;
}

void publish_lines(mesh::Node& node) {
    for (std::string line; std::getline(std::cin, line);) {
        std::istringstream parts(line);
        std::string topic;
        mesh::EventOptions options;
        std::string text;
        parts >> topic >> options.key >> std::ws;
        std::getline(parts, text);
        if (const auto done = node.publish(topic, mesh::Payload::text(text), options); !done)
            std::cerr << "not published: " << done.error().detail << std::endl;
    }
}

int run(const std::vector<std::string>& all) {
    const auto words = read(all);
    mesh::NodeOptions options;
    options.service = words.service;
    options.publishes = words.published;
    if (words.is_miscounting)
        options.ledger_fault = mesh::LedgerFault::forgets_handled;
    mesh::Node node(options);
    for (const auto& topic : words.handled)
        node.on(topic,
                [&words](const mesh::Event& event, mesh::Emitter& emit) {
                    while (std::filesystem::exists(words.hold_while))
                        std::this_thread::sleep_for(5ms);
                    if (std::filesystem::exists(words.fail_while))
                        throw std::runtime_error("told to fail");
                    if (words.is_replying)
                        emit.reply(mesh::Payload::text("got " + std::string(event.key)));
                })
            .named("on-" + topic)
            .group(words.group)
            .emits({})
            .retry({words.attempts, 1ms, 2ms});
    const discovery::Discovery discovery(node);
    std::thread reader;
    node.on_ready([&] {
        std::cerr << "ready" << std::endl;
        reader = std::thread([&node] { publish_lines(node); });
    });
    node.run();
    reader.detach(); // it may wait for a line that never comes
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    try {
        return run({argv + 1, argv + argc});
    } catch (const std::exception& error) {
        std::cerr << "trouble-node: " << error.what() << "\n";
        return 2;
    }
}
