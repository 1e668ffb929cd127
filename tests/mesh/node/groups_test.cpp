#include "tests/support/catch.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/test_realm.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

using namespace std::chrono_literals;
using tests::eventually;
using tests::fresh_realm;
using tests::TestNode;

namespace {

/// What replicas handled: how often each event, and in which order those of a key.
class Handled {
public:
    void note(const mesh::Event& event) {
        const std::lock_guard lock(mutex_);
        ++times_[event.id.sequence];
        if (event.key.empty())
            return;
        auto& last = last_[std::string(event.key)];
        is_in_order_ = is_in_order_ && event.id.sequence > last;
        last = event.id.sequence;
    }

    std::size_t count() const {
        const std::lock_guard lock(mutex_);
        return times_.size();
    }

    bool is_in_order() const {
        const std::lock_guard lock(mutex_);
        return is_in_order_;
    }

    int most_often() const {
        const std::lock_guard lock(mutex_);
        int most = 0;
        for (const auto& [sequence, times] : times_)
            most = std::max(most, times);
        return most;
    }

private:
    mutable std::mutex mutex_;
    std::map<std::uint64_t, int> times_;
    std::map<std::string, std::uint64_t> last_;
    bool is_in_order_ = true;
};

std::unique_ptr<TestNode> replica(const std::string& realm, Handled& all, std::atomic<int>& own,
                                  mesh::Duration work = {}, std::uint64_t credit = 32768) {
    auto node = std::make_unique<TestNode>(realm, "order");
    (*node)
        ->on("a",
             [&all, &own, work](const mesh::Event& event) {
                 if (work > mesh::Duration{})
                     std::this_thread::sleep_for(work);
                 ++own;
                 all.note(event);
             })
        .named("create")
        .credit(credit)
        .emits({});
    return node;
}

mesh::EventOptions keyed(int number) {
    return {.key = "key " + std::to_string(number % 50)};
}

} // namespace

TEST_CASE("three replicas share a handler's events, in order of each key and none twice") {
    const auto realm = fresh_realm();
    Handled all;
    std::array<std::atomic<int>, 3> own{};
    std::vector<std::unique_ptr<TestNode>> replicas;
    for (auto& count : own)
        replicas.push_back(replica(realm, all, count));
    TestNode publisher(realm, "publisher", {"a"});
    for (auto& one : replicas)
        REQUIRE(one->start());
    REQUIRE(publisher.start());
    REQUIRE(publisher->wait_subscribers("a", 3, 20s));
    for (int i = 0; i < 3'000; ++i)
        REQUIRE(publisher->publish("a", {}, keyed(i)));
    REQUIRE(eventually([&] { return all.count() == 3'000; }, 20s));
    CHECK(all.most_often() == 1);
    CHECK(all.is_in_order());
    for (const auto& count : own)
        CHECK(count > 300);
}

TEST_CASE("replicas come and leave under load: nothing is lost, repeated or out of order") {
    const auto realm = fresh_realm();
    Handled all;
    std::array<std::atomic<int>, 3> own{};
    TestNode publisher(realm, "publisher", {"a"});
    auto first = replica(realm, all, own[0]);
    REQUIRE(first->start());
    REQUIRE(publisher.start());
    REQUIRE(publisher->wait_subscribers("a", 1, 20s));
    std::atomic<bool> is_over{false};
    int published = 0;
    std::thread load([&] {
        while (!is_over)
            if (publisher->publish("a", {},
                                   published % 4 == 0 ? mesh::EventOptions{} : keyed(published)))
                ++published;
            else
                break;
    });
    auto second = replica(realm, all, own[1]);
    second->start();
    CHECK(eventually([&] { return own[1] > 100; }, 20s));
    auto third = replica(realm, all, own[2]);
    third->start();
    CHECK(eventually([&] { return own[2] > 100; }, 20s));
    (*first)->stop();
    const int then = own[1] + own[2];
    CHECK(eventually([&] { return own[1] + own[2] > then + 1'000; }, 20s));
    (*third)->stop();
    is_over = true;
    load.join();
    CHECK(publisher->wait_dry(20s));
    CHECK(eventually([&] { return all.count() == static_cast<std::size_t>(published); }, 20s));
    CHECK(all.most_often() == 1);
    CHECK(all.is_in_order());
}

TEST_CASE("events without a key go where there is room: the fast replica gets most") {
    const auto realm = fresh_realm();
    Handled all;
    std::atomic<int> slow{0};
    std::atomic<int> fast{0};
    auto crawling = replica(realm, all, slow, 20ms, 8);
    auto running = replica(realm, all, fast, {}, 8);
    TestNode publisher(realm, "publisher", {"a"});
    REQUIRE(crawling->start());
    REQUIRE(running->start());
    REQUIRE(publisher.start());
    REQUIRE(publisher->wait_subscribers("a", 2, 20s));
    for (int i = 0; i < 1'000; ++i)
        REQUIRE(publisher->publish("a", {}));
    REQUIRE(eventually([&] { return all.count() == 1'000; }, 30s));
    CHECK(all.most_often() == 1);
    CHECK(fast > 4 * slow);
}

TEST_CASE("with `each` every replica gets all") {
    const auto realm = fresh_realm();
    std::array<std::atomic<int>, 2> own{};
    std::vector<std::unique_ptr<TestNode>> replicas;
    for (auto& count : own) {
        replicas.push_back(std::make_unique<TestNode>(realm, "order"));
        (*replicas.back())
            ->on("a", [&count](const mesh::Event&) { ++count; })
            .group(mesh::GroupMode::each)
            .emits({});
    }
    TestNode publisher(realm, "publisher", {"a"});
    for (auto& one : replicas)
        REQUIRE(one->start());
    REQUIRE(publisher.start());
    REQUIRE(publisher->wait_subscribers("a", 2, 20s));
    for (int i = 0; i < 100; ++i)
        REQUIRE(publisher->publish("a", {}));
    CHECK(eventually([&] { return own[0] == 100 && own[1] == 100; }, 20s));
}

TEST_CASE("a node shares what it publishes itself with its replicas") {
    const auto realm = fresh_realm();
    Handled all;
    std::array<std::atomic<int>, 2> own{};
    TestNode speaking(realm, "order", {"a"});
    TestNode silent(realm, "order", {"a"});
    int number = 0;
    for (auto* node : {&speaking, &silent})
        (*node)
            ->on(
                "a",
                [&all, &count = own[static_cast<std::size_t>(number++)]](const mesh::Event& event) {
                    ++count;
                    all.note(event);
                })
            .named("create")
            .emits({});
    REQUIRE(speaking.start());
    REQUIRE(silent.start());
    REQUIRE(speaking->wait_subscribers("a", 2, 20s));
    for (int i = 0; i < 1'000; ++i)
        REQUIRE(speaking->publish("a", {}, keyed(i)));
    CHECK(eventually([&] { return all.count() == 1'000; }, 20s));
    CHECK(all.most_often() == 1);
    CHECK(own[0] > 100);
    CHECK(own[1] > 100);
}
