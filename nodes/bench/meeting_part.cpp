#include "nodes/bench/meeting_part.hpp"

#include "discovery/discovery.hpp"
#include "mesh/node.hpp"
#include "nodes/bench/part_talk.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <string>

namespace nodes {

void run_meeting_part(const Part& part) {
    const auto number = std::to_string(part.number);
    mesh::NodeOptions options;
    options.service = "node" + number;
    options.realm = part.realm;
    options.publishes = {"bench." + options.service};
    options.is_passing = true;
    options.uses_environment = false;
    mesh::Node node(options);
    node.on("bench.next" + number, [](const mesh::Event&) {}).emits({});
    const discovery::Discovery discovery{node, {part.beacon_port}};
    std::atomic<bool> is_said{false};
    node.watch([&](const mesh::Peer&) {
        const auto peers = node.peers();
        const auto active = std::ranges::count(peers, mesh::PeerState::active, &mesh::Peer::state);
        if (active + 1 == part.nodes && !is_said.exchange(true))
            say_line(fmt::format("met {}",
                                 std::chrono::nanoseconds(mesh::now().time_since_epoch()).count()));
    });
    say_line("ready");
    wait_for_go();
    node.start();
    wait_for_end();
}

} // namespace nodes
