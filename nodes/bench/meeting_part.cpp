#include "nodes/bench/meeting_part.hpp"

#include "discovery/discovery.hpp"
#include "mesh/node.hpp"
#include "nodes/bench/part_talk.hpp"

#include <fmt/format.h>

#include <chrono>
#include <set>
#include <string>
#include <utility>

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
    std::set<mesh::NodeId> met; // by the loop alone
    bool is_said = false;
    node.watch([&](const mesh::Peer& peer) {
        if (peer.state == mesh::PeerState::active)
            met.insert(peer.id);
        else
            met.erase(peer.id);
        if (met.size() + 1 == part.nodes && !std::exchange(is_said, true))
            say_line(fmt::format("met {}",
                                 std::chrono::nanoseconds(mesh::now().time_since_epoch()).count()));
    });
    say_line("ready");
    wait_for_go();
    node.start();
    wait_for_end();
}

} // namespace nodes
