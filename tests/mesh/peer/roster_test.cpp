#include "mesh/peer/roster.hpp"
#include "tests/support/catch.hpp"

#include <cstring>

using namespace mesh;
using namespace std::chrono_literals;
using Kind = Roster::Step::Kind;

namespace {

constexpr TimePoint start{100h};

/// Ids in the order of their numbers.
NodeId node(std::uint32_t number) {
    NodeId id;
    for (std::size_t i = 0; i < sizeof number; ++i)
        id.bytes[i] = static_cast<std::byte>(number >> (8 * (3 - i)) & 0xffU);
    return id;
}

Sighting sighting(std::uint32_t number, std::uint32_t incarnation = 1, std::uint64_t hash = 9) {
    return {node(number), incarnation, false, {"127.0.0.1", 20'001}, hash};
}

Hello hello(std::string service = "s", std::uint16_t port = 20'001) {
    Hello made;
    made.service = std::move(service);
    made.instance = "1";
    made.control_port = port;
    made.inbox_port = static_cast<std::uint16_t>(port + 1);
    made.contract_hash = 9;
    return made;
}

const auto contract = std::make_shared<const Contract>();

std::size_t count(const std::vector<Roster::Step>& steps, Kind kind) {
    return static_cast<std::size_t>(std::ranges::count(steps, kind, &Roster::Step::kind));
}

/// A roster of node 5 that knows node 9.
Roster acquainted() {
    Roster roster(node(5), 100);
    roster.sight(sighting(9), start);
    roster.meet(node(9), 1, hello(), "127.0.0.1", contract, start);
    return roster;
}

} // namespace

TEST_CASE("a node that is sighted is greeted, and active once its contract is known") {
    Roster roster(node(5), 100);
    const auto seen = roster.sight(sighting(9), start);
    REQUIRE(seen.size() == 1);
    CHECK(seen[0].kind == Kind::greet);
    CHECK(seen[0].wants_contract);
    CHECK(seen[0].peer.control == Endpoint{"127.0.0.1", 20'001});
    CHECK(roster.find(node(9))->state == PeerState::joining);

    const auto unknown = roster.meet(node(9), 1, hello(), "10.0.0.1", nullptr, start);
    CHECK(roster.find(node(9))->state == PeerState::joining);
    CHECK(count(unknown, Kind::changed) == 1); // its address
    const auto met = roster.meet(node(9), 1, hello(), "10.0.0.1", contract, start);
    REQUIRE(count(met, Kind::changed) == 1);
    CHECK(met[0].peer.state == PeerState::active);
    CHECK(met[0].peer.inbox == Endpoint{"10.0.0.1", 20'002});
    CHECK(roster.meet(node(9), 1, hello(), "10.0.0.1", contract, start).empty()); // no news
    auto advertised = hello();
    advertised.host = "192.0.2.1";
    CHECK(roster.meet(node(9), 1, advertised, "10.0.0.1", contract, start).size() == 1);
    CHECK(roster.find(node(9))->control.host == "192.0.2.1");
}

TEST_CASE("of two nodes the one with the smaller id greets first") {
    Roster roster(node(5), 100);
    CHECK(roster.sight(sighting(9), start).size() == 1);
    CHECK(roster.sight(sighting(3), start).empty());
    CHECK(count(roster.tick(start + 99ms, 0ms), Kind::greet) == 0);
    CHECK(count(roster.tick(start + 100ms, 0ms), Kind::greet) == 1);
}

TEST_CASE("whoever does not answer is greeted again, ever slower, and gone after 2.5 s") {
    Roster roster(node(5), 100);
    roster.sight(sighting(9), start);
    std::vector<Duration> greeted;
    auto passed = Duration{};
    for (; roster.find(node(9)) != nullptr; passed += 10ms) {
        const auto steps = roster.tick(start + passed, 0ms);
        for (const auto& step : steps)
            if (step.kind == Kind::greet)
                greeted.push_back(passed);
            else
                CHECK(step.peer.state == PeerState::gone);
    }
    CHECK(greeted == std::vector<Duration>{400ms, 1200ms, 2200ms});
    CHECK(passed == 2510ms);
}

TEST_CASE("a silent peer is asked, suspected, and gone") {
    auto roster = acquainted();
    CHECK(roster.tick(start + 1149ms, 0ms).empty());
    CHECK(count(roster.tick(start + 1150ms, 0ms), Kind::greet) == 1);
    CHECK(roster.find(node(9))->state == PeerState::active);
    roster.tick(start + 1500ms, 0ms);
    CHECK(roster.find(node(9))->state == PeerState::suspect);
    const auto gone = roster.tick(start + 2500ms, 0ms);
    REQUIRE(gone.size() == 1);
    CHECK(gone[0].peer.state == PeerState::gone);
    CHECK(roster.find(node(9)) == nullptr);
    CHECK(roster.peers().empty());
}

TEST_CASE("any sign of life clears suspicion") {
    for (int sign = 0; sign < 3; ++sign) {
        auto roster = acquainted();
        roster.tick(start + 1600ms, 0ms);
        REQUIRE(roster.find(node(9))->state == PeerState::suspect);
        const auto now = start + 1700ms;
        if (sign == 0)
            roster.sight(sighting(9), now);
        else if (sign == 1)
            roster.hear(node(9), 1, now);
        else
            roster.meet(node(9), 1, hello(), "127.0.0.1", contract, now);
        roster.tick(now, 0ms);
        CHECK(roster.find(node(9))->state == PeerState::active);
        CHECK(roster.tick(now + 1149ms, 0ms).empty());
    }
}

TEST_CASE("a node that was held up itself is patient with the others") {
    auto roster = acquainted();
    CHECK(roster.tick(start + 10s, 9s).empty());
    CHECK(roster.find(node(9))->state == PeerState::active);
    CHECK_FALSE(roster.tick(start + 10s, 0s).empty());
    CHECK(roster.find(node(9)) == nullptr);
}

TEST_CASE("a peer whose connection broke is asked at once and has a second to answer") {
    auto roster = acquainted();
    const auto steps = roster.doubt(node(9), start + 100ms);
    CHECK(count(steps, Kind::changed) == 1);
    CHECK(count(steps, Kind::greet) == 1);
    CHECK(roster.find(node(9))->state == PeerState::suspect);
    CHECK(roster.doubt(node(9), start + 200ms).empty());
    roster.tick(start + 1099ms, 0ms);
    CHECK(roster.find(node(9)) != nullptr);
    roster.tick(start + 1100ms, 0ms);
    CHECK(roster.find(node(9)) == nullptr);
    CHECK(roster.doubt(node(9), start + 2s).empty());
}

TEST_CASE("a peer that says that it leaves is gone, and late messages do not bring it back") {
    auto roster = acquainted();
    CHECK(roster.leave(node(9), 2).empty()); // another run
    const auto left = roster.leave(node(9), 1);
    REQUIRE(left.size() == 1);
    CHECK(left[0].peer.state == PeerState::gone);
    CHECK(roster.leave(node(9), 1).empty());
    CHECK(roster.sight(sighting(9), start).empty());
    CHECK(roster.meet(node(9), 1, hello(), "h", contract, start).empty());
    CHECK(roster.find(node(9)) == nullptr);
    CHECK_FALSE(roster.sight(sighting(9, 2), start).empty()); // it started again
}

TEST_CASE("a peer that fell silent may come back as it was") {
    auto roster = acquainted();
    roster.tick(start + 3s, 0s);
    REQUIRE(roster.find(node(9)) == nullptr);
    roster.sight(sighting(9), start + 4s);
    roster.meet(node(9), 1, hello(), "127.0.0.1", contract, start + 4s);
    CHECK(roster.find(node(9))->state == PeerState::active);
}

TEST_CASE("a restarted node is the same peer with a higher incarnation, never a ghost") {
    auto roster = acquainted();
    const auto seen = roster.sight(sighting(9, 2), start + 100ms);
    CHECK(count(seen, Kind::greet) == 1);
    roster.meet(node(9), 2, hello("s", 20'011), "127.0.0.1", contract, start + 110ms);
    REQUIRE(roster.peers().size() == 1);
    CHECK(roster.peers()[0].incarnation == 2);
    CHECK(roster.peers()[0].inbox.port == 20'012);
    // What its former run still had under way does not count.
    CHECK(roster.sight(sighting(9, 1), start + 120ms).empty());
    CHECK(roster.meet(node(9), 1, hello(), "127.0.0.1", contract, start + 120ms).empty());
    roster.hear(node(9), 1, start + 5s);
    CHECK(roster.leave(node(9), 1).empty());
    CHECK(roster.peers()[0].inbox.port == 20'012);
    roster.tick(start + 5s, 0s);
    CHECK(roster.peers().empty());
}

TEST_CASE("a node is never its own peer") {
    Roster roster(node(5), 100);
    CHECK(roster.sight(sighting(5), start).empty());
    CHECK(roster.meet(node(5), 1, hello(), "h", contract, start).empty());
    CHECK(roster.peers().empty());
}

TEST_CASE("a contract or a port that changed is asked for") {
    auto roster = acquainted();
    CHECK(roster.sight(sighting(9), start).empty());
    CHECK(count(roster.sight(sighting(9, 1, 10), start), Kind::greet) == 1);
    auto moved = sighting(9);
    moved.control.port = 20'021;
    const auto steps = roster.sight(moved, start);
    REQUIRE(count(steps, Kind::greet) == 1);
    CHECK(steps.back().peer.control.port == 20'021);
}

TEST_CASE("an address is greeted until somebody answers there, and again after he is gone") {
    Roster roster(node(5), 100);
    const Endpoint address{"127.0.0.1", 20'001};
    roster.add_address(address, false);
    roster.add_address(address, false);
    const auto first = roster.tick(start, 0ms);
    REQUIRE(first.size() == 1);
    CHECK(first[0].address == address);
    CHECK(first[0].wants_contract);
    CHECK(roster.tick(start + 499ms, 0ms).empty());
    CHECK(roster.tick(start + 500ms, 0ms).size() == 1);
    roster.meet(node(9), 1, hello(), "127.0.0.1", contract, start + 500ms);
    CHECK(roster.tick(start + 1s, 0ms).empty());
    CHECK(roster.addresses() == std::vector<std::string>{"127.0.0.1:20001"});
    roster.leave(node(9), 1);
    CHECK(roster.tick(start + 1500ms, 0ms).size() == 1);
    CHECK(roster.addresses().empty());
}

TEST_CASE("a stranger's flood stays bounded and is forgotten") {
    Roster roster(node(5), 100);
    roster.sight(sighting(9), start);
    roster.meet(node(9), 1, hello(), "127.0.0.1", contract, start);
    std::size_t greeted = 0;
    for (std::uint32_t i = 1'000; i < 20'000; ++i) {
        greeted += count(roster.sight(sighting(i), start), Kind::greet);
        roster.add_address({"192.0.2.1", static_cast<std::uint16_t>(i)}, false);
    }
    CHECK(roster.peers().size() == 100);
    CHECK(greeted < 100);
    CHECK(roster.tick(start, 0ms).size() <= 100);
    roster.hear(node(9), 1, start + 3s);
    roster.tick(start + 3s, 0ms);
    CHECK(roster.peers().size() == 1);
    CHECK(roster.find(node(9)) != nullptr);
    // A flood of those that leave is bounded too, and the real ones come and go on.
    for (std::uint32_t i = 1'000; i < 20'000; ++i) {
        roster.meet(node(i), 1, hello(), "192.0.2.1", contract, start + 3s);
        CHECK(roster.leave(node(i), 1).size() == 1);
    }
    CHECK(roster.leave(node(9), 1).size() == 1);
    CHECK(roster.sight(sighting(9, 1), start + 3s).empty());
}

TEST_CASE("peers are listed in the order of service, instance and id") {
    Roster roster(node(5), 100);
    roster.meet(node(1), 1, hello("b"), "h", contract, start);
    roster.meet(node(3), 1, hello("a"), "h", contract, start);
    roster.meet(node(2), 1, hello("a"), "h", contract, start);
    const auto peers = roster.peers();
    REQUIRE(peers.size() == 3);
    CHECK(peers[0].id == node(2));
    CHECK(peers[1].id == node(3));
    CHECK(peers[2].id == node(1));
}

TEST_CASE("of a crowd that starts at once nobody is called again who is about to answer") {
    Roster roster(node(500), 1'000);
    for (std::uint32_t i = 1; i <= 100; ++i) { // half of them have to call this node
        const auto seen = sighting(i <= 50 ? i : i + 1'000);
        CHECK(count(roster.sight(seen, start), Kind::greet) == (i <= 50 ? 0 : 1));
    }
    CHECK(roster.tick(start + 890ms, 0ms).empty());
    // Those that were introduced meanwhile let the others be called sooner.
    for (std::uint32_t i = 1; i <= 100; ++i)
        if (i != 50 && i != 100)
            roster.meet(node(i <= 50 ? i : i + 1'000), 1, hello(), "127.0.0.1", contract,
                        start + 890ms);
    CHECK(count(roster.tick(start + 890ms, 0ms), Kind::greet) == 2);
}
