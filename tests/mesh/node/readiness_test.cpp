#include "mesh/node/readiness.hpp"
#include "tests/support/catch.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

using namespace std::chrono_literals;

namespace {

mesh::Peer peer(const std::string& service) {
    mesh::Peer made;
    made.service = service;
    made.state = mesh::PeerState::active;
    made.contract = std::make_shared<const mesh::Contract>();
    return made;
}

constexpr auto all_linked = [](const mesh::Peer&) { return true; };
constexpr auto none_linked = [](const mesh::Peer&) { return false; };
const mesh::TimePoint start{1h};

} // namespace

TEST_CASE("a node that sees nobody is ready when it has listened for its time") {
    mesh::Readiness readiness({});
    readiness.listen_for(150ms);
    CHECK_FALSE(readiness.is_ready({}, start, 0ms, all_linked));
    CHECK_FALSE(readiness.is_ready({}, start + 149ms, 0ms, all_linked));
    CHECK(readiness.is_ready({}, start + 150ms, 0ms, all_linked));
}

TEST_CASE("a node that does not listen is ready at once") {
    mesh::Readiness readiness({});
    CHECK(readiness.is_ready({}, start, 0ms, all_linked));
}

TEST_CASE("a node whose loop was held up listens that much longer") {
    mesh::Readiness readiness({});
    readiness.listen_for(150ms);
    CHECK_FALSE(readiness.is_ready({}, start, 0ms, all_linked));
    CHECK_FALSE(readiness.is_ready({}, start + 200ms, 100ms, all_linked));
    CHECK(readiness.is_ready({}, start + 250ms, 100ms, all_linked));
}

TEST_CASE("newcomers prolong the listening, because more may be under way") {
    mesh::Readiness readiness({});
    readiness.listen_for(150ms);
    CHECK_FALSE(readiness.is_ready({}, start, 0ms, all_linked));
    CHECK_FALSE(readiness.is_ready({peer("a")}, start + 140ms, 0ms, all_linked));
    CHECK_FALSE(readiness.is_ready({peer("a")}, start + 239ms, 0ms, all_linked));
    CHECK(readiness.is_ready({peer("a")}, start + 240ms, 0ms, all_linked));
}

TEST_CASE("a stream of newcomers does not prolong it for ever") {
    mesh::Readiness readiness({});
    readiness.listen_for(150ms);
    std::vector<mesh::Peer> peers;
    auto now = start;
    while (!readiness.is_ready(peers, now, 0ms, all_linked)) {
        peers.push_back(peer("crowd"));
        now += 50ms;
        REQUIRE(now < start + 10s);
    }
    CHECK(now - start == 2s);
}

TEST_CASE("whoever is in view has to be linked, but not for ever") {
    mesh::Readiness readiness({});
    readiness.listen_for(150ms);
    const std::vector peers{peer("a")};
    CHECK_FALSE(readiness.is_ready(peers, start, 0ms, none_linked));
    CHECK_FALSE(readiness.is_ready(peers, start + 2999ms, 0ms, none_linked));
    CHECK(readiness.is_ready(peers, start + 1s, 0ms, all_linked));
    CHECK(readiness.is_ready(peers, start + 3s, 0ms, none_linked));
}

TEST_CASE("services that are expected have to be there, however long it takes") {
    mesh::Readiness readiness({"order"});
    CHECK_FALSE(readiness.is_ready({}, start, 0ms, all_linked));
    CHECK_FALSE(readiness.is_ready({peer("user")}, start + 1h, 0ms, all_linked));
    CHECK(readiness.is_ready({peer("order"), peer("user")}, start + 2h, 0ms, all_linked));
}
