// Dead letters that are kept, asked for, and handled once more.

#include "tests/support/ask.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/home.hpp"

#include <atomic>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>

using namespace std::chrono_literals;
using mesh::Question;
using tests::ask;
using tests::eventually;
using tests::fresh_realm;
using tests::Home;
using tests::question;
using tests::TestNode;

namespace {

/// A node whose handler `do` of `TOPIC` fails while it is told to.
struct Failing {
    std::atomic<bool> fails{true};
    std::atomic<int> calls{0};
    std::atomic<int> handled{0};
    TestNode node;

    explicit Failing(mesh::NodeOptions options, const std::string& topic = "order.placed",
                     const mesh::Retry& retry = {})
        : node(std::move(options)) {
        node->on(topic,
                 [this](const mesh::Event&) {
                     ++calls;
                     if (fails)
                         throw std::runtime_error("cannot be done");
                     ++handled;
                 })
            .named("do")
            .emits({})
            .retry(retry);
    }
};

/// A node of another service, to ask from.
std::unique_ptr<TestNode> asker(const std::string& realm) {
    auto node = std::make_unique<TestNode>(realm, "asker");
    REQUIRE(node->start());
    return node;
}

std::vector<mesh::LetterNote> letters(TestNode& from, TestNode& to) {
    const auto answer = ask(from, to, question(Question::Kind::letters));
    REQUIRE(answer);
    CHECK(answer->error.empty());
    return answer->letters;
}

} // namespace

TEST_CASE("a dead letter outlives its node, whole, and is handled once more by the next") {
    const Home home;
    const auto realm = fresh_realm();
    const auto from = asker(realm);
    {
        Failing first(home.options(realm, "node", {"order.placed"}));
        REQUIRE(first.node.start());
        REQUIRE(first.node->publish("order.placed", mesh::Payload::text("body"),
                                    {.key = "k",
                                     .headers = {{"name", "value"}},
                                     .priority = 7,
                                     .idempotency_key = "only once"}));
        REQUIRE(first.node->wait_dry(20s));
    }
    Failing second(home.options(realm, "node", {"order.placed"}));
    REQUIRE(second.node.start());
    REQUIRE(eventually([&] { return !(*from)->peers().empty(); }));
    const auto kept = letters(*from, second.node);
    REQUIRE(kept.size() == 1);
    const auto number = kept.front().number;
    CHECK(kept.front().reason == "failed");
    CHECK(kept.front().attempts == 1);
    CHECK(kept.front().error == "cannot be done");
    CHECK(kept.front().key == "k");

    const auto whole = ask(*from, second.node, question(Question::Kind::letter, number));
    REQUIRE(whole);
    REQUIRE(whole->letters.size() == 1);
    CHECK(whole->letters.front().payload == "body");
    mesh::Event event;
    event.headers = mesh::bytes_of(whole->letters.front().headers);
    CHECK(mesh::headers_of(event).front().second == "value");

    second.fails = false;
    const auto retried = ask(*from, second.node, question(Question::Kind::retry, number));
    REQUIRE(retried);
    CHECK(retried->error.empty());
    CHECK(second.handled == 1);
    CHECK(letters(*from, second.node).empty());
}

TEST_CASE("a letter whose event fails again is back under its number, with fresh attempts") {
    const Home home;
    const auto realm = fresh_realm();
    const bool is_kept = GENERATE(true, false);
    auto options = home.options(realm, "node", {"plain"});
    options.is_passing = !is_kept; // then it keeps the newest in memory
    Failing node(options, "plain", {3, 1ms, 2ms});
    REQUIRE(node.node.start());
    const auto from = asker(realm);
    REQUIRE(node.node->publish("plain", {}));
    REQUIRE(node.node->wait_dry(20s));
    REQUIRE(node.calls == 3);
    const auto before = letters(*from, node.node);
    REQUIRE(before.size() == 1);

    const auto number = before.front().number;
    const auto again = ask(*from, node.node, question(Question::Kind::retry, number));
    REQUIRE(again);
    CHECK(again->error.find("failed again") != std::string::npos);
    CHECK(again->error.find("cannot be done") != std::string::npos);
    CHECK(node.calls == 6);
    const auto after = letters(*from, node.node);
    REQUIRE(after.size() == 1);
    CHECK(after.front().number == number);
    CHECK(after.front().attempts == 3);
    CHECK(after.front().died_us > before.front().died_us);

    node.fails = false;
    const auto done = ask(*from, node.node, question(Question::Kind::retry, number));
    REQUIRE(done);
    CHECK(done->error.empty());
    CHECK(node.calls == 7);
    CHECK(letters(*from, node.node).empty());
}

