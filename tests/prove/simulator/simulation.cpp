#include "tests/prove/simulator/simulation.hpp"

#include "tests/prove/simulator/node.hpp"

#include <algorithm>

namespace simulator {

namespace {

using namespace std::chrono_literals;

// What holds somebody up longest: a lease, a link that is dialled anew and fails once, a head that
// is not reached.
constexpr mesh::Duration stall_max = 15s;
constexpr mesh::Duration calm_max = 300s;
constexpr std::uint64_t steps_max = 400'000;

class Simulation {
public:
    Simulation(std::uint64_t seed, const Faults& faults, std::ostream* trace)
        : world_(seed, faults, trace), dice_(world_.dice), plan_(world_.plan) {}

    void run() {
        for (Number node = 0; node < plan_.nodes.size(); ++node)
            world_.after(dice_.between(0ms, dice_.one_in(3) ? 7s : 300ms),
                         [this, node] { world_.start(node); });
        plan_troubles();
        const auto end = world_.now() + plan_.noise;
        while (world_.now() < end && world_.steps() < steps_max && world_.step()) {
        }
        calm_down();
        check_end();
    }

    Outcome outcome() const {
        const auto& sums = world_.truth.sums();
        return {world_.steps(), sums.published, sums.dealt, sums.lost, world_.crashes(), {}};
    }

private:
    Number draw_node() { return dice_.draw(plan_.nodes.size()); }

    template <class Trouble>
    void plan_some(std::uint64_t count, Trouble trouble) {
        for (; count > 0; --count)
            world_.after(dice_.between(0ms, plan_.noise),
                         [this, trouble] { trouble(draw_node()); });
    }

    void plan_troubles() {
        plan_some(plan_.crashes, [this](Number node) {
            if (dice_.one_in(4) && world_.machines[node].node)
                world_.crash(node);
            else
                for (int points = 0; points < 3; ++points)
                    world_.arm(static_cast<CrashPoint>(dice_.draw(crash_point_count)));
        });
        plan_some(plan_.freezes, [this](Number node) {
            auto& machine = world_.machines[node];
            if (!machine.node)
                return;
            machine.frozen_until = world_.now() + dice_.between(100ms, 6s);
            machine.silent_since = world_.now();
        });
        plan_some(plan_.cuts, [this](Number node) {
            const auto other = draw_node();
            if (other != node)
                world_.cut(node, other, dice_.between(50ms, 5s));
        });
        plan_some(plan_.full_disks, [this](Number node) {
            world_.disks[node].set_full(true);
            world_.after(dice_.between(50ms, 2s),
                         [this, node] { world_.disks[node].set_full(false); });
        });
        plan_some(plan_.clock_jumps, [this](Number node) {
            world_.machines[node].wall_offset +=
                dice_.one_in(2) ? dice_.between(-5s, 5s) : dice_.between(-2h, 2h);
        });
        plan_some(plan_.broken_lines,
                  [this](Number node) { world_.break_lines(node, draw_node()); });
        plan_some(plan_.has_damage ? 2 : 0, [this](Number node) {
            if (!world_.disks[node].damage(dice_))
                return;
            const auto stream = world_.truth.stream_of(node, world_.disks[node].journal(), 0);
            world_.truth.may_lose(stream);
            world_.truth.is_damaged(stream);
        });
    }

    void calm_down() {
        if (world_.truth.is_released())
            return;
        world_.is_calm = true;
        world_.disarm();
        for (auto& disk : world_.disks)
            disk.set_full(false);
        const auto end = world_.now() + calm_max;
        auto moved_at = world_.now();
        auto seen = sum();
        while (!is_settled()) {
            const auto until = world_.now() + 100ms;
            while (world_.now() < until && world_.step()) {
            }
            if (const auto now_seen = sum(); now_seen != seen) {
                seen = now_seen;
                moved_at = world_.now();
            }
            if (world_.now() - moved_at >= stall_max)
                throw Violation("nothing moves although something is owed: " + what_is_left());
            expect(world_.now() < end && world_.steps() < steps_max, "the calm does not come");
        }
    }

