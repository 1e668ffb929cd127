#include "mesh/node/known_topics.hpp"
#include "tests/support/catch.hpp"

#include <string>

using namespace mesh;

TEST_CASE("what is known of a topic is the same the first time and later") {
    KnownTopics topics;
    topics.declare({*Pattern::parse("order.>")},
                   EventRules({{*Pattern::parse("order.paid"), Level::durable, true, 100},
                               {*Pattern::parse("order.*"), Level::fast}}));
    for (int turn = 0; turn < 3; ++turn) {
        const auto paid = topics.facts_of("order.paid");
        CHECK(paid.is_publishable);
        CHECK(paid.is_entry);
        CHECK(paid.level == Level::durable);
        CHECK(paid.compress_from_bytes == 100);
        const auto sent = topics.facts_of("order.sent");
        CHECK(sent.is_publishable);
        CHECK_FALSE(sent.is_entry);
        CHECK(sent.level == Level::fast);
        const auto other = topics.facts_of("user.registered");
        CHECK_FALSE(other.is_publishable);
        CHECK(other.level == Level::reliable);
    }
}

TEST_CASE("more topics than are remembered are known all the same") {
    KnownTopics topics;
    topics.declare({*Pattern::parse("a.*")}, EventRules({{*Pattern::parse("a.7"), Level::fast}}));
    for (int turn = 0; turn < 2; ++turn)
        for (int i = 0; i < 5'000; ++i) {
            const auto facts = topics.facts_of("a." + std::to_string(i));
            REQUIRE(facts.is_publishable);
            REQUIRE(facts.level == (i == 7 ? Level::fast : Level::reliable));
        }
}
