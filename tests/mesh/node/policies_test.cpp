#include "tests/support/catch.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/test_realm.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace std::chrono_literals;
using tests::eventually;
using tests::fresh_realm;
using tests::TestNode;

namespace {

constexpr std::uint64_t credit = 10;

/// A handler that stands still until it is let go, and what it got: payloads and gaps.
class SlowHandler {
public:
    void declare(TestNode& node, mesh::Policy policy) {
        node->on("a", [this](const mesh::Event& event) { take(event); })
            .named("crawl")
            .emits({})
            .credit(credit)
            .policy(policy)
            .on_gap([this](const mesh::Gap& gap) { note(gap); });
    }

    void let_go() { may_go_ = true; }

    std::uint64_t lost() const { return lost_; }

    std::uint64_t seen() const { return seen_; }

    std::vector<std::string> texts() const {
        const std::lock_guard lock(mutex_);
        return texts_;
    }

    /// First lost and last lost event of each gap.
    std::vector<std::pair<std::uint64_t, std::uint64_t>> gaps() const {
        const std::lock_guard lock(mutex_);
        return gaps_;
    }

private:
    void take(const mesh::Event& event) {
        while (!may_go_)
            std::this_thread::sleep_for(1ms);
        const std::lock_guard lock(mutex_);
        texts_.emplace_back(mesh::text_of(event.payload));
        ++seen_;
    }

    void note(const mesh::Gap& gap) {
        const std::lock_guard lock(mutex_);
        gaps_.emplace_back(gap.after + 1, gap.until);
        lost_ += gap.count;
    }

    std::atomic<bool> may_go_{false};
    std::atomic<std::uint64_t> seen_{0};
    std::atomic<std::uint64_t> lost_{0};
    mutable std::mutex mutex_; ///< guards the rest
    std::vector<std::string> texts_;
    std::vector<std::pair<std::uint64_t, std::uint64_t>> gaps_;
};

std::vector<std::string> numbers(int first, int last) {
    std::vector<std::string> texts;
    for (int i = first; i <= last; ++i)
        texts.push_back(std::to_string(i));
    return texts;
}

} // namespace

TEST_CASE("each policy keeps what it says of 100 events, and tells the rest as an exact gap") {
    struct Case {
        mesh::Policy policy;
        std::vector<std::string> texts;
    };

    const auto first = numbers(1, 10);
    const auto with = [&](std::vector<std::string> more) {
        auto all = first;
        all.insert(all.end(), more.begin(), more.end());
        return all;
    };
    const std::vector<Case> cases{
        {mesh::Policy::drop_oldest, with(numbers(91, 100))},
        {mesh::Policy::drop_newest, first},
        {mesh::Policy::latest, with(numbers(96, 100))}, // five keys
        {mesh::Policy::spill, numbers(1, 100)},
    };
    for (const auto& [policy, texts] : cases) {
        const auto realm = fresh_realm();
        SlowHandler slow;
        TestNode subscriber(realm, "subscriber");
        slow.declare(subscriber, policy);
        TestNode publisher(realm, "publisher", {"a"});
        REQUIRE(subscriber.start());
        REQUIRE(publisher.start());
        REQUIRE(publisher->wait_subscribers("a", 1, 20s));

        // A dropping policy never makes the publisher wait.
        for (int i = 1; i <= 100; ++i)
            REQUIRE(publisher->try_publish("a", mesh::Payload::text(std::to_string(i)),
                                           {.key = std::to_string(i % 5)}));
        slow.let_go();
        CAPTURE(static_cast<int>(policy));
        CHECK(publisher->wait_dry(20s));
        CHECK(slow.texts() == texts);
        CHECK(slow.lost() == 100 - texts.size());
        if (policy == mesh::Policy::drop_oldest)
            CHECK(slow.gaps() == std::vector<std::pair<std::uint64_t, std::uint64_t>>{{11, 90}});
        if (policy == mesh::Policy::drop_newest)
            CHECK(slow.gaps() == std::vector<std::pair<std::uint64_t, std::uint64_t>>{{11, 100}});
        subscriber->stop();
        publisher->stop();
    }
}