    std::uint64_t sum() const {
        const auto& sums = world_.truth.sums();
        return sums.published + sums.dealt + sums.lost;
    }

    bool is_settled() {
        for (const auto& machine : world_.machines)
            if (!machine.node || machine.frozen_until > world_.now() || !machine.node->is_settled())
                return false;
        return has_all();
    }

    std::string what_is_left() {
        for (Number node = 0; node < plan_.nodes.size(); ++node) {
            const auto& machine = world_.machines[node];
            if (!machine.node)
                return "a node is down";
            if (!machine.node->is_settled())
                return machine.node->what_is_left();
        }
        for (std::size_t stream = 0; stream < world_.truth.stream_count(); ++stream)
            for (Number handler = 0; handler < plan_.handlers.size(); ++handler)
                if (is_judged(stream) && !world_.truth.has_all(stream, handler))
                    return "a handler has not had an event of stream " + std::to_string(stream);
        return "nothing";
    }

    bool has_all() {
        for (std::size_t stream = 0; stream < world_.truth.stream_count(); ++stream)
            for (Number handler = 0; handler < plan_.handlers.size(); ++handler)
                if (is_judged(stream) && !world_.truth.has_all(stream, handler))
                    return false;
        return true;
    }

    /// A run that died takes along what it did not deliver.
    bool is_judged(std::size_t stream) const {
        return world_.truth.is_journal(stream) ||
               std::ranges::any_of(world_.machines, [&](const auto& machine) {
                   return machine.node->run_stream() == stream;
               });
    }

    void check_end() {
        if (world_.truth.is_released())
            return;
        for (std::size_t stream = 0; stream < world_.truth.stream_count(); ++stream)
            if (world_.truth.is_journal(stream))
                for (std::uint64_t sequence = 1; sequence <= world_.truth.last(stream); ++sequence)
                    for (Number handler = 0; handler < plan_.handlers.size(); ++handler)
                        check_effects(stream, sequence, handler);
    }

    void check_effects(std::size_t stream, std::uint64_t sequence, Number handler) {
        const auto number = world_.truth.events(stream)[sequence - 1];
        const auto& fact = world_.truth.fact(number);
        const auto& plan = plan_.handlers[handler];
        if (!plan.wants[fact.topic])
            return;
        const auto& content = world_.disks[plan.node].content();
        const auto count = [&](const auto& counts) {
            const auto found = counts.find({handler, number});
            return found == counts.end() ? 0U : found->second;
        };
        const auto effects = count(content.effects);
        const auto dead = count(content.dead_letters);
        const bool is_once = plan_.topics[fact.topic].level == mesh::Level::once;
        if (!is_once)
            return;
        expect(effects + dead <= 1, "an effect of level once is there twice");
        if (world_.truth.is_owed(stream, handler, sequence) && !world_.truth.may_lose_some(stream))
            expect(effects + dead == 1, "an effect of level once is missing");
        for (const auto topic : plan.emits) {
            const auto emitted = world_.truth.emissions(handler, number, topic);
            const auto expected = effects == 1 && emits_on(handler, number, topic) ? 1U : 0U;
            expect(emitted == expected,
                   "what a handler of level once emits is not there exactly once");
        }
    }

    World world_;
    Dice& dice_;
    const Plan& plan_;
};

} // namespace

Outcome simulate(std::uint64_t seed, const Faults& faults, std::ostream* trace) {
    Simulation simulation(seed, faults, trace);
    std::string wrong;
    try {
        simulation.run();
    } catch (const Violation& violation) {
        wrong = violation.what();
    }
    auto outcome = simulation.outcome();
    outcome.violation = std::move(wrong);
    return outcome;
}

} // namespace simulator
