// Ledgers of publications: what is sent, waits and was dropped, against what came.

#include "mesh/flow/streams/publication.hpp"
#include "tests/mesh/flow/durable_world.hpp"
#include "tests/support/catch.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

using namespace mesh;

namespace {

constexpr WallTime wall{std::chrono::hours(400'000)};
constexpr LinkNumber the_link = 5;

/// One subscription of a publication: what it got of each topic, in its present run.
class Subscriber {
public:
    Subscriber(std::vector<std::string> patterns, Policy policy, Volume window) : window_(window) {
        request_.key = "s/h/1";
        for (const auto& text : patterns)
            request_.patterns.push_back(*Pattern::parse(text));
        request_.policy = policy;
        request_.window = window;
    }

    /// A new session; of a new run, or of the one that was.
    void attach(Publication& publication, bool is_new_run) {
        if (is_new_run) {
            got_.clear();
            progress_ = {};
            is_placed_ = false;
        }
        auto asked = request_;
        if (is_placed_)
            asked.start.resume = progress_;
        publication.attach(the_link, ++session_, {asked}, wall, std::chrono::seconds(1));
        topics_.clear();
    }

    /// Takes the next batches, or loses them on the way.
    void take(Publication& publication, bool arrives) {
        for (const auto* plan = publication.plan(the_link); plan != nullptr;
             plan = publication.plan(the_link)) {
            std::vector<std::byte> bytes(plan->size_bytes());
            plan->write(bytes.data());
            publication.sent(the_link);
            if (arrives)
                take_batch(*decode_batch(bytes));
        }
    }

    void acknowledge(Publication& publication) {
        if (is_placed_)
            publication.acknowledge(the_link, 0, progress_, window_);
    }

    const std::map<std::string, std::uint64_t>& got() const { return got_; }

    std::uint64_t lost() const { return lost_; }

private:
    void take_batch(const Batch& batch) {
        for (const auto& [number, topic] : batch.header.topics)
            topics_[number] = topic;
        const auto& position = batch.header.positions.at(0);
        if (!is_placed_) {
            is_placed_ = true;
            progress_.position = position.before;
        }
        if (position.before != progress_.position)
            return;
        RecordReader reader(batch.body, batch.header.base_sequence, batch.header.base_time_us);
        for (auto record = reader.next(); record && *record; record = reader.next())
            if (reader.sequence() > position.before && reader.sequence() <= position.after)
                ++got_[topics_.at((*record)->topic)];
        progress_ = {position.after,
                     progress_.volume + Volume{position.events + position.lost, position.bytes}};
        lost_ += position.lost;
    }

    SubscriptionRequest request_;
    Volume window_;
    std::uint64_t session_ = 0;
    std::map<std::uint16_t, std::string> topics_;
    std::map<std::string, std::uint64_t> got_;
    std::uint64_t lost_ = 0;
    Progress progress_;
    bool is_placed_ = false;
};

/// What the rows leave for the subscriber to have got: by topic, or of all together where a topic
/// is not known.
void check(const Publication& publication, const Subscriber& subscriber) {
    std::map<std::string, std::int64_t> left;
    std::int64_t sum = 0;
    bool has_unknown = false;
    for (const auto& row : publication.ledger()) {
        auto rest = static_cast<std::int64_t>(row.sent) - static_cast<std::int64_t>(row.waiting);
        for (const auto dropped : row.dropped)
            rest -= static_cast<std::int64_t>(dropped);
        left[row.topic] += rest;
        sum += rest;
        has_unknown = has_unknown || row.topic.empty();
    }
    std::int64_t got = 0;
    for (const auto& [topic, count] : subscriber.got()) {
        got += static_cast<std::int64_t>(count);
        if (!has_unknown)
            CHECK(left[topic] == static_cast<std::int64_t>(count));
    }
    CHECK(sum == got);
}

} // namespace

TEST_CASE("what a publication sent, holds and dropped leaves what the subscriber got") {
    const auto policy =
        GENERATE(Policy::block, Policy::drop_oldest, Policy::drop_newest, Policy::latest);
    const auto pattern = GENERATE(std::string("a"), std::string(">"));
    const auto seed = GENERATE(range(1U, 13U));
    CAPTURE(policy, pattern, seed);
    std::mt19937 random(seed);
    const auto draw = [&](std::uint32_t below) { return random() % below; };
    Publication publication(NodeId{}, 1, 128 * 1024);
    Subscriber subscriber({pattern}, policy, {40, 100'000});
    subscriber.attach(publication, true);
    const std::string payload(400, 'x');
    bool is_attached = true;
    for (int step = 0; step < 400; ++step) {
        const auto what = draw(20);
        if (what < 12) {
            for (auto count = draw(30); count > 0; --count) {
                Draft draft;
                draft.topic = draw(3) == 0 ? "b" : "a";
                draft.payload = bytes_of(payload).first(draw(400));
                draft.level = draw(4) == 0 ? Level::fast : Level::reliable;
                if (policy == Policy::block && draft.level == Level::reliable &&
                    publication.waits_for(draft.topic, draft.payload.size()) != nullptr)
                    break;
                REQUIRE(publication.append(draft, wall));
            }
        } else if (what < 17 && is_attached) {
            subscriber.take(publication, true);
            if (draw(2) == 0)
                subscriber.acknowledge(publication);
        } else if (what == 17) {
            publication.detach(the_link, TimePoint{});
            is_attached = false;
        } else if (!is_attached) {
            subscriber.attach(publication, draw(3) == 0);
            is_attached = true;
        }
    }
    if (!is_attached)
        subscriber.attach(publication, false);
    for (int round = 0; round < 50; ++round) { // until all is told
        subscriber.take(publication, true);
        subscriber.acknowledge(publication);
        check(publication, subscriber);
    }
}

TEST_CASE("the ledger of a journal counts what was sent once, whatever is sent again") {
    flow_test::World world;
    world.attach(flow_test::request("s/h/1", ">"), std::chrono::seconds(1));
    const auto rows = [&] {
        std::map<std::string, Deliveries::LedgerRow> all;
        for (auto& row : world.publication.ledger())
            all[row.topic] = row;
        return all;
    };
    for (std::uint16_t i = 0; i < 30; ++i)
        world.publish(i % 3 == 0 ? 1 : 0);
    CHECK(rows()["a"].sent == 20);
    CHECK(rows()["a"].waiting == 20);
    world.deliver();
    CHECK(rows()["a"].sent == 20);
    CHECK(rows()["b"].sent == 10);
    CHECK(rows()["a"].waiting == 0);
    // The link breaks; the subscriber has had ten.
    auto again = flow_test::request("s/h/1", ">");
    again.start.resume = Progress{10, {10, 500}};
    world.attach(again, std::chrono::seconds(1), 2);
    world.publish(0);
    CHECK(rows()["a"].sent == 21);
    world.progress = *again.start.resume;
    world.deliver();
    CHECK(world.arrived.size() == 21);
    CHECK(rows()["a"].sent == 21);
    CHECK(rows()["b"].sent == 10);
    // A new run of the subscriber begins a new account, where the old one stopped.
    world.acknowledge();
    world.attach(flow_test::request("s/h/1", ">"), std::chrono::seconds(1), 3);
    CHECK(rows().empty());
    world.progress = {};
    world.publish(1);
    world.deliver();
    CHECK(rows()["b"].sent == 1);
}
