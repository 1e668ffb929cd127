#include "nodes/script/stage.hpp"
#include "tests/support/catch.hpp"

#include <memory>
#include <string>
#include <vector>

using namespace nodes;
using State = DirectedProcess::State;

namespace {

DirectedProcess process(const std::string& service, std::uint32_t replica,
                        State state = State::ready) {
    return {service, replica, std::to_string(replica), state};
}

mesh::Peer peer(const std::string& service, const std::string& instance) {
    mesh::Peer made;
    made.service = service;
    made.instance = instance;
    made.state = mesh::PeerState::active;
    made.contract = std::make_shared<mesh::Contract>();
    return made;
}

} // namespace

TEST_CASE("a service names the replicas that it is to have, and a number any of them") {
    const Direction::View view{
        {process("a", 1), process("b", 1), process("b", 2), process("b", 3, State::stopped)},
        false};
    Stage stage({{"a", 1}, {"b", 2}});
    CHECK(stage.processes(view, {"a", {}}) == std::vector<std::size_t>{0});
    CHECK(stage.processes(view, {"b", {}}) == std::vector<std::size_t>{1, 2});
    CHECK(stage.processes(view, {"b", 3}) == std::vector<std::size_t>{3});
    CHECK(stage.processes(view, {"b", 4}).empty());
    stage.set_replicas("b", 3);
    CHECK(stage.processes(view, {"b", {}}) == std::vector<std::size_t>{1, 2, 3});
}

TEST_CASE("a node counts as ready when its process said so and it is in view") {
    Direction::View view{{process("a", 1), process("b", 1), process("c", 1, State::starting),
                          process("d", 1), process("e", 1, State::stopped)},
                         false};
    view.processes[3].is_paused = true;
    const auto nodes =
        ready_nodes(view, {peer("a", "1"), peer("c", "1"), peer("d", "1"), peer("stranger", "x")});
    CHECK(nodes.ready == std::vector<std::string>{"a/1", "stranger/x"});
    CHECK(nodes.unready ==
          std::vector<std::string>{"b/1 (not seen yet)", "c/1 (starting)", "d/1 (paused)"});
}

TEST_CASE("tools, and nodes that are not introduced or not there, do not count") {
    auto tool = peer("sub", "1");
    tool.is_observer = true;
    auto stranger = peer("stranger", "1");
    stranger.contract = nullptr;
    auto silent = peer("silent", "1");
    silent.state = mesh::PeerState::suspect;
    CHECK(ready_nodes({}, {tool, stranger, silent}).ready.empty());
}
