// Payloads that travel and are kept compressed, and what handlers get of them.

#include "mesh/node/handler_runner.hpp"
#include "mesh/node/packing.hpp"
#include "mesh/wire/compression.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/gathered.hpp"
#include "tests/support/home.hpp"

#include <atomic>
#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
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

/// A runner with one publisher, whose records a test writes itself.
struct Runner {
    Runner(LaneOptions lane, HandlerFunction function)
        : runner(
              [&] {
                  HandlerSpec spec;
                  spec.contract.name = "h";
                  spec.contract.on = {*Pattern::parse("a")};
                  spec.function = std::move(function);
                  spec.lane = lane;
                  return spec;
              }(),
              {},
              {{.emit = {},
                .dead_letters = [this](const DeadLetter& letter) { letters.add(letter); },
                .unpack = [this](Bytes compressed) { return packing.unpack(compressed); },
                .reply = {},
                .disk = [] { return nullptr; },
                .is_durable = {},
                .has_key = {},
                .keep_key = {},
                .wait_for_room = {}},
               [] {}},
              this) {}

    void push(const std::vector<std::string>& compressed) {
        std::vector<std::byte> bytes;
        for (const auto& one : compressed) {
            EventRecord record;
            record.content_type = "application/json";
            record.payload = bytes_of(one);
            record.is_compressed = true;
            const auto at = bytes.size();
            bytes.resize(at + encoded_size(record));
            encode(record, bytes.data() + at);
        }
        auto owner = std::make_shared<const std::vector<std::byte>>(std::move(bytes));
        Batch batch;
        batch.header.topics = {{0, "a"}};
        batch.body = *owner;
        const Progress after{compressed.size(), {compressed.size(), batch.body.size()}};
        runner.push(feed,
                    std::make_shared<const ReceivedBatch>(ReceivedBatch{owner, std::move(batch)}),
                    {0, 0, 0, after});
    }

    bool reaches(std::uint64_t position) {
        return eventually([&] { return feed->progress().position == position; });
    }

    Packing packing;
    tests::Gathered<DeadLetter> letters;
    std::shared_ptr<Feed> feed = std::make_shared<Feed>(NodeId{}, 1, "publisher");
    HandlerRunner runner; ///< last, so that its threads end first
};

std::string compressed(const std::string& payload) {
    Compressor compressor;
    const auto made = compressor.compress(bytes_of(payload));
    REQUIRE(made);
    return std::string(text_of(*made));
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

TEST_CASE("a payload that cannot be decompressed is a dead letter, and the others are handled") {
    const auto lane =
        GENERATE(LaneOptions{}, LaneOptions{.workers = 4}, LaneOptions{.retry = {3, 1ms, 1ms}});
    std::string frame;
    tests::Gathered<std::string> handled;
    Runner one(lane, [&](const Event& event, Emitter&) {
        handled.add(std::string(text_of(event.payload)));
    });
    if (has_compression()) {
        auto damaged = compressed(text(2));
        damaged[damaged.size() / 2] ^= 1;
        one.push({compressed(text(1)), damaged, compressed(text(1))});
        REQUIRE(one.reaches(3));
        CHECK(handled.all() == std::vector{text(1), text(1)});
        frame = damaged.substr(4);
    } else {
        one.push({"size, and a frame"});
        REQUIRE(one.reaches(1));
        CHECK(handled.all().empty());
        frame = ", and a frame";
    }
    REQUIRE(one.letters.size() == 1);
    const auto letter = one.letters.all().front();
    CHECK(letter.reason == DeadReason::unreadable);
    CHECK(letter.attempts == 0);
    CHECK(letter.error.find("compressed payload: ") == 0);
    CHECK(letter.error.find("it was application/json") != std::string::npos);
    CHECK(text_of(letter.event->payload) == frame);
    CHECK(letter.event->content_type == "application/zstd");
    CHECK(one.runner.counts().at("a").dead == 1);
}

TEST_CASE("the dead letter of a compressed event that its handler fails on is plain") {
    if (!has_compression())
        return;
    const auto lane = GENERATE(LaneOptions{}, LaneOptions{.retry = {3, 1ms, 1ms}});
    Runner one(lane, [](const Event&, Emitter&) { throw std::runtime_error("no"); });
    one.push({compressed(text(1))});
    REQUIRE(one.reaches(1));
    REQUIRE(one.letters.size() == 1);
    const auto letter = one.letters.all().front();
    CHECK(letter.reason == DeadReason::failed);
    CHECK(letter.attempts == lane.retry.attempts);
    CHECK(text_of(letter.event->payload) == text(1));
    CHECK(letter.event->content_type == "application/json");
}

TEST_CASE("several threads pack and unpack at the same time") {
    Packing packing;
    std::atomic<int> wrong{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i)
        threads.emplace_back([&, i] {
            for (int k = 0; k < 50; ++k) {
                const auto payload = text(i * 100 + k);
                Draft draft;
                draft.payload = bytes_of(payload);
                const auto packed = packing.pack(draft);
                if ((*packed).is_compressed != has_compression())
                    ++wrong;
                if (!(*packed).is_compressed)
                    continue;
                const auto plain = packing.unpack((*packed).payload);
                if (!plain || text_of(plain->bytes()) != payload)
                    ++wrong;
            }
        });
    for (auto& thread : threads)
        thread.join();
    CHECK(wrong == 0);
}

TEST_CASE("a node of a build without zstd refuses to compress") {
    auto options = TestNode::options(fresh_realm(), "publisher", {"a"});
    options.compress_from_bytes = 4096;
    if (has_compression())
        CHECK_NOTHROW(TestNode(options));
    else
        CHECK_THROWS_AS(TestNode(options), std::runtime_error);
}
