#include "tests/prove/simulator/plan.hpp"

#include <algorithm>

namespace simulator {

namespace {

using namespace std::chrono_literals;
using mesh::Level;

std::vector<Level> draw_levels(Dice& dice) {
    switch (dice.draw(6)) {
    case 0:
        return {Level::durable};
    case 1:
        return {Level::once};
    case 2:
        return {Level::reliable, Level::fast};
    case 3:
        return {Level::reliable, Level::durable};
    default:
        return {Level::durable, Level::once, Level::reliable, Level::once};
    }
}

mesh::Volume draw_room(Dice& dice) {
    static const std::vector<std::uint64_t> events{1, 1, 2, 3, 10, 100};
    static const std::vector<std::uint64_t> bytes{1, 200, 2'000, 100'000, 1'000'000};
    return {dice.pick(events), dice.pick(bytes)};
}

mesh::LaneOptions draw_lane(Dice& dice) {
    mesh::LaneOptions lane;
    if (dice.one_in(2))
        return lane;
    lane.workers = static_cast<std::uint32_t>(1 + dice.draw(3));
    lane.order = static_cast<mesh::LaneOrder>(dice.draw(4));
    lane.retry = {static_cast<std::uint32_t>(1 + dice.draw(3)), 5ms, 60ms};
    return lane;
}

} // namespace

Plan::Plan(Dice& dice) {
    nodes.resize(2 + dice.draw(dice.one_in(3) ? 7 : 3));
    draw_topics(dice);
    draw_publishers(dice);
    draw_handlers(dice);
    for (auto& node : nodes)
        for (Number topic = 0; topic < topics.size(); ++topic)
            node.has_journal = node.has_journal || (node.says[topic] && topics[topic].is_durable());
    draw_troubles(dice);
}

void Plan::draw_topics(Dice& dice) {
    const auto levels = draw_levels(dice);
    const auto ranks = 1 + dice.draw(4);
    for (std::size_t rank = 0; rank < ranks; ++rank)
        for (auto count = 1 + dice.draw(2); count > 0; --count)
            topics.push_back({"r" + std::to_string(rank) + "." +
                                  static_cast<char>('a' + static_cast<char>(count)),
                              dice.pick(levels), rank});
}

void Plan::draw_publishers(Dice& dice) {
    for (auto& node : nodes)
        node.says.resize(topics.size());
    for (Number topic = 0; topic < topics.size(); ++topic) {
        if (topics[topic].rank > 0 && !dice.one_in(4))
            continue;
        for (auto count = 1 + dice.draw(2); count > 0; --count) {
            auto& node = nodes[dice.draw(nodes.size())];
            if (node.says[topic])
                continue;
            node.publishes.push_back(topic);
            node.says[topic] = true;
        }
    }
}

void Plan::draw_handlers(Dice& dice) {
    const auto count = nodes.size() + dice.draw(nodes.size() + 1);
    for (Number number = 0; number < count; ++number) {
        HandlerPlan handler;
        handler.node = dice.draw(nodes.size());
        auto& node = nodes[handler.node];
        handler.index = static_cast<std::uint16_t>(node.handlers.size());
        handler.key = "h" + std::to_string(number);
        handler.wants.resize(topics.size());
        const auto rank = topics[dice.draw(topics.size())].rank;
        if (dice.one_in(4)) {
            handler.patterns.push_back(*mesh::Pattern::parse("r" + std::to_string(rank) + ".*"));
        } else {
            for (auto wanted = 1 + dice.draw(2); wanted > 0; --wanted)
                if (const auto& topic = dice.pick(topics); topic.rank <= rank)
                    handler.patterns.push_back(*mesh::Pattern::parse(topic.name));
        }
        bool wants_once = false;
        for (Number topic = 0; topic < topics.size(); ++topic) {
            handler.wants[topic] = std::ranges::any_of(handler.patterns, [&](const auto& pattern) {
                return pattern.matches(topics[topic].name);
            });
            wants_once = wants_once || (handler.wants[topic] && topics[topic].level == Level::once);
        }
        if (std::ranges::find(handler.wants, true) == handler.wants.end())
            continue;
        for (Number topic = 0; topic < topics.size(); ++topic) {
            // What is emitted beside a transaction may be lost: `once` emits what is durable.
            const bool is_fitting = topics[topic].is_durable() || !wants_once;
            if (topics[topic].rank > rank && is_fitting && !dice.one_in(3)) {
                handler.emits.push_back(topic);
                node.says[topic] = true;
            }
        }
        handler.lane = draw_lane(dice);
        handler.policy = dice.one_in(3) ? static_cast<mesh::Policy>(dice.draw(mesh::policy_count))
                                        : mesh::Policy::block;
        handler.depth = dice.one_in(2) ? 0 : 1 + dice.draw(6);
        handler.room = draw_room(dice);
        handler.fails_per_cent = dice.one_in(3) ? dice.draw(40) : 0;
        handler.work_max = dice.one_in(4) ? 120ms : 8ms;
        node.handlers.push_back(handlers.size());
        handlers.push_back(std::move(handler));
    }
}

void Plan::draw_troubles(Dice& dice) {
    const bool is_small = dice.one_in(2);
    memory_bytes = is_small ? std::size_t{1024} << dice.draw(3) : std::size_t{64} * 1024;
    payload_size_bytes_max = is_small ? 400 : 60;
    if (dice.one_in(3)) {
        journal_events_max = 5 + dice.draw(40);
        // A journal that refuses what a handler emits makes it wait for those that are behind in
        // the whole journal: that wait is no edge of the graph.
        journal_trims = dice.one_in(2) || std::ranges::any_of(handlers, [&](const auto& one) {
                            return std::ranges::any_of(one.emits, [&](Number topic) {
                                return topics[topic].is_durable();
                            });
                        });
    }
    is_sync_power = dice.one_in(2);
    has_power_loss = dice.one_in(is_sync_power ? 2 : 8);
    has_damage = dice.one_in(12);
    published_max = 8 + dice.draw(40);
    publish_pause_max = std::chrono::milliseconds(20 << dice.draw(4));
    noise = std::chrono::seconds(3 + dice.draw(6));
    delay_max = std::chrono::milliseconds(2 << dice.draw(6));
    lost_per_cent = dice.one_in(2) ? 0 : dice.draw(30);
    loses_batches = dice.one_in(4);
    doubled_per_cent = dice.one_in(2) ? 0 : dice.draw(20);
    crashes = dice.one_in(5) ? 0 : 1 + dice.draw(5);
    freezes = dice.one_in(2) ? 0 : 1 + dice.draw(2);
    cuts = dice.one_in(2) ? 0 : 1 + dice.draw(3);
    full_disks = dice.one_in(3) ? 1 + dice.draw(2) : 0;
    clock_jumps = dice.one_in(2) ? 0 : 1 + dice.draw(4);
    broken_lines = dice.one_in(2) ? 0 : 1 + dice.draw(4);
}

bool Plan::is_linked(Number from, Number to, bool is_durable) const {
    return std::ranges::any_of(nodes[to].handlers, [&](Number handler) {
        for (Number topic = 0; topic < topics.size(); ++topic)
            if (nodes[from].says[topic] && handlers[handler].wants[topic] &&
                topics[topic].is_durable() == is_durable)
                return true;
        return false;
    });
}

} // namespace simulator
