// Payloads that travel and are kept compressed, and what handlers get of them.

#include "mesh/wire/compression.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/gathered.hpp"
#include "tests/support/home.hpp"

#include <chrono>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

using namespace mesh;
using namespace std::chrono_literals;
using tests::eventually;
using tests::fresh_realm;
using tests::Home;
using tests::TestNode;

namespace {

constexpr std::size_t large_bytes = 64 * 1024;
constexpr std::size_t small_bytes = 1000;

/// Compressible, and different for each number.
std::string text(int number, std::size_t size = large_bytes) {
    std::string made = std::to_string(number) + ": ";
    while (made.size() < size)
        made += R"({"order": )" + std::to_string(made.size() * 31) + R"(, "paid": true}, )";
    made.resize(size);
    return made;
}

std::vector<std::string> texts(int from, int to) {
    std::vector<std::string> all;
    for (int i = from; i < to; ++i)
        all.push_back(text(i));
    return all;
}

/// In a build without zstd everything else is the same.
NodeOptions from_4_kib(NodeOptions options) {
    if (has_compression())
        options.compress_from_bytes = 4096;
    return options;
}

/// Two handlers of one node, of different kinds.
struct Listener {
    explicit Listener(const NodeOptions& options, StartFrom from = StartFrom::now())
        : node(options) {
        node->on("order.*",
                 [this](const Event& event) { first.add(std::string(text_of(event.payload))); })
            .named("first")
            .from(from)
            .emits({});
        node->on("order.*",
                 [this](const Event& event) { second.add(std::string(text_of(event.payload))); })
            .named("second")
            .from(from)
            .retry({2, 1ms, 1ms})
            .emits({});
    }

    TestNode node;
    tests::Gathered<std::string> first;
    tests::Gathered<std::string> second;
};

std::uintmax_t journal_bytes(const std::string& state_folder) {
    std::uintmax_t size = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(state_folder))
        if (entry.is_regular_file())
            size += entry.file_size();
    return size;
}

} // namespace

TEST_CASE("handlers of another node get compressed events as they were published") {
    const auto realm = fresh_realm();
    Listener listener(TestNode::options(realm, "listener"));
    TestNode publisher(from_4_kib(TestNode::options(realm, "publisher", {"order.new"})));
    REQUIRE(listener.node.start());
    REQUIRE(publisher.start());
    REQUIRE(publisher->wait_subscribers("order.new", 2, 20s));
    std::vector<std::string> all;
    for (int i = 0; i < 200; ++i) {
        all.push_back(text(i, i % 3 == 0 ? small_bytes : large_bytes));
        const auto payload = Payload::text(all.back());
        switch (i % 4) { // every way to publish
        case 0:
            REQUIRE(publisher->publish("order.new", payload));
            break;
        case 1:
            REQUIRE(publisher->publish_later("order.new", payload).get());
            break;
        case 2:
            REQUIRE(publisher->publish_and_wait("order.new", payload, 20s));
            break;
        default:
            REQUIRE(publisher->publish_all(std::vector<NewEvent>{{"order.new", payload, {}}}));
        }
    }
    CHECK(publisher->wait_dry(20s));
    CHECK(listener.first.all() == all);
    CHECK(listener.second.all() == all);
}

TEST_CASE("a log holds many times as much when it is compressed") {
    if (!has_compression())
        return;
    const auto realm = fresh_realm();
    auto options = TestNode::options(realm, "publisher", {"order.new"});
    options.log_size_bytes_max = 1024 * 1024;
    const bool is_compressed = GENERATE(true, false);
    // By the topic's rule; the node's own size, far above, does not count for it then.
    if (is_compressed) {
        options.events = {{*Pattern::parse("order.*"), Level::reliable, false, 4096}};
        options.compress_from_bytes = payload_size_bytes_max;
    }
    TestNode publisher(options);
    REQUIRE(publisher.start());
    for (int i = 0; i < 100; ++i)
        REQUIRE(publisher->publish("order.new", Payload::text(text(i))));
    Listener listener(TestNode::options(realm, "listener"), StartFrom::oldest());
    REQUIRE(listener.node.start());
    REQUIRE(publisher->wait_subscribers("order.new", 2, 20s));
    CHECK(publisher->wait_dry(20s));
    if (is_compressed)
        CHECK(listener.first.all() == texts(0, 100));
    else
        CHECK(listener.first.size() < 20);
    CHECK(listener.second.all() == listener.first.all());
}

