#include "nodes/doctor/ledger.hpp"
#include "nodes/doctor/ledger_text.hpp"
#include "tests/support/catch.hpp"

#include <string>
#include <vector>

using namespace nodes;

namespace {

mesh::NodeId id(int number) {
    mesh::NodeId made;
    made.bytes[0] = static_cast<std::byte>(number);
    return made;
}

/// A publisher `p/1` in run 4 that sent ten events of `t` to `h` at `s/1`, in its run 7.
struct World {
    NodeLedger publisher{id(1), 4, "p", "1", {}, {}, false};
    NodeLedger subscriber{id(2), 7, "s", "1", {}, {}, false};

    World() {
        publisher.sent.push_back({id(2), 7, "h", "s/h/1@02", false, "t", 10, 1, {0, 2, 0, 0}});
        subscriber.handled.push_back({id(1), 4, "h", false, "t", 4, 1, 1, 1, 2});
    }

    std::vector<LedgerRow> rows() const { return ledger_rows({publisher, subscriber}); }
};

} // namespace

TEST_CASE("a row balances when every event that was sent is accounted for") {
    const World world;
    const auto rows = world.rows();
    REQUIRE(rows.size() == 1);
    CHECK(rows.front().verdict == LedgerRow::Verdict::balanced);
    CHECK(rows.front().publisher == "p/1");
    CHECK(rows.front().subscription == "s.h at s/1");
    CHECK(rows.front().in_flight() == 2);
    CHECK(rows.front().dropped_count() == 2);
    CHECK(is_balanced(rows));
    CHECK(ledger_complaints(rows).empty());
}

TEST_CASE("one event more or less in any term unbalances the row") {
    const auto unbalances = [](auto change) {
        World world;
        change(world);
        const auto rows = world.rows();
        return !is_balanced(rows) && ledger_complaints(rows).size() == 1;
    };
    CHECK(unbalances([](World& world) { ++world.publisher.sent.front().sent; }));
    CHECK(unbalances([](World& world) { --world.publisher.sent.front().waiting; }));
    CHECK(unbalances([](World& world) { ++world.publisher.sent.front().dropped[3]; }));
    CHECK(unbalances([](World& world) { --world.subscriber.handled.front().handled; }));
    CHECK(unbalances([](World& world) { ++world.subscriber.handled.front().dead; }));
    CHECK(unbalances([](World& world) { --world.subscriber.handled.front().ignored; }));
    CHECK(unbalances([](World& world) { ++world.subscriber.handled.front().in_hand; }));
    CHECK(unbalances([](World& world) { world.subscriber.handled.clear(); }));
    CHECK(unbalances([](World& world) { world.subscriber.handled.front().topic = "u"; }) == false);
}

TEST_CASE("a complaint says which row it is and by how much") {
    World world;
    world.publisher.sent.front().sent = 13;
    const auto complaints = ledger_complaints(world.rows());
    REQUIRE(complaints.size() == 1);
    CHECK(complaints.front() == "p/1, t, s.h at s/1: sent 13, but handled 4 + dead 1 + ignored 1 + "
                                "dropped 2 + in flight 2 = 10: 3 missing");
}

TEST_CASE("what died with a process is nobody's debt") {
    SECTION("the subscriber") {
        World world;
        world.subscriber.run = 8; // and has not been met yet
        world.subscriber.handled.clear();
        CHECK(world.rows().front().verdict == LedgerRow::Verdict::away);
    }
    SECTION("a subscriber that is away") {
        World world;
        world.publisher.sent.front() = {{}, 0, "", "s/h/1@02", false, "t", 10, 1, {}};
        world.subscriber.handled.clear();
        const auto rows = world.rows();
        CHECK(rows.front().verdict == LedgerRow::Verdict::away);
        CHECK(rows.front().subscription == "s/h/1@02");
    }
    SECTION("the publisher's earlier run") {
        World world;
        world.subscriber.handled.push_back({id(1), 3, "h", false, "t", 1000, 0, 0, 0, 0});
        world.subscriber.handled.push_back({id(9), 1, "h", false, "t", 1000, 0, 0, 0, 0});
        const auto rows = world.rows();
        REQUIRE(rows.size() == 1);
        CHECK(is_balanced(rows));
    }
    SECTION("the count of a subscriber that had too many publishers") {
        World world;
        world.subscriber.handled.clear();
        world.subscriber.is_incomplete = true;
        CHECK(world.rows().front().verdict == LedgerRow::Verdict::away);
    }
}

TEST_CASE("where topics are not known any more, all of the subscription is judged together") {
    World world;
    world.publisher.sent.front().sent = 30; // of these, 20 were let go before they were sent
    world.publisher.sent.push_back({id(2), 7, "h", "s/h/1@02", false, "", 0, 0, {20, 0, 0, 0}});
    auto rows = world.rows();
    REQUIRE(rows.size() == 3);
    CHECK(is_balanced(rows));
    CHECK(rows.at(1).topic == "*");
    CHECK(rows.at(1).sent == 30);
    ++world.subscriber.handled.front().handled;
    rows = world.rows();
    CHECK_FALSE(is_balanced(rows));
}

TEST_CASE("parts of one subscription are one row") {
    World world;
    auto part = world.publisher.sent.front();
    part.subscription += "/2";
    world.publisher.sent.push_back(part);
    auto more = world.subscriber.handled.front();
    world.subscriber.handled.push_back(more);
    const auto rows = world.rows();
    REQUIRE(rows.size() == 1);
    CHECK(rows.front().sent == 20);
    CHECK(is_balanced(rows));
}

TEST_CASE("the ledger as JSON has every term by its name") {
    const World world;
    CHECK(
        ledger_json(world.rows()) ==
        R"({"publisher":"p/1","journal":false,"subscription":"s.h at s/1","topic":"t","sent":10,)"
        R"("handled":4,"dead":1,"ignored":1,"dropped":{"trimmed":0,"policy":2,"fast":0,"spill":0},)"
        R"("waiting":1,"in_hand":1,"in_flight":2,"state":"balanced"})"
        "\n");
}
