#include "tests/support/catch.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/gathered.hpp"
#include "tests/support/test_realm.hpp"

#include <atomic>
#include <chrono>
#include <string>
#include <thread>

using tests::eventually;
using tests::fresh_realm;
using tests::TestNode;

TEST_CASE("events go around an allowed loop as often as it says, over two nodes") {
    const auto realm = fresh_realm();
    std::atomic<int> seen{0};
    std::atomic<int> failed{0};
    std::atomic<int> done{0};
    std::string last_path;
    TestNode pay(realm, "pay", {"order.created", "payment.failed"});
    pay->on("order.created",
            [&](const mesh::Event& event, mesh::Emitter& emit) {
                ++seen;
                if (event.cause)
                    last_path = std::string(event.cause->path);
                emit("payment.failed", {});
            })
        .named("charge")
        .emits({"payment.failed"});
    TestNode order(realm, "order");
    order
        ->on("payment.failed",
             [&](const mesh::Event&, mesh::Emitter& emit) {
                 ++failed;
                 emit("order.created", {});
                 ++done;
             })
        .named("reopen")
        .emits({"order.created"})
        .allows_loop("order.created", 3);
    tests::Gathered<mesh::DeadLetter> letters;
    order->on_dead_letter([&](const mesh::DeadLetter& letter) { letters.add(letter); });
    order->listen_for(std::chrono::milliseconds(150));
    std::thread starting([&] { order.start(); });
    REQUIRE(pay.start());
    starting.join();
    REQUIRE(pay->wait_subscribers("payment.failed", 1, std::chrono::seconds(20)));
    REQUIRE(pay->publish("order.created", {}));

    REQUIRE(eventually([&] { return done == 4; }));
    pay->stop();
    CHECK(seen == 4); // once, and three rounds
    CHECK(failed == 4);
    CHECK(last_path == "payment.failed order.created payment.failed order.created payment.failed");
    REQUIRE(eventually([&] { return letters.size() == 1; })); // the fourth round
    const auto letter = letters.all().front();
    CHECK(letter.reason == mesh::DeadReason::rounds);
    CHECK(letter.handler == "reopen");
    CHECK(letter.event->topic == "order.created");
    CHECK(letter.event->id.sequence == 0);
    CHECK(letter.path == last_path + " order.created payment.failed order.created");
}
