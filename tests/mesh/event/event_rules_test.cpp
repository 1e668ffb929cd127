#include "mesh/event/event_rules.hpp"
#include "tests/support/catch.hpp"

using mesh::EventRule;
using mesh::EventRules;
using mesh::Level;

namespace {

EventRule rule(std::string_view name, Level level, bool is_entry = false) {
    return {mesh::Pattern::parse(name).value(), level, is_entry};
}

} // namespace

TEST_CASE("a topic that nothing is known of is reliable and no entry") {
    const EventRules rules({rule("a", Level::once, true)});
    CHECK(rules.level_of("b") == Level::reliable);
    CHECK_FALSE(rules.is_entry("b"));
}

TEST_CASE("the rule of exactly a topic's name wins over every pattern") {
    const EventRules rules(
        {rule("order.>", Level::once, true), rule("order.created", Level::fast)});
    CHECK(rules.level_of("order.created") == Level::fast);
    CHECK_FALSE(rules.is_entry("order.created"));
    CHECK(rules.level_of("order.paid") == Level::once);
    CHECK(rules.is_entry("order.paid"));
}

TEST_CASE("of several patterns the narrowest gives the level, whatever their order") {
    const auto widest = rule(">", Level::durable);
    const auto wide = rule("log.>", Level::fast);
    const auto narrow = rule("log.*.fatal", Level::once);
    for (const auto& rules :
         {EventRules({widest, wide, narrow}), EventRules({narrow, wide, widest}),
          EventRules({wide, widest, narrow})}) {
        CHECK(rules.level_of("shop.opened") == Level::durable);
        CHECK(rules.level_of("log.order") == Level::fast);
        CHECK(rules.level_of("log.order.fatal") == Level::once);
    }
}

TEST_CASE("of two patterns that do not hold each other the stronger level counts") {
    for (const auto& rules : {EventRules({rule("*.b", Level::fast), rule("a.*", Level::durable)}),
                              EventRules({rule("a.*", Level::durable), rule("*.b", Level::fast)})})
        CHECK(rules.level_of("a.b") == Level::durable);
}

TEST_CASE("a pattern within the stronger one counts only for topics that it matches") {
    const EventRules rules(
        {rule("a.>", Level::once), rule("*.b", Level::durable), rule("a.x.>", Level::fast)});
    CHECK(rules.level_of("a.b") == Level::once);
    CHECK(rules.level_of("c.b") == Level::durable);
    CHECK(rules.level_of("a.x.b") == Level::fast);
}

TEST_CASE("any pattern makes a topic an entry, as in the checker") {
    const EventRules rules({rule("a.>", Level::fast, true), rule("a.b.*", Level::fast)});
    CHECK(rules.is_entry("a.b.c"));
}

TEST_CASE("the size to compress from is that of the narrowest patterns, the smaller one of two") {
    auto everything = rule(">", Level::fast);
    everything.compress_from_bytes = 9000;
    auto orders = rule("order.>", Level::once);
    orders.compress_from_bytes = 500;
    auto paid = rule("*.paid", Level::fast);
    paid.compress_from_bytes = 100;
    const EventRules rules(
        {everything, orders, paid, rule("order.x", Level::fast), rule("log.>", Level::fast)});
    CHECK(rules.compress_from_bytes("user") == 9000);
    CHECK(rules.compress_from_bytes("order.new") == 500);
    CHECK(rules.compress_from_bytes("order.paid") == 100);
    CHECK_FALSE(rules.compress_from_bytes("order.x"));
    CHECK_FALSE(rules.compress_from_bytes("log.x"));
    CHECK(rules.compress_from_bytes_min() == 100);
    CHECK_FALSE(EventRules({rule("a", Level::fast)}).compress_from_bytes_min());
}

TEST_CASE("rules in one line are read as they were written") {
    const std::vector<EventRule> rules{rule("a", Level::once),
                                       rule("b.>", Level::fast, true),
                                       rule("c=d,e", Level::durable),
                                       {*mesh::Pattern::parse("d"), Level::fast, true, 4096},
                                       {*mesh::Pattern::parse("e"), Level::fast, false, 0}};
    CHECK(mesh::to_text(rules) ==
          "a=once b.>=fast+entry c=d,e=durable d=fast+entry+compress:4096 e=fast+compress:0");
    CHECK(mesh::parse_event_rules(mesh::to_text(rules)).value() == rules);
    CHECK(mesh::parse_event_rules("").value().empty());
}

TEST_CASE("a rule that cannot be read is quoted") {
    for (const std::string text :
         {"a", "a=sometimes", "a..b=fast", "=fast", "a=fast+exit",
          "a=fast+compress:", "a=fast+compress:4KiB", "a=fast+compress:1+entry"}) {
        const auto read = mesh::parse_event_rules("ok=fast " + text);
        REQUIRE_FALSE(read);
        CHECK(read.error().code == mesh::ErrorCode::invalid);
        CHECK(read.error().detail.find("\"" + text + "\"") != std::string::npos);
    }
}
