#include "mesh/flow/streams/publication.hpp"
#include "mesh/wire/batch.hpp"
#include "tests/support/catch.hpp"

#include <string>
#include <vector>

using namespace mesh;
using namespace std::chrono_literals;

namespace {

constexpr WallTime wall{400'000h};
constexpr LinkNumber peer_link = 5;

SubscriptionRequest request(std::string key, std::vector<std::string> patterns,
                            Volume window = {100, 1'000'000}) {
    SubscriptionRequest made;
    made.key = std::move(key);
    for (const auto& text : patterns)
        made.patterns.push_back(*Pattern::parse(text));
    made.policy = Policy::block;
    made.window = window;
    return made;
}

Publication publication(std::size_t log_size_bytes_max = 64 * 1024 * 1024) {
    return {NodeId{}, 1, log_size_bytes_max};
}

Draft draft(std::string_view topic, Bytes payload = {}) {
    return {topic, {}, {}, {}, std::nullopt, payload};
}

/// Sends all that can go; the last batch's positions.
std::vector<BatchPosition> send_all(Publication& from, LinkNumber number = peer_link) {
    std::vector<BatchPosition> last;
    for (const auto* plan = from.plan(number); plan != nullptr; plan = from.plan(number)) {
        last = plan->header.positions;
        from.sent(number);
    }
    return last;
}

} // namespace

TEST_CASE("an event that is too large or has no topic is refused and takes no sequence") {
    auto made = publication();
    const std::string large(payload_size_bytes_max + 1, 'x');
    const auto whole = bytes_of(large);
    const std::string long_key(key_size_bytes_max + 1, 'k');
    const std::string long_type(content_type_size_bytes_max + 1, 't');
    CHECK(made.append(draft("a", whole), wall).error().code == ErrorCode::limit);
    CHECK(made.append({"a", long_key, {}, {}, {}, {}}, wall).error().code == ErrorCode::limit);
    CHECK(made.append({"a", {}, long_type, {}, {}, {}}, wall).error().code == ErrorCode::limit);
    CHECK(made.append({"a", {}, {}, whole.first(headers_size_bytes_max + 1), {}, {}}, wall)
              .error()
              .code == ErrorCode::limit);
    CHECK(made.append(draft("a.*"), wall).error().code == ErrorCode::invalid);
    CHECK(made.append(draft(""), wall).error().code == ErrorCode::invalid);
    CHECK(made.append(draft("a", whole.first(payload_size_bytes_max)), wall) == 1);
    CHECK(made.published_counts() == std::map<std::string, std::uint64_t>{{"a", 1}});
}

TEST_CASE("a publisher met within five seconds of its start is heard from its first event") {
    for (const auto& [age, first] : {std::pair{5s, 0U}, std::pair{6s, 3U}}) {
        auto made = publication();
        for (int i = 0; i < 3; ++i)
            REQUIRE(made.append(draft("a"), wall));
        made.attach(peer_link, 1, {request("s", {"a"})}, wall + 1s, age);
        CHECK(send_all(made).at(0).before == first);
    }
}

TEST_CASE("a subscription that does not last begins at what was published since it asked") {
    auto made = publication();
    for (int i = 0; i < 10; ++i)
        REQUIRE(made.append(draft("a"), wall + std::chrono::seconds(i)));
    auto passing = request("s", {"a"});
    passing.start = {std::nullopt, false, 3s};
    made.attach(peer_link, 1, {passing}, wall + 9s, 0s);
    CHECK(send_all(made).at(0) == BatchPosition{0, 6, 10, 0, 4, 4 * 8});
}

TEST_CASE("credit is asked for a topic that nobody published so far") {
    auto made = publication();
    made.attach(peer_link, 1, {request("s", {"a.>"}, {2, 1'000})}, wall, 0s);
    REQUIRE(made.append(draft("a.1"), wall));
    CHECK(made.waits_for("a.2", 0) == nullptr);
    REQUIRE(made.append(draft("a.2"), wall));
    REQUIRE(made.waits_for("a.3", 0) != nullptr);
    CHECK(made.waits_for("a.3", 0)->key == "s");
    CHECK(made.waits_for("a.1", 0) != nullptr);
    CHECK(made.waits_for("b", 0) == nullptr);
}

TEST_CASE("one event may exceed the byte window when nothing else is outstanding") {
    auto made = publication();
    const std::string large(5'000, 'x');
    made.attach(peer_link, 1, {request("s", {"a"}, {10, 100})}, wall, 0s);
    CHECK(made.waits_for("a", large.size()) == nullptr);
    REQUIRE(made.append(draft("a", bytes_of(large)), wall));
    CHECK(made.waits_for("a", 1) != nullptr);
    CHECK(send_all(made).at(0).events == 1);
    CHECK(made.waits_for("a", 1) != nullptr);
    made.acknowledge(peer_link, 0, {1, {1, 5'007}}, {10, 100});
    CHECK(made.waits_for("a", 1) == nullptr);
    // A window of no events takes none at all.
    made.acknowledge(peer_link, 0, {1, {1, 5'007}}, {0, 100});
    CHECK(made.waits_for("a", 0) != nullptr);
}

TEST_CASE("what has no room is not sent as an empty batch, and holds up nobody else") {
    auto made = publication();
    const std::string some(50, 'x');
    auto slow = request("slow", {"a"}, {10, 100});
    slow.policy = Policy::drop_oldest;
    auto fast = request("fast", {">"}, {10, 1'000});
    fast.index = 1;
    made.attach(peer_link, 1, {slow, fast}, wall, 0s);
    for (int i = 0; i < 3; ++i)
        REQUIRE(made.append(draft("a", bytes_of(some)), wall));
    REQUIRE(made.append(draft("b"), wall));
    int batches = 0;
    std::uint32_t slow_events = 0;
    std::uint32_t fast_events = 0;
    for (const auto* plan = made.plan(peer_link); plan != nullptr; plan = made.plan(peer_link)) {
        REQUIRE(++batches < 10);
        for (const auto& position : plan->header.positions)
            (position.subscription == 0 ? slow_events : fast_events) += position.events;
        made.sent(peer_link);
    }
    CHECK(slow_events == 1);
    CHECK(fast_events == 4);
}

TEST_CASE("a subscriber that starts again has its whole window") {
    auto made = publication();
    made.attach(peer_link, 1, {request("s", {"a"}, {3, 1'000})}, wall, 0s);
    for (std::uint64_t i = 1; i <= 30; ++i) {
        REQUIRE(made.append(draft("a"), wall));
        send_all(made);
        made.acknowledge(peer_link, 0, {i, {i, 6 * i}}, {3, 1'000});
    }
    made.detach(peer_link, TimePoint{} + 1h);
    made.attach(peer_link, 2, {request("s", {"a"}, {3, 1'000})}, wall, 1min);
    for (int i = 0; i < 3; ++i) {
        REQUIRE(made.waits_for("a", 0) == nullptr);
        REQUIRE(made.append(draft("a"), wall));
    }
    CHECK(send_all(made).at(0).after == 33);
    // It counts from zero, as its new Reception does.
    CHECK(made.acknowledge(peer_link, 0, {33, {3, 18}}, {3, 1'000}));
    CHECK(made.is_dry(peer_link));
}

TEST_CASE("the same subscription asked for twice on a link is one") {
    auto made = publication();
    made.attach(peer_link, 1, {request("s", {"a"}), request("s", {"a"})}, wall, 0s);
    CHECK(made.subscriber_count("a") == 1);
    REQUIRE(made.append(draft("a"), wall));
    CHECK(send_all(made).size() == 1);
}

TEST_CASE("a key that comes back on another link leaves the old one") {
    auto made = publication();
    made.attach(peer_link, 1, {request("s", {"a"}), request("t", {"b"})}, wall, 0s);
    made.attach(peer_link + 1, 2, {request("s", {"a"})}, wall, 0s);
    REQUIRE(made.append(draft("a"), wall));
    CHECK(made.concerned_links() == std::vector<LinkNumber>{peer_link + 1});
    CHECK(made.plan(peer_link) == nullptr);
    CHECK(send_all(made, peer_link + 1).size() == 1);
}

TEST_CASE("acknowledgements and rewinds that lie change nothing") {
    auto made = publication();
    made.attach(peer_link, 1, {request("s", {"a"})}, wall, 0s);
    for (int i = 0; i < 5; ++i)
        REQUIRE(made.append(draft("a"), wall));
    send_all(made);
    REQUIRE(made.acknowledge(peer_link, 0, {3, {3, 18}}, {100, 1'000'000}));
    const Volume huge{UINT64_MAX, UINT64_MAX};
    CHECK_FALSE(made.acknowledge(peer_link, 0, {6, {5, 30}}, huge)); // not sent
    CHECK_FALSE(made.acknowledge(peer_link, 0, {5, {6, 30}}, huge)); // more events
    CHECK_FALSE(made.acknowledge(peer_link, 0, {5, {5, 31}}, huge)); // more bytes
    CHECK_FALSE(made.acknowledge(peer_link, 0, {2, {2, 12}}, huge)); // back
    CHECK_FALSE(made.acknowledge(peer_link, 7, {5, {5, 30}}, huge)); // nobody
    CHECK_FALSE(made.acknowledge(peer_link + 9, 0, {5, {5, 30}}, huge));
    made.rewind(peer_link, 0, {2, {2, 12}});
    made.rewind(peer_link, 0, {6, {6, 36}});
    CHECK(made.plan(peer_link) == nullptr);
    made.rewind(peer_link, 0, {4, {4, 24}});
    CHECK(send_all(made).at(0) == BatchPosition{0, 4, 5, 0, 1, 6});
    CHECK(made.acknowledge(peer_link, 0, {5, {5, 30}}, {100, 1'000'000}));
    CHECK(made.is_dry(peer_link));
}

TEST_CASE("topic numbers are taken from the silent, and the counts stay exact") {
    auto made = publication(1); // two chunks of 256 KiB
    for (unsigned i = 0; i < 65'536; ++i)
        REQUIRE(made.append(draft("old." + std::to_string(i)), wall) == i + 1);
    // Wants none of the old topics, and has to know nothing of them.
    made.attach(peer_link, 1, {request("new", {"new.>"})}, wall + 1s, 1h);
    const auto begin = send_all(made).at(0).after;
    const std::string large(300'000, 'x'); // a chunk each
    std::uint64_t published = 0;
    for (int i = 0; i < 20; ++i, ++published)
        REQUIRE(made.append(draft("new." + std::to_string(i), bytes_of(large)), wall));
    made.detach(peer_link, TimePoint{} + 1h);
    for (int i = 0; i < 20; ++i, ++published)
        REQUIRE(made.append(draft("new." + std::to_string(i), bytes_of(large)), wall));
    made.attach(peer_link, 2, {request("new", {"new.>"})}, wall, 1h);
    std::uint64_t lost = 0;
    std::uint64_t events = 0;
    for (const auto* plan = made.plan(peer_link); plan != nullptr; plan = made.plan(peer_link)) {
        lost += plan->header.positions.at(0).lost;
        events += plan->header.positions.at(0).events;
        made.sent(peer_link);
        made.acknowledge(peer_link, 0, {plan->header.positions[0].after, {events + lost, 0}},
                         {100, 1'000'000});
    }
    CHECK(begin == 65'536);
    CHECK(lost + events == published);
    CHECK(lost > 20);
    CHECK(made.published_counts().size() == 65'536);
}

TEST_CASE("when the events of all topics are held a new topic is refused") {
    auto made = publication();
    for (int i = 0; i < 65'536; ++i)
        REQUIRE(made.append(draft("t." + std::to_string(i)), wall));
    const auto refused = made.append(draft("one.more"), wall);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::limit);
    CHECK(made.append(draft("t.7"), wall) == 65'537);
}

TEST_CASE("subscriptions that are away too long, or too many, are forgotten") {
    auto made = publication();
    auto passing = request("passing", {"a"});
    passing.start.is_lasting = false;
    made.attach(1, 1, {request("lasting", {"a"})}, wall, 0s);
    made.attach(2, 2, {passing}, wall, 0s);
    const TimePoint gone{100h};
    CHECK(made.retire(gone + 48h, 24h).empty()); // nobody is away
    made.detach(1, gone);
    made.detach(2, gone);
    CHECK(made.retire(gone + 24h, 24h).empty());
    CHECK(made.retire(gone + 24h + 1ns, 24h) == std::vector<std::string>{"lasting"});
    for (LinkNumber i = 0; i < 1'030; ++i) {
        made.attach(i, i, {request("k" + std::to_string(i), {"a"})}, wall, 0s);
        made.detach(i, gone + std::chrono::seconds(i));
    }
    const auto retired = made.retire(gone + 1h, 24h);
    CHECK(retired.size() == 6);
    CHECK(retired.front() == "k0"); // the longest away
}

TEST_CASE("a batch is closed at its size, and one large event still goes") {
    auto made = publication();
    made.attach(peer_link, 1, {request("s", {"a"}, {10'000, 100'000'000})}, wall, 0s);
    const std::string some(1'000, 'x');
    for (int i = 0; i < 300; ++i)
        REQUIRE(made.append(draft("a", bytes_of(some)), wall));
    const std::string largest(payload_size_bytes_max, 'x');
    REQUIRE(made.append(draft("a", bytes_of(largest)), wall));
    std::vector<std::size_t> sizes;
    for (const auto* plan = made.plan(peer_link); plan != nullptr; plan = made.plan(peer_link)) {
        sizes.push_back(plan->body_size_bytes());
        made.sent(peer_link);
    }
    REQUIRE(sizes.size() == 4);
    CHECK(sizes[0] <= batch_size_bytes_target);
    CHECK(sizes[0] > batch_size_bytes_target - 1'100);
    CHECK(sizes[3] > payload_size_bytes_max);
    CHECK(sizes[3] < batch_size_bytes_max);
}
