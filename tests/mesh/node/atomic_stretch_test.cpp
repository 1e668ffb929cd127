#include "mesh/node/handling/atomic_stretch.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/home.hpp"

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace mesh;
using Order = AtomicStretch::Order;
using Function = std::function<void(const Event&, Emitter&)>;

namespace {

constexpr std::uint64_t journal_id = 7;
const NodeId publisher = NodeId::random();

/// A handler and its node's disk.
class Handling {
public:
    explicit Handling(Function function, bool takes_store = true, std::uint32_t attempts = 1)
        : disk_(open(home_.path())), spec_(spec(std::move(function), takes_store, attempts)) {
        HandlerHooks hooks;
        hooks.emit = [this](const Emitter::Said& said, const Event*,
                            CommonCause&) -> Result<Emitted> {
            emitted.push_back(said.topic +
                              (DiskHold::is_held_here(*disk_) ? " while held" : " after"));
            if (said.topic == emit_fails_)
                return fail(ErrorCode::environment, "the disk is full");
            return Emitted::published;
        };
        hooks.dead_letters = [this](const DeadLetter& letter) {
            dead.push_back(letter.event->id.sequence);
        };
        hooks.disk = [this] { return disk_.get(); };
        hooks.is_durable = [](const Emitter::Said& said) { return said.topic == "durable"; };
        hooks.wait_for_room = [](const Emitter::Said&) -> Result<void> { return {}; };
        calls_.emplace(spec_, std::vector{*Pattern::parse(">")}, std::move(hooks), this);
    }

    /// Handles the events of these sequences in one stretch.
    AtomicStretch::Done handle(const std::vector<std::uint64_t>& sequences,
                               Order order = Order::in_order) {
        std::vector<ArrivedEvent> events(sequences.size());
        for (std::size_t i = 0; i < events.size(); ++i) {
            events[i].topic = "a";
            events[i].id = {publisher, 0, sequences[i]};
        }
        std::vector<AtomicStretch::Task> tasks;
        for (const auto& event : events)
            tasks.push_back({event, none_, 1, *feed});
        return AtomicStretch(*calls_, *disk_, order).handle(tasks, [] { return false; });
    }

    void fail_to_emit(const std::string& topic) { emit_fails_ = topic; }

    /// What the disk holds of a key.
    std::string stored(const std::string& key) { return disk_->store->get(key).value_or("none"); }

    std::uint64_t stored_place() {
        const auto places = disk_->places->load();
        REQUIRE(places);
        return places->empty() ? 0 : places->front().position;
    }

    std::vector<std::uint64_t> stored_marks() {
        std::vector<std::uint64_t> marks;
        const auto loaded = disk_->places->load_marks();
        REQUIRE(loaded);
        for (const auto& one : *loaded)
            marks.push_back(one.position);
        return marks;
    }

    HandlerCounts& counts() { return calls_->counts(); }

    std::shared_ptr<Feed> feed = std::make_shared<Feed>(publisher, 0, "publisher", journal_id);
    std::vector<std::string> emitted;
    std::vector<std::uint64_t> dead;

private:
    static std::unique_ptr<Disk> open(const std::string& folder) {
        auto disk = Disk::open(folder + "/node.db", Sync::normal, {});
        REQUIRE(disk);
        return std::move(*disk);
    }

    static HandlerSpec spec(Function function, bool takes_store, std::uint32_t attempts) {
        HandlerSpec made;
        made.contract.name = "keep";
        made.function = std::move(function);
        made.takes_store = takes_store;
        made.lane.retry.attempts = attempts;
        return made;
    }

    tests::Home home_;
    std::unique_ptr<Disk> disk_;
    HandlerSpec spec_;
    std::optional<HandlerCalls> calls_;
    std::string emit_fails_;
    const ReservedHeaders none_;
};

void count_up(Store& store) {
    store.put("count", std::to_string(std::stoi(store.get("count").value_or("0")) + 1));
}

} // namespace

TEST_CASE("effects, durable emits and the place are kept together, other emits leave after") {
    Handling one([](const Event&, Emitter& emit) {
        count_up(emit.store());
        emit("durable", {});
        emit("other", {});
    });
    const auto done = one.handle({1, 2});
    CHECK(done.count == 2);
    CHECK(done.next == Outcome::done);
    CHECK(one.stored("count") == "2");
    CHECK(one.stored_place() == 2);
    CHECK(one.emitted == std::vector<std::string>{"durable while held", "durable while held",
                                                  "other after", "other after"});
    CHECK(one.counts().all().at("a").handled == 2);
}