TEST_CASE("what the log lets go while a handler that spills stands still comes from disk") {
    const auto realm = fresh_realm();
    SlowHandler slow;
    TestNode subscriber(realm, "subscriber");
    slow.declare(subscriber, mesh::Policy::spill);
    auto options = TestNode::options(realm, "publisher", {"a"});
    options.log_size_bytes_max = 1024 * 1024;
    TestNode publisher(options);
    REQUIRE(subscriber.start());
    REQUIRE(publisher.start());
    REQUIRE(publisher->wait_subscribers("a", 1, 20s));

    const std::string large(10'000, 'x');
    for (int i = 1; i <= 1'000; ++i)
        REQUIRE(publisher->try_publish("a", mesh::Payload::text(std::to_string(i) + large)));
    slow.let_go();
    CHECK(publisher->wait_dry(60s));
    CHECK(slow.lost() == 0);
    const auto texts = slow.texts();
    REQUIRE(texts.size() == 1'000);
    for (std::size_t i = 0; i < texts.size(); ++i)
        REQUIRE(texts[i] == std::to_string(i + 1) + large);
}

TEST_CASE("an event of level fast waits for no credit, nor does it hold up a reliable one") {
    const auto realm = fresh_realm();
    SlowHandler slow;
    TestNode subscriber(realm, "subscriber");
    slow.declare(subscriber, mesh::Policy::block);
    TestNode publisher(realm, "publisher", {"a"});
    REQUIRE(subscriber.start());
    REQUIRE(publisher.start());
    REQUIRE(publisher->wait_subscribers("a", 1, 20s));

    // Half the credit is left to events that may not be lost.
    for (int i = 1; i <= 100; ++i)
        REQUIRE(publisher->try_publish("a", mesh::Payload::text("fast " + std::to_string(i)),
                                       {.level = mesh::Level::fast}));
    for (int i = 1; i <= 5; ++i)
        REQUIRE(publisher->try_publish("a", mesh::Payload::text("reliable " + std::to_string(i))));
    CHECK_FALSE(publisher->try_publish("a", {}));
    slow.let_go();
    CHECK(publisher->wait_dry(20s));
    // Five went at once; until the reliable ones were looked at, a few more may have found room.
    const auto texts = slow.texts();
    REQUIRE(texts.size() >= 10);
    const auto went = texts.size() - 5;
    CHECK(went < 100);
    std::vector<std::string> expected;
    for (std::size_t i = 1; i <= went; ++i)
        expected.push_back("fast " + std::to_string(i));
    for (int i = 1; i <= 5; ++i)
        expected.push_back("reliable " + std::to_string(i));
    CHECK(texts == expected);
    CHECK(slow.lost() == 100 - went);
    CHECK(slow.gaps() == std::vector<std::pair<std::uint64_t, std::uint64_t>>{{went + 1, 100}});
}

TEST_CASE(
    "publish_and_wait returns when every handler has finished, or names those that have not") {
    const auto realm = fresh_realm();
    SlowHandler slow;
    std::atomic<int> quick{0};
    TestNode subscriber(realm, "subscriber");
    slow.declare(subscriber, mesh::Policy::block);
    subscriber->on("a", [&](const mesh::Event&) { ++quick; }).named("quick").emits({});
    TestNode publisher(realm, "publisher", {"a"});
    REQUIRE(subscriber.start());
    REQUIRE(publisher.start());
    REQUIRE(publisher->wait_subscribers("a", 2, 20s));

    const auto late = publisher->publish_and_wait("a", mesh::Payload::text("1"), 300ms);
    REQUIRE_FALSE(late);
    CHECK(late.error().code == mesh::ErrorCode::timed_out);
    CHECK(late.error().detail.find("subscriber/crawl/") != std::string::npos);
    CHECK(late.error().detail.find("quick") == std::string::npos);
    slow.let_go();
    REQUIRE(publisher->publish_and_wait("a", mesh::Payload::text("2"), 20s));
    CHECK(slow.texts() == std::vector<std::string>{"1", "2"});
    CHECK(quick == 2);
}

TEST_CASE("publish_and_wait names a handler that lost the event by its policy") {
    const auto realm = fresh_realm();
    SlowHandler slow;
    TestNode subscriber(realm, "subscriber");
    slow.declare(subscriber, mesh::Policy::drop_newest);
    TestNode publisher(realm, "publisher", {"a"});
    REQUIRE(subscriber.start());
    REQUIRE(publisher.start());
    REQUIRE(publisher->wait_subscribers("a", 1, 20s));
    for (std::uint64_t i = 0; i < credit; ++i)
        REQUIRE(publisher->try_publish("a", {}));

    const auto lost = publisher->publish_and_wait("a", {}, 20s);
    REQUIRE_FALSE(lost);
    CHECK(lost.error().code == mesh::ErrorCode::refused);
    CHECK(lost.error().detail.find("subscriber/crawl/") != std::string::npos);
    slow.let_go();
    CHECK(publisher->wait_dry(20s));
}

TEST_CASE("publish_and_wait in a handler is refused, and publishes nothing") {
    const auto realm = fresh_realm();
    std::atomic<int> refused{0};
    std::atomic<int> seen{0};
    TestNode node(realm, "node", {"a", "b"});
    node->on("a",
             [&](const mesh::Event&) {
                 const auto result = node->publish_and_wait("b", {});
                 refused += !result && result.error().code == mesh::ErrorCode::refused ? 1 : 0;
             })
        .emits({"b"});
    node->on("b", [&](const mesh::Event&) { ++seen; }).emits({});
    REQUIRE(node.start());
    REQUIRE(node->publish_and_wait("a", {}, 20s));
    CHECK(refused == 1);
    CHECK(seen == 0);
}

TEST_CASE("a handler begins where it asks to, at a publisher that it meets") {
    const auto realm = fresh_realm();
    TestNode publisher(realm, "publisher", {"a", "b"});
    REQUIRE(publisher.start());
    for (int i = 1; i <= 9; ++i)
        REQUIRE(publisher->publish(i % 3 == 0 ? "b" : "a", mesh::Payload::text(std::to_string(i)),
                                   {.key = i < 5 ? "x" : "y"}));
    const std::vector<std::pair<mesh::StartFrom, std::vector<std::string>>> cases{
        {mesh::StartFrom::now(), {}},
        {mesh::StartFrom::oldest(), numbers(1, 9)},
        {mesh::StartFrom::sequence(4), numbers(4, 9)},
        {mesh::StartFrom::last(1), {"8", "9"}},
        {mesh::StartFrom::last(2), {"6", "7", "8", "9"}},
        {mesh::StartFrom::last_per_key(), {"3", "4", "8", "9"}},
        {mesh::StartFrom::time(mesh::WallTime{}), numbers(1, 9)},
        {mesh::StartFrom::time(mesh::wall_now() + 1h), {}},
    };
    int number = 0;
    for (const auto& [from, texts] : cases) {
        std::mutex mutex;
        std::vector<std::string> seen;
        std::atomic<int> lost{0};
        TestNode subscriber(realm, "subscriber" + std::to_string(++number));
        subscriber
            ->on(std::vector<std::string>{"a", "b"},
                 [&](const mesh::Event& event) {
                     const std::lock_guard lock(mutex);
                     seen.emplace_back(mesh::text_of(event.payload));
                 })
            .emits({})
            .from(from)
            .on_gap([&](const mesh::Gap&) { ++lost; });
        REQUIRE(subscriber.start());
        REQUIRE(publisher->wait_subscribers("a", 1, 20s));
        REQUIRE(publisher->wait_dry(20s));
        subscriber->stop();
        CAPTURE(number);
        CHECK(seen == texts);
        CHECK(lost == 0);
        CHECK(eventually([&] { return publisher->subscriber_count("a") == 0; }, 20s));
    }
}
