#include "tests/prove/simulator/world.hpp"

#include "tests/prove/simulator/node.hpp"

#include <algorithm>
#include <ostream>
#include <utility>

namespace simulator {

using namespace std::chrono_literals;

mesh::NodeId id_of(Number node) {
    mesh::NodeId id;
    id.bytes[0] = static_cast<std::byte>(node + 1);
    return id;
}

Number number_of(const mesh::NodeId& id) {
    return std::to_integer<Number>(id.bytes[0]) - 1;
}

World::World(std::uint64_t seed, const Faults& planted, std::ostream* trace)
    : dice(seed), faults(planted), plan(dice), truth(plan), trace_(trace) {
    const auto count = plan.nodes.size();
    for (Number node = 0; node < count; ++node)
        disks.emplace_back(dice.next() | 1U, plan.is_sync_power, plan.has_power_loss);
    machines.resize(count);
    cut_until_.assign(count, std::vector<mesh::TimePoint>(count));
}

World::~World() = default;

mesh::WallTime World::wall(Number node) const {
    const auto passed = now_ - mesh::TimePoint{std::chrono::hours(100)};
    return wall_ + std::chrono::duration_cast<std::chrono::microseconds>(
                       passed + machines[node].wall_offset);
}

void World::after(mesh::Duration delay, std::function<void()> work) {
    agenda_.push({now_ + delay, ++order_, std::nullopt, 0, std::move(work)});
}

void World::after(Number node, mesh::Duration delay, std::function<void()> work) {
    agenda_.push({now_ + delay, ++order_, node, machines[node].run, std::move(work)});
}

bool World::step() {
    if (agenda_.empty())
        return false;
    auto entry = std::move(const_cast<Entry&>(agenda_.top()));
    agenda_.pop();
    now_ = std::max(now_, entry.at);
    if (!entry.node) {
        ++steps_;
        entry.work();
        return true;
    }
    const auto& machine = machines[*entry.node];
    if (machine.run != entry.run || !machine.node)
        return true;
    if (machine.frozen_until > now_) {
        entry.at = machine.frozen_until;
        agenda_.push(std::move(entry));
        return true;
    }
    ++steps_;
    run(*entry.node, entry.work);
    return true;
}

void World::run(Number node, const std::function<void()>& work) {
    try {
        work();
    } catch (const Crashed& crashed) {
        expect(crashed.node == node, "a node dies while another one works");
        crash(node);
    }
}

mesh::Duration World::silence(Number from) const {
    const auto& machine = machines[from];
    return machine.node && machine.frozen_until <= now_ ? mesh::Duration{}
                                                        : now_ - machine.silent_since;
}

void World::start(Number node) {
    auto& machine = machines[node];
    if (machine.node)
        return;
    ++machine.run;
    if (is_traced())
        say(node, "starts, run " + std::to_string(machine.run));
    run(node, [&] { machine.node = std::make_unique<Node>(Site(*this, node, machine.run)); });
    if (machine.node)
        run(node, [&] { machine.node->begin(); });
}

void World::crash(Number node) {
    auto& machine = machines[node];
    machine.node.reset();
    machine.silent_since = now_;
    machine.frozen_until = {};
    for (LineNumber number = 0; number < lines_.size(); ++number) {
        auto& line = lines_[number];
        if (line.is_broken)
            continue;
        if (line.from == node && line.from_run == machine.run) {
            line.is_open = false;
            lose_tail(number);
        } else if (line.to == node && line.to_run == machine.run && line.is_connected) {
            tell_broken(number);
        }
    }
    if (!is_calm && plan.has_power_loss && dice.one_in(2)) {
        const bool is_lost = disks[node].lose_power(dice, faults.has(ShellFault::torn_kept));
        if (is_lost)
            truth.release();
        if (is_traced())
            say(node, is_lost ? "loses power, and what was not flushed" : "loses power");
    }
    after(dice.between(20ms, is_calm ? 100ms : 2500ms), [this, node] { start(node); });
}

void World::cut(Number a, Number b, mesh::Duration duration) {
    cut_until_[a][b] = cut_until_[b][a] = now_ + duration;
    // Heartbeats notice it after that long.
    if (duration > 1300ms)
        after(1300ms, [this, a, b] {
            break_lines(a, b);
            break_lines(b, a);
        });
}

void World::point(Number node, CrashPoint point) {
    if (armed_.empty())
        return;
    const auto found = std::ranges::find(armed_, point);
    if (found == armed_.end() || !dice.one_in(3))
        return;
    armed_.erase(found);
    ++crashes_[static_cast<std::size_t>(point)];
    if (is_traced())
        say(node, "dies: " + std::string(crash_point_names[static_cast<std::size_t>(point)]));
    throw Crashed{node};
}

void World::say(Number node, const std::string& text) const {
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(
        now_ - mesh::TimePoint{std::chrono::hours(100)});
    *trace_ << ms.count() << " ms, node " << node << ": " << text << '\n';
}

} // namespace simulator
