#include "tests/support/catch.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/home.hpp"
#include "tests/support/test_realm.hpp"

#include <atomic>
#include <chrono>
#include <filesystem>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using tests::eventually;
using tests::fresh_realm;
using tests::Home;
using tests::TestNode;

namespace {

/// What a handler got, in order.
struct Heard {
    std::mutex mutex;
    std::vector<std::string> payloads;
    std::set<std::string> ids;

    void note(const mesh::Event& event) {
        const std::lock_guard lock(mutex);
        payloads.emplace_back(mesh::text_of(event.payload));
        ids.insert(to_string(event.id));
    }

    std::size_t count() {
        const std::lock_guard lock(mutex);
        return payloads.size();
    }
};

std::unique_ptr<TestNode> listener(mesh::NodeOptions options, Heard& heard) {
    auto node = std::make_unique<TestNode>(std::move(options));
    (*node)
        ->on("order.*", [&heard](const mesh::Event& event) { heard.note(event); })
        .named("note")
        .emits({});
    return node;
}

void publish(TestNode& node, int from, int to) {
    for (int i = from; i < to; ++i)
        REQUIRE(node->publish("order.created", mesh::Payload::text(std::to_string(i))));
}

std::vector<std::string> numbers(int to) {
    std::vector<std::string> all;
    for (int i = 0; i < to; ++i)
        all.push_back(std::to_string(i));
    return all;
}

} // namespace

TEST_CASE("a durable event is on disk when publish returns, and its id belongs to no run") {
    const Home home;
    const auto realm = fresh_realm();
    Heard heard;
    const auto subscriber = listener(home.options(realm, "subscriber"), heard);
    TestNode publisher(home.options(realm, "publisher", {"order.created"}));
    REQUIRE(subscriber->start());
    REQUIRE(publisher.start());
    REQUIRE(publisher->wait_subscribers("order.created", 1, 20s));
    publish(publisher, 0, 100);
    CHECK(publisher->wait_dry(20s));
    CHECK(heard.payloads == numbers(100));
    CHECK(heard.ids.contains(to_string(publisher->identity().id) + ".0.100"));
    const auto place = std::filesystem::path(home.options(realm, "").state_folder) / realm;
    CHECK(std::filesystem::exists(place / "publisher" / "1+data" / "node.db"));
    CHECK_FALSE(std::filesystem::exists(place / "subscriber" / "1+data" / "node.db"));
}

TEST_CASE("a subscriber that was away gets what was published meanwhile") {
    const Home home;
    const auto realm = fresh_realm();
    Heard before;
    Heard after;
    TestNode publisher(home.options(realm, "publisher", {"order.created"}));
    auto subscriber = listener(home.options(realm, "subscriber"), before);
    REQUIRE(subscriber->start());
    REQUIRE(publisher.start());
    REQUIRE(publisher->wait_subscribers("order.created", 1, 20s));
    publish(publisher, 0, 10);
    REQUIRE(publisher->wait_dry(20s));
    subscriber.reset();
    publish(publisher, 10, 5000);
    subscriber = listener(home.options(realm, "subscriber"), after);
    REQUIRE(subscriber->start());
    CHECK(eventually([&] { return after.count() >= 4990; }));
    CHECK(before.payloads == numbers(10));
    CHECK(after.payloads.size() == 4990);
    CHECK(after.payloads.front() == "10");
    CHECK(after.payloads.back() == "4999");
}

TEST_CASE("a publisher that comes back still owes what it had not delivered") {
    const Home home;
    const auto realm = fresh_realm();
    Heard before;
    auto publisher =
        std::make_unique<TestNode>(home.options(realm, "publisher", {"order.created"}));
    auto subscriber = listener(home.options(realm, "subscriber"), before);
    REQUIRE(subscriber->start());
    REQUIRE(publisher->start());
    REQUIRE((*publisher)->wait_subscribers("order.created", 1, 20s));
    publish(*publisher, 0, 10);
    REQUIRE((*publisher)->wait_dry(20s));

    SECTION("to one that was away all the time") {
        subscriber.reset();
        publish(*publisher, 10, 20);
        publisher.reset();
        Heard after;
        publisher = std::make_unique<TestNode>(home.options(realm, "publisher", {"order.created"}));
        REQUIRE(publisher->start());
        subscriber = listener(home.options(realm, "subscriber"), after);
        REQUIRE(subscriber->start());
        CHECK(eventually([&] { return after.count() >= 10; }));
        CHECK(after.payloads.front() == "10");
        CHECK(after.payloads.size() == 10);
    }
    SECTION("and one that stayed has nothing twice") {
        publisher.reset();
        publisher = std::make_unique<TestNode>(home.options(realm, "publisher", {"order.created"}));
        REQUIRE(publisher->start());
        publish(*publisher, 10, 20);
        CHECK((*publisher)->wait_dry(20s));
        CHECK(before.payloads == numbers(20));
        CHECK(before.ids.size() == 20);
    }
}

TEST_CASE("a node's own handlers get its durable events, and emit durable ones") {
    const Home home;
    const auto realm = fresh_realm();
    Heard heard;
    TestNode node(home.options(realm, "node", {"order.created", "order.paid"}));
    node->on("order.created",
             [](const mesh::Event& event, mesh::Emitter& emit) {
                 emit("order.paid", mesh::Payload::text(std::string(mesh::text_of(event.payload))));
             })
        .named("pay")
        .emits({"order.paid"});
    node->on("order.paid", [&](const mesh::Event& event) { heard.note(event); })
        .named("note")
        .emits({});
    REQUIRE(node.start());
    publish(node, 0, 50);
    CHECK(eventually([&] { return heard.count() >= 50; }));
    CHECK(heard.payloads == numbers(50));
}

TEST_CASE("a node without a journal refuses durable events") {
    const auto realm = fresh_realm();
    TestNode node(realm, "node", {"a"});
    REQUIRE(node.start());
    const auto refused = node->publish("a", {}, {.level = mesh::Level::durable});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == mesh::ErrorCode::refused);
    CHECK(refused.error().detail.find("journal") != std::string::npos);
}
