// World, the part between nodes: control messages, and lines of data.

#include "tests/prove/simulator/node.hpp"
#include "tests/prove/simulator/world.hpp"

#include <algorithm>
#include <utility>

namespace simulator {

namespace {

using namespace std::chrono_literals;

// As many batches as wait at both ends of a link's sockets.
constexpr std::size_t line_batches_max = 16;

/// As it comes out at the other end: some of them really take the way through bytes.
mesh::ControlMessage through_wire(const mesh::ControlMessage& message) {
    const auto text = mesh::encode(message);
    const auto decoded = mesh::decode_control(std::as_bytes(std::span(text)));
    expect(decoded.has_value(), "a control message cannot be decoded");
    expect(*decoded == message, "a control message changes on its way");
    return *decoded;
}

} // namespace

mesh::Duration World::draw_delay() {
    if (is_calm)
        return dice.between(50us, 2ms);
    return dice.one_in(8) ? dice.between(50us, plan.delay_max) : dice.between(50us, 2ms);
}

void World::send(Number from, Number to, const mesh::ControlBody& body) {
    mesh::ControlMessage message{0, id_of(from), machines[from].run, body};
    if (dice.one_in(16))
        message = through_wire(message);
    const auto copies = !is_calm && dice.happens(plan.doubled_per_cent) ? 2 : 1;
    for (int copy = 0; copy < copies; ++copy) {
        if (is_cut(from, to) || (!is_calm && dice.happens(plan.lost_per_cent)))
            continue;
        const auto delay = draw_delay();
        after(delay, [this, from, to, message] {
            auto& machine = machines[to];
            if (!machine.node || is_cut(from, to))
                return;
            // What comes for a frozen node waits for it.
            after(to, 0ms, [this, from, to, message] {
                machines[to].node->receive(from, message.incarnation, message.body);
            });
        });
    }
}

LineNumber World::dial(Number from, Number to) {
    const auto number = lines_.size();
    auto& line = lines_.emplace_back();
    line.from = from;
    line.from_run = machines[from].run;
    line.to = to;
    after(draw_delay(), [this, number] {
        auto& one = lines_[number];
        const auto& machine = machines[one.to];
        if (!one.is_open || !machine.node || is_cut(one.from, one.to))
            return;
        one.to_run = machine.run;
        one.is_connected = true;
        after(one.from, draw_delay(), [this, number] {
            if (const auto& dialled = lines_[number]; dialled.is_open && !dialled.is_broken)
                machines[dialled.from].node->on_subscribed(number);
        });
    });
    return number;
}

bool World::send(LineNumber number, std::vector<std::byte> bytes) {
    auto& line = lines_[number];
    if (!line.is_connected || line.on_way.size() >= line_batches_max)
        return false;
    line.on_way.push_back(std::move(bytes));
    line.last_arrival = std::max(now_ + draw_delay(), line.last_arrival);
    after(line.last_arrival - now_, [this, number, generation = line.generation] {
        if (lines_[number].generation == generation)
            arrive(number);
    });
    return true;
}

void World::arrive(LineNumber number) {
    auto& line = lines_[number];
    if (line.on_way.empty())
        return;
    const auto& machine = machines[line.to];
    if (!machine.node || machine.run != line.to_run) {
        line.on_way.clear();
        return;
    }
    const bool waits = machine.frozen_until > now_ || (is_cut(line.from, line.to));
    if (waits) {
        const auto until = std::max(machine.frozen_until, cut_until_[line.from][line.to]);
        line.last_arrival = std::max(line.last_arrival, until);
        after(until - now_, [this, number, generation = line.generation] {
            if (lines_[number].generation == generation)
                arrive(number);
        });
        return;
    }
    const auto bytes = std::move(line.on_way.front());
    line.on_way.pop_front();
    if (line.is_open && !line.is_broken && line.on_way.size() + 1 == line_batches_max)
        after(line.from, 0ms, [this, number] {
            if (const auto& one = lines_[number]; one.is_open && !one.is_broken)
                machines[one.from].node->on_writable(number);
        });
    const auto to = line.to;
    run(to, [&] { machines[to].node->receive_batch(bytes); });
}

/// What the kernel has not got yet is gone; the rest still arrives, now and then when the publisher
/// runs anew already.
void World::lose_tail(LineNumber number) {
    auto& line = lines_[number];
    line.on_way.resize(line.on_way.empty() ? 0 : dice.draw(line.on_way.size() + 1));
    if (is_calm || !dice.one_in(2))
        return;
    ++line.generation;
    const auto delay = dice.between(50ms, 4s);
    for (std::size_t i = 0; i < line.on_way.size(); ++i)
        after(delay, [this, number, generation = line.generation] {
            if (lines_[number].generation == generation)
                arrive(number);
        });
}

void World::close(LineNumber number) {
    lines_[number].is_open = false;
    lose_tail(number);
}

void World::tell_broken(LineNumber number) {
    auto& line = lines_[number];
    line.is_broken = true;
    line.on_way.clear();
    ++line.generation;
    // Now and then nobody is told: then only the lease helps.
    if (line.is_open && machines[line.from].run == line.from_run && !dice.one_in(6))
        after(line.from, dice.between(0ms, 30ms), [this, number] {
            if (const auto& one = lines_[number]; one.is_open)
                machines[one.from].node->on_unsubscribed(number);
        });
}

void World::break_lines(Number from, Number to) {
    for (LineNumber number = 0; number < lines_.size(); ++number)
        if (const auto& line = lines_[number];
            line.from == from && line.to == to && line.is_connected && !line.is_broken)
            tell_broken(number);
}

} // namespace simulator