TEST_CASE("a journal keeps events compressed, and they come whole after a restart") {
    const Home home;
    const auto realm = fresh_realm();
    const auto publisher_options = from_4_kib(home.options(realm, "publisher", {"order.new"}));
    auto listener = std::make_unique<Listener>(home.options(realm, "listener"));
    auto publisher = std::make_unique<TestNode>(publisher_options);
    REQUIRE(listener->node.start());
    REQUIRE(publisher->start());
    REQUIRE((*publisher)->wait_subscribers("order.new", 2, 20s));
    REQUIRE((*publisher)->publish("order.new", Payload::text(text(0))));
    REQUIRE((*publisher)->wait_dry(20s));
    CHECK(listener->first.all() == texts(0, 1));
    listener.reset();
    for (int i = 1; i < 60; ++i)
        REQUIRE((*publisher)->publish("order.new", Payload::text(text(i))));
    publisher.reset();
    if (has_compression())
        CHECK(journal_bytes(home.path()) < 60 * large_bytes / 2);

    publisher = std::make_unique<TestNode>(publisher_options);
    REQUIRE(publisher->start());
    listener = std::make_unique<Listener>(home.options(realm, "listener"));
    REQUIRE(listener->node.start());
    CHECK(
        eventually([&] { return listener->second.size() >= 59 && listener->first.size() >= 59; }));
    CHECK(listener->first.all() == texts(1, 60));
    CHECK(listener->second.all() == texts(1, 60));
}

TEST_CASE("a handler of level once and the events that it emits see plain payloads") {
    const Home home;
    const auto realm = fresh_realm();
    auto options = from_4_kib(home.options(realm, "both", {"once.in", "once.out"}));
    TestNode node(options);
    tests::Gathered<std::string> kept;
    node->on("once.in",
             [](const Event& event, Emitter& emit, Store& store) {
                 store.put("in", text_of(event.payload));
                 emit("once.out", Payload::text("> " + std::string(text_of(event.payload))));
             })
        .named("forward")
        .emits({"once.out"});
    node->on("once.out", [&](const Event& event) { kept.add(std::string(text_of(event.payload))); })
        .named("keep")
        .emits({});
    REQUIRE(node.start());
    REQUIRE(node->publish("once.in", Payload::text(text(1))));
    CHECK(eventually([&] { return kept.size() == 1; }));
    CHECK(kept.all().front() == "> " + text(1));
    node->with_store([](Store& store) { CHECK(store.get("in") == text(1)); });
}

TEST_CASE("a tap sees compressed events plain, those that come and those that go") {
    const auto realm = fresh_realm();
    Listener listener(TestNode::options(realm, "listener"));
    TestNode publisher(from_4_kib(TestNode::options(realm, "publisher", {"order.new"})));
    tests::Gathered<std::string> came;
    tests::Gathered<std::string> went;
    listener.node->tap([&](const Event& event) { came.add(std::string(text_of(event.payload))); });
    publisher->tap([&](const Event& event) { went.add(std::string(text_of(event.payload))); });
    REQUIRE(listener.node.start());
    REQUIRE(publisher.start());
    REQUIRE(publisher->wait_subscribers("order.new", 2, 20s));
    REQUIRE(publisher->publish("order.new", Payload::text(text(7))));
    CHECK(publisher->wait_dry(20s));
    CHECK(came.all() == std::vector{text(7)});
    CHECK(went.all() == std::vector{text(7)});
}

TEST_CASE("a node of a build without zstd refuses to compress") {
    auto options = TestNode::options(fresh_realm(), "publisher", {"a"});
    options.compress_from_bytes = 4096;
    if (has_compression())
        CHECK_NOTHROW(TestNode(options));
    else
        CHECK_THROWS_AS(TestNode(options), std::runtime_error);
}
