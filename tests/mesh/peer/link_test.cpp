#include "mesh/peer/link.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/random_bytes.hpp"

#include <algorithm>
#include <cstdint>
#include <set>
#include <utility>

using mesh::Duration;
using mesh::Link;
using mesh::TimePoint;
using Action = mesh::Link::Action;
using namespace std::chrono_literals;

namespace {

constexpr TimePoint start{100h};

/// Ticks every 100 ms until something is to be done; how long that took, at most a minute.
std::pair<Action, Duration> next_action(Link& link, TimePoint now) {
    for (Duration passed{}; passed < 1min; passed += 100ms)
        if (const auto action = link.tick(now + passed); action != Action::none)
            return {action, passed};
    return {Action::none, 1min};
}

Link serving() {
    Link link;
    link.want(true, start);
    link.opened(1, 77, start);
    link.subscribed(start);
    return link;
}

} // namespace

TEST_CASE("a link serves once both the session and the inbox's subscription are there") {
    for (const bool is_session_first : {true, false}) {
        Link link;
        CHECK(link.want(true, start) == Action::dial);
        CHECK(link.attempt() == 1);
        CHECK(link.is_dialled());
        if (is_session_first) {
            CHECK(link.opened(1, 77, start) == Action::none);
            CHECK(link.subscribed(start) == Action::serve);
        } else {
            CHECK(link.subscribed(start) == Action::none);
            CHECK(link.opened(1, 77, start) == Action::serve);
        }
        CHECK(link.is_serving());
        CHECK(link.session() == 77);
        CHECK(link.failures() == 0);
        // What comes twice changes nothing.
        CHECK(link.opened(1, 78, start) == Action::none);
        CHECK(link.subscribed(start) == Action::none);
        CHECK(link.session() == 77);
    }
}

TEST_CASE("nothing is dialled for a peer that wants nothing") {
    Link link;
    CHECK(link.want(false, start) == Action::none);
    CHECK(next_action(link, start).first == Action::none);
    CHECK(link.subscribed(start) == Action::none);
    CHECK(link.unsubscribed(start) == Action::none);
    CHECK(link.opened(0, 1, start) == Action::none);
}

TEST_CASE("open is asked again every 300 ms until it is answered") {
    Link link;
    link.want(true, start);
    CHECK(link.tick(start + 299ms) == Action::none);
    CHECK(link.tick(start + 300ms) == Action::ask_again);
    CHECK(link.tick(start + 599ms) == Action::none);
    CHECK(link.tick(start + 600ms) == Action::ask_again);
    link.opened(1, 77, start + 650ms);
    CHECK(link.tick(start + 1s) == Action::none);
}

TEST_CASE("an inbox that cannot be dialled is given up within 3 s, and said") {
    Link link;
    link.want(true, start);
    link.opened(1, 77, start + 10ms);
    const auto [action, passed] = next_action(link, start);
    CHECK(action == Action::give_up);
    CHECK(passed < 3s);
    CHECK_FALSE(link.is_dialled());
}

TEST_CASE("a peer that never answers is dialled anew, and nobody is told") {
    Link link;
    link.want(true, start);
    link.subscribed(start);
    for (Duration passed{}; passed < 2500ms; passed += 100ms) {
        const auto action = link.tick(start + passed);
        CHECK((action == Action::none || action == Action::ask_again));
    }
    CHECK(link.tick(start + 2500ms) == Action::close);
    CHECK(next_action(link, start + 2500ms).first == Action::dial);
    CHECK(link.attempt() == 2);
    // The old attempt's answer comes late.
    CHECK(link.opened(1, 77, start + 3s) == Action::none);
    CHECK(link.subscribed(start + 3s) == Action::none);
    CHECK(link.opened(2, 78, start + 3s) == Action::serve);
}

