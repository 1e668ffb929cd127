#include "mesh/flow/causality.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <string>
#include <vector>

using namespace mesh;

namespace {

HandlerContract handler(const std::string& on) {
    return {"h", {*Pattern::parse(on)}, std::nullopt, {}};
}

Event event(std::string_view topic, std::optional<Cause> cause = std::nullopt) {
    Event made;
    made.topic = topic;
    made.id = {{}, 1, 7};
    made.cause = cause;
    return made;
}

} // namespace

TEST_CASE("what is emitted because of a root carries it, its trace and the first rank") {
    const auto root = event("a");
    const auto cause = cause_of(root, "b", handler("a"), {}, 1);
    REQUIRE(cause);
    CHECK(cause->cause.event == root.id);
    CHECK(cause->cause.trace == trace_of_root(root.id));
    CHECK(cause->cause.rank == 1);
    CHECK(cause->cause.chain == 1);
    CHECK(cause->cause.rounds == 0);
    CHECK(cause->cause.path.empty());
}

TEST_CASE("an event may go as far as the longest chain and its slack, and not further") {
    const std::size_t longest = 20;
    Cause so_far;
    std::size_t steps = 0;
    for (; steps < 100; ++steps) {
        const auto next = cause_of(event("a", so_far), "a", handler("a"), {}, longest);
        if (!next) {
            CHECK(next.error().code == ErrorCode::refused);
            CHECK_THAT(next.error().detail, Catch::Contains("... -> a -> a"));
            break;
        }
        so_far = next->cause;
    }
    // The chain travels in steps of 16, so it is rounded up on the way.
    CHECK(steps == 32 + rank_slack);
}

TEST_CASE("a node that has just come lets through what others know to be possible") {
    Cause far;
    far.rank = 60;
    far.chain = 4; // somebody knows a chain of 64
    const auto next = cause_of(event("a", far), "b", handler("a"), {}, 0);
    REQUIRE(next);
    CHECK(next->cause.rank == 61);
    CHECK(next->cause.chain == 4);

    far.chain = 0;
    CHECK_FALSE(cause_of(event("a", far), "b", handler("a"), {}, 0));
    CHECK(cause_of(event("a", far), "b", handler("a"), {}, 60));
}

TEST_CASE("an allowed loop is gone around as often as it says, and its path tells the way") {
    const std::vector<LoopContract> loops{{"h", *Pattern::parse("a"), 3}};
    const auto forth = HandlerContract{"forth", {*Pattern::parse("a")}, std::nullopt, {}};
    Cause so_far;
    std::string path; // what the cause views
    std::size_t rounds = 0;
    for (;;) {
        const auto there = cause_of(event("a", so_far), "b", forth, loops, 2);
        REQUIRE(there);
        const auto back = cause_of(event("b", there->cause), "a", handler("b"), loops, 2);
        if (!back) {
            CHECK(back.error().detail ==
                  "round 4 of a loop that 3 are allowed of: ... -> b -> a -> b -> a -> b -> a -> "
                  "b -> a, because of " +
                      to_string(event("b").id) + ", because of " + to_string(event("b").id));
            break;
        }
        ++rounds;
        CHECK(back->cause.rank == 0);
        CHECK(back->cause.rounds == rounds);
        path = back->path;
        so_far = back->cause;
        so_far.path = path;
    }
    CHECK(rounds == 3);
}

TEST_CASE("two loops count their rounds apart") {
    const std::vector<LoopContract> loops{{"h", *Pattern::parse("a"), 2},
                                          {"h2", *Pattern::parse("c"), 2}};
    const HandlerContract other{"h2", {*Pattern::parse("d")}, std::nullopt, {}};
    Cause so_far;
    so_far.rounds = 2;
    so_far.path = "b a b a c";
    CHECK_FALSE(cause_of(event("b", so_far), "a", handler("b"), loops, 4));
    const auto next = cause_of(event("d", so_far), "c", other, loops, 4);
    REQUIRE(next);
    CHECK(next->cause.rounds == 3);
    CHECK(next->path == "b a b a c d");
}

TEST_CASE("a path keeps its last 64 topics, and then all rounds count") {
    const std::vector<LoopContract> loops{{"h", *Pattern::parse("a"), 100}};
    Cause so_far;
    std::string path;
    std::size_t rounds = 0;
    for (; rounds < 1000; ++rounds) {
        const auto next = cause_of(event("a", so_far), "a", handler("a"), loops, 1);
        if (!next)
            break;
        path = next->path;
        so_far = next->cause;
        so_far.path = path;
        CHECK(std::ranges::count(path, ' ') < 64);
    }
    CHECK(rounds == 100);
}
