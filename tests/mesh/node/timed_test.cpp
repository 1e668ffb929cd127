#include "tests/support/catch.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/gathered.hpp"
#include "tests/support/test_realm.hpp"

#include <atomic>
#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace std::chrono_literals;
using tests::eventually;
using tests::fresh_realm;
using tests::TestNode;

TEST_CASE("a timed handler is called at each beat, and what it emits has no cause") {
    std::atomic<int> beats{0};
    std::atomic<int> arrived{0};
    std::atomic<int> caused{0};
    TestNode node(fresh_realm(), "node", {"tick"});
    node->every("clock", 5ms,
                [&](mesh::Emitter& emit) {
                    if (++beats % 2 == 0)
                        throw std::runtime_error("the next beat comes all the same");
                    emit("tick", {});
                })
        .emits({"tick"});
    node->on("tick",
             [&](const mesh::Event& event) {
                 ++arrived;
                 caused += event.cause ? 1 : 0;
             })
        .emits({});
    REQUIRE(node.start());
    CHECK(eventually([&] { return arrived >= 5; }));
    CHECK(beats >= 9);
    CHECK(caused == 0);
}

TEST_CASE("a beat that takes long skips others instead of piling them up") {
    constexpr auto interval = 5ms;
    std::atomic<int> beats{0};
    std::atomic<int> inside{0};
    std::atomic<int> collisions{0};
    tests::Gathered<std::uint64_t> skipped;
    TestNode node(fresh_realm(), "node");
    node->every("slow", interval,
                [&](const mesh::Beat& beat, mesh::Emitter&) {
                    collisions += inside++;
                    skipped.add(beat.skipped);
                    if (++beats == 1)
                        std::this_thread::sleep_for(20 * interval);
                    --inside;
                })
        .emits({});
    const auto began = mesh::now();
    REQUIRE(node.start());
    REQUIRE(eventually([&] { return beats >= 4; }));
    node->stop();
    const auto took = mesh::now() - began;
    CHECK(collisions == 0);
    CHECK(skipped.all()[1] >= 5); // of about twenty
    std::uint64_t all = 0;
    for (const auto count : skipped.all())
        all += 1 + count;
    CHECK(all <= static_cast<std::uint64_t>(took / interval) + 1);
}

TEST_CASE("a timed handler remembers the last event of each pattern, and it is the cause") {
    std::atomic<bool> has_all{false};
    std::optional<mesh::Cause> cause;
    std::atomic<bool> is_done{false};
    std::vector<std::string> remembered;
    TestNode node(fresh_realm(), "node", {"order.created", "price", "never", "reminded"});
    node->every("remind", 5ms,
                [&](const mesh::Beat& beat, mesh::Emitter& emit) {
                    if (!has_all || !remembered.empty())
                        return;
                    for (const auto& last : beat.last)
                        remembered.push_back(last ? std::string(mesh::text_of((*last)->payload))
                                                  : "nothing");
                    emit("reminded", {});
                })
        .after({"order.*", "price", "never"})
        .emits({"reminded"});
    node->on("reminded",
             [&](const mesh::Event& event) {
                 cause = event.cause;
                 is_done = true;
             })
        .emits({});
    REQUIRE(node.start());
    for (const auto* text : {"first", "second"})
        REQUIRE(node->publish("order.created", mesh::Payload::text(text)));
    REQUIRE(node->publish("price", mesh::Payload::text("12")));
    REQUIRE(node->wait_dry(20s));
    has_all = true;
    REQUIRE(eventually([&] { return is_done.load(); }));
    node->stop();
    CHECK(remembered == std::vector<std::string>{"second", "12", "nothing"});
    REQUIRE(cause);
    CHECK(cause->event.sequence == 3); // the newest of them
    CHECK(cause->rank == 1);
}

TEST_CASE("a timed handler of another node gets the events that it remembers") {
    const auto realm = fresh_realm();
    std::atomic<bool> has_come{false};
    TestNode subscriber(realm, "subscriber");
    subscriber
        ->every("remind", 5ms,
                [&](const mesh::Beat& beat, mesh::Emitter&) {
                    has_come = has_come || beat.last.front().has_value();
                })
        .after({"a"})
        .emits({});
    TestNode publisher(realm, "publisher", {"a"});
    REQUIRE(subscriber.start());
    REQUIRE(publisher.start());
    REQUIRE(publisher->wait_subscribers("a", 1, 20s));
    REQUIRE(publisher->publish("a", {}));
    CHECK(eventually([&] { return has_come.load(); }));
}