TEST_CASE("a session without an acknowledgement for 3 s is closed, and dialled anew") {
    auto link = serving();
    link.acknowledged(start + 2s);
    CHECK(link.tick(start + 5s - 1ns) == Action::none);
    CHECK(link.tick(start + 5s) == Action::close);
    const auto [action, passed] = next_action(link, start + 5s);
    CHECK(action == Action::dial);
    CHECK(passed <= 200ms);
}

TEST_CASE("the subscription that leaves, or a peer that asks, ends the session at once") {
    auto gone = serving();
    CHECK(gone.unsubscribed(start) == Action::close);
    CHECK(gone.unsubscribed(start) == Action::none);
    auto asked = serving();
    CHECK(asked.reopen(76, start) == Action::none); // of an old session
    CHECK(asked.reopen(77, start) == Action::close);
    CHECK(asked.reopen(77, start) == Action::none);
    auto unwanted = serving();
    CHECK(unwanted.want(true, start) == Action::none);
    CHECK(unwanted.want(false, start) == Action::close);
    CHECK(next_action(unwanted, start).first == Action::none);
}

TEST_CASE("dialling backs off to a second, and whoever shows himself need not wait") {
    Link link;
    auto now = start;
    link.want(true, now);
    Duration usual = 50ms;
    for (int failures = 1; failures <= 10; ++failures) {
        link.unsubscribed(now);
        CHECK(link.failures() == static_cast<unsigned>(failures));
        Duration delay{};
        while (link.tick(now + delay) != Action::dial)
            delay += 1ms;
        CHECK(delay <= usual + 1ms);
        CHECK(delay >= usual / 2);
        usual = std::min<Duration>(2 * usual, 1s);
        now += delay;
    }
    CHECK(usual == 1s);
    link.unsubscribed(now);
    CHECK(link.tick(now) == Action::none);
    link.encourage();
    CHECK(link.tick(now) == Action::dial);
    CHECK(link.failures() == 0);
}

TEST_CASE("links that break together are not dialled together again") {
    std::set<Duration> delays;
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
        Link link(0, seed);
        link.want(true, start);
        link.unsubscribed(start);
        Duration delay{};
        while (link.tick(start + delay) != Action::dial)
            delay += 1ms;
        delays.insert(delay);
    }
    CHECK(delays.size() > 15); // of 25 milliseconds
}

TEST_CASE("whatever happens, dials and closes alternate and sessions begin only when complete") {
    const std::uint64_t seed = 8'472;
    CAPTURE(seed);
    tests::Random random(seed);
    for (int round = 0; round < 500; ++round) {
        Link link;
        bool is_dialled = false;
        bool is_serving = false;
        auto now = start;
        for (int step = 0; step < 200; ++step) {
            now += std::chrono::milliseconds(random() % 400);
            auto action = Action::none;
            const auto attempt = link.attempt() - random() % 2;
            switch (random() % 8) {
            case 0:
                action = link.want(random() % 4 != 0, now);
                break;
            case 1:
                action = link.opened(attempt, random() % 3, now);
                break;
            case 2:
                action = link.subscribed(now);
                break;
            case 3:
                action = random() % 4 == 0 ? link.unsubscribed(now) : Action::none;
                break;
            case 4:
                action = random() % 4 == 0 ? link.reopen(random() % 3, now) : Action::none;
                break;
            case 5:
                link.acknowledged(now);
                break;
            default:
                action = link.tick(now);
            }
            if (action == Action::dial)
                REQUIRE_FALSE(std::exchange(is_dialled, true));
            if (action == Action::ask_again || action == Action::serve)
                REQUIRE((is_dialled && !is_serving));
            if (action == Action::serve)
                is_serving = true;
            if (action == Action::close || action == Action::give_up) {
                REQUIRE(std::exchange(is_dialled, false));
                is_serving = false;
            }
            REQUIRE(link.is_dialled() == is_dialled);
            REQUIRE(link.is_serving() == is_serving);
        }
    }
}