TEST_CASE("dead letters are filtered, dropped, and unknown ones said to be so") {
    const Home home;
    const auto realm = fresh_realm();
    Failing node(home.options(realm, "node", {"a.b", "a.c"}), "a.>");
    REQUIRE(node.node.start());
    const auto from = asker(realm);
    for (const auto* topic : {"a.b", "a.c", "a.b"})
        REQUIRE(node.node->publish(topic, {}));
    REQUIRE(node.node->wait_dry(20s));
    REQUIRE(letters(*from, node.node).size() == 3);

    auto some = question(Question::Kind::letters);
    some.topic = "*.c";
    const auto of_c = ask(*from, node.node, some);
    REQUIRE(of_c);
    REQUIRE(of_c->letters.size() == 1);
    some.topic = "";
    some.handler = "other";
    CHECK(ask(*from, node.node, some)->letters.empty());
    some.handler = "do";
    some.reason = "expired";
    CHECK(ask(*from, node.node, some)->letters.empty());

    const auto number = of_c->letters.front().number;
    const auto dropped = ask(*from, node.node, question(Question::Kind::drop, number));
    REQUIRE(dropped);
    CHECK((dropped->error.empty() && !dropped->is_unknown));
    CHECK(letters(*from, node.node).size() == 2);
    CHECK(ask(*from, node.node, question(Question::Kind::drop, number))->is_unknown);
    CHECK(ask(*from, node.node, question(Question::Kind::retry, 4711))->is_unknown);
    CHECK(ask(*from, node.node, question(Question::Kind::letter, 4711))->is_unknown);
}

TEST_CASE("an event that outlived its time is handled all the same when somebody says so") {
    const Home home;
    const auto realm = fresh_realm();
    Failing node(home.options(realm, "node", {"a"}), "a");
    node.fails = false;
    REQUIRE(node.node.start());
    const auto from = asker(realm);
    REQUIRE(
        node.node->publish("a", mesh::Payload::text("late"), {.time_to_live = 0ms, .priority = 3}));
    REQUIRE(node.node->wait_dry(20s));
    const auto kept = letters(*from, node.node);
    REQUIRE(kept.size() == 1);
    REQUIRE(kept.front().reason == "expired");
    const auto done = ask(*from, node.node, question(Question::Kind::retry, kept.front().number));
    REQUIRE(done);
    CHECK(done->error.empty());
    CHECK(node.handled == 1);
}

TEST_CASE("what was never emitted, or has no handler any more, cannot be retried") {
    const Home home;
    const auto realm = fresh_realm();
    const auto from = asker(realm);
    {
        Failing first(home.options(realm, "node", {"order.placed"}));
        REQUIRE(first.node.start());
        REQUIRE(first.node->publish("order.placed", {}));
        REQUIRE(first.node->wait_dry(20s));
    }
    TestNode second(home.options(realm, "node", {"order.placed"}));
    second->on("order.placed", [](const mesh::Event&) {}).named("another").emits({});
    REQUIRE(second.start());
    REQUIRE(eventually([&] { return !(*from)->peers().empty(); }));
    const auto refused = ask(*from, second, question(Question::Kind::retry, 1));
    REQUIRE(refused);
    CHECK(refused->error == "there is no handler do any more");
    CHECK(letters(*from, second).size() == 1);
}

TEST_CASE("a letter of an inline handler is kept too") {
    const Home home;
    const auto realm = fresh_realm();
    std::atomic<bool> fails{true};
    TestNode node(home.options(realm, "node", {"a"}));
    node->on("a",
             [&](const mesh::Event&) {
                 if (fails)
                     throw std::runtime_error("no");
             })
        .emits({})
        .inlined();
    REQUIRE(node.start());
    const auto from = asker(realm);
    REQUIRE(node->publish("a", {}));
    REQUIRE(eventually([&] { return letters(*from, node).size() == 1; }));
    fails = false;
    const auto done = ask(*from, node, question(Question::Kind::retry, 1));
    REQUIRE(done);
    CHECK(done->error.empty());
    CHECK(letters(*from, node).empty());
}

TEST_CASE("what a retried handler writes and the end of its letter are kept together") {
    const Home home;
    const auto realm = fresh_realm();
    std::atomic<bool> fails{true};
    TestNode node(home.options(realm, "node", {"once.placed"}));
    node->on("once.placed",
             [&](const mesh::Event&, mesh::Emitter&, mesh::Store& store) {
                 store.put("done", "yes");
                 if (fails)
                     throw std::runtime_error("no");
             })
        .named("do")
        .emits({});
    REQUIRE(node.start());
    const auto from = asker(realm);
    REQUIRE(node->publish("once.placed", {}));
    REQUIRE(node->wait_dry(20s));
    const auto is_done = [&] {
        bool is_there = false;
        node->with_store([&](mesh::Store& store) { is_there = store.get("done").has_value(); });
        return is_there;
    };
    CHECK_FALSE(is_done());
    const auto again = ask(*from, node, question(Question::Kind::retry, 1));
    REQUIRE(again);
    CHECK_FALSE(again->error.empty());
    CHECK_FALSE(is_done());
    fails = false;
    CHECK(ask(*from, node, question(Question::Kind::retry, 1))->error.empty());
    CHECK(is_done());
    CHECK(letters(*from, node).empty());
}

TEST_CASE("an idempotency key of a durable event is remembered over a restart") {
    const Home home;
    const auto realm = fresh_realm();
    TestNode publisher(home.options(realm, "publisher", {"order.placed", "plain"}));
    int handled = 0;
    for (int run = 0; run < 3; ++run) {
        Failing node(home.options(realm, "node"));
        node.fails = false;
        if (run == 0)
            REQUIRE(publisher.start());
        REQUIRE(node.node.start());
        REQUIRE(publisher->wait_subscribers("order.placed", 1, 20s));
        REQUIRE(publisher->publish("order.placed", {}, {.idempotency_key = "the same"}));
        REQUIRE(publisher->publish("order.placed", {},
                                   {.idempotency_key = "run " + std::to_string(run)}));
        REQUIRE(publisher->wait_dry(20s));
        handled += node.handled;
    }
    CHECK(handled == 4);
}