TEST_CASE("a handler that takes no store runs while others may use the disk") {
    bool was_held = true;
    const Disk* disk = nullptr;
    Handling one(
        [&](const Event&, Emitter& emit) {
            was_held = disk != nullptr && DiskHold::is_held_here(*disk);
            CHECK_THROWS_AS(emit.store(), std::logic_error);
            emit("durable", {});
        },
        false);
    CHECK(one.handle({1}).count == 1);
    CHECK_FALSE(was_held);
    CHECK(one.emitted == std::vector<std::string>{"durable while held"});
    CHECK(one.stored_place() == 1);
}

TEST_CASE("of an event that a handler fails on nothing stays but its dead letter") {
    Handling one([](const Event& event, Emitter& emit) {
        count_up(emit.store());
        emit("durable", {});
        if (event.id.sequence == 2)
            throw std::runtime_error("no");
    });
    CHECK(one.handle({1, 2, 3}).count == 3);
    CHECK(one.stored("count") == "2");
    CHECK(one.emitted.size() == 2);
    CHECK(one.dead == std::vector<std::uint64_t>{2});
    CHECK(one.stored_place() == 3);
}

TEST_CASE("an event that is to be tried again ends the stretch, and what came before is kept") {
    Handling one(
        [](const Event& event, Emitter& emit) {
            if (event.id.sequence == 2)
                throw std::runtime_error("not yet");
            count_up(emit.store());
        },
        true, 3);
    const auto done = one.handle({1, 2, 3}, Order::any_order);
    CHECK(done.count == 1);
    CHECK(done.next == Outcome::failed);
    CHECK(done.error == "not yet");
    CHECK(one.stored("count") == "1");
    CHECK(one.stored_marks() == std::vector<std::uint64_t>{1});
    CHECK(one.dead.empty());
}

TEST_CASE("what the disk does not take is as if it had not been") {
    const bool takes_store = GENERATE(true, false);
    Handling one(
        [takes_store](const Event& event, Emitter& emit) {
            if (takes_store)
                count_up(emit.store());
            if (event.id.sequence == 2)
                emit("durable", {});
            emit("other", {});
        },
        takes_store);
    one.fail_to_emit("durable");
    const auto done = one.handle({1, 2});
    CHECK(done.count == 0);
    CHECK(done.next == Outcome::unkept);
    CHECK(done.error.find("the disk is full") != std::string::npos);
    CHECK(one.stored("count") == "none");
    CHECK(one.stored_place() == 0);
    CHECK(one.counts().all().empty());
    CHECK(one.emitted == std::vector<std::string>{"durable while held"});

    one.fail_to_emit("");
    CHECK(one.handle({1, 2}).count == 2);
    CHECK(one.stored_place() == 2);
}

TEST_CASE("events that finish in any order are marked, and come but once after a new start") {
    int calls = 0;
    Handling one([&](const Event&, Emitter&) { ++calls; });
    one.feed->remember(2, {4});
    CHECK(one.handle({1, 2, 3, 4, 5}, Order::any_order).count == 5);
    CHECK(calls == 2);
    CHECK(one.stored_marks() == std::vector<std::uint64_t>{3, 5});

    // Once everything before is finished, the place takes over from the marks.
    one.feed->advance({5, {}});
    CHECK(one.handle({6}, Order::any_order).count == 1);
    CHECK(one.stored_place() == 5);
    CHECK(one.stored_marks() == std::vector<std::uint64_t>{6});
    CHECK(one.feed->is_kept(3));
    CHECK(one.feed->is_kept(6));
    CHECK_FALSE(one.feed->is_kept(7));
}

TEST_CASE("an idempotency key counts as seen only when the rest is kept") {
    int calls = 0;
    Handling one([&](const Event&, Emitter& emit) {
        ++calls;
        emit("durable", {});
    });
    one.fail_to_emit("durable");
    CHECK(one.handle({1}).next == Outcome::unkept);
    one.fail_to_emit("");
    CHECK(one.handle({1}).count == 1);
    CHECK(calls == 2);
}
