#pragma once

#include "mesh/wire/control.hpp"
#include "tests/prove/simulator/crash_point.hpp"
#include "tests/prove/simulator/disk.hpp"
#include "tests/prove/simulator/faults.hpp"
#include "tests/prove/simulator/plan.hpp"
#include "tests/prove/simulator/truth.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <iosfwd>
#include <memory>
#include <optional>
#include <queue>
#include <string>
#include <vector>

namespace simulator {

class Node;

/// Names a data line: from a publisher to the inbox of one run of a subscriber.
using LineNumber = std::size_t;

/// What a node runs in: virtual time, a network that loses, doubles, delays, cuts and breaks, a
/// disk, and death. All of it follows from the seed.
class World {
public:
    World(std::uint64_t seed, const Faults& faults, std::ostream* trace);
    ~World();
    World(const World&) = delete;
    World& operator=(const World&) = delete;

    Dice dice;
    const Faults faults;
    const Plan plan;
    Truth truth;
    std::vector<Disk> disks;

    /// A place where nodes run, one after the other.
    struct Machine {
        std::unique_ptr<Node> node; ///< none: it is down
        std::uint32_t run = 0;      ///< counts the nodes that were started here
        mesh::TimePoint frozen_until{};
        mesh::TimePoint silent_since{}; ///< while it is down
        mesh::Duration wall_offset{};
    };

    std::vector<Machine> machines;
    bool is_calm = false; ///< nothing goes wrong any more

    // Time.

    mesh::TimePoint now() const { return now_; }

    mesh::WallTime wall(Number node) const;

    /// Work of nobody's: it happens whoever is up.
    void after(mesh::Duration delay, std::function<void()> work);

    /// Work of a node: not done when that run of it is gone, and late when it is frozen.
    void after(Number node, mesh::Duration delay, std::function<void()> work);

    /// The next thing to happen. False when nothing is left.
    bool step();

    std::uint64_t steps() const { return steps_; }

    // Control.

    void send(Number from, Number to, const mesh::ControlBody& body);

    // Data: in order and without loss while a line lives.

    LineNumber dial(Number from, Number to);
    /// False when the line is full or not connected.
    bool send(LineNumber line, std::vector<std::byte> bytes);
    void close(LineNumber line);
    /// Breaks the lines between two nodes.
    void break_lines(Number from, Number to);

    // Trouble.

    bool is_cut(Number a, Number b) const { return now_ < cut_until_[a][b]; }

    /// Whether `to` hears nothing of `from` since so long.
    mesh::Duration silence(Number from) const;

    void start(Number node);
    void crash(Number node);
    void cut(Number a, Number b, mesh::Duration duration);

    /// Here a node may die.
    void point(Number node, CrashPoint point);

    void arm(CrashPoint point) { armed_.push_back(point); }

    void disarm() { armed_.clear(); }

    const std::array<std::uint32_t, crash_point_count>& crashes() const { return crashes_; }

    bool is_traced() const { return trace_ != nullptr; }

    void say(Number node, const std::string& text) const;

private:
    struct Entry {
        mesh::TimePoint at;
        std::uint64_t order = 0;
        std::optional<Number> node;
        std::uint32_t run = 0;
        std::function<void()> work;

        bool operator<(const Entry& other) const {
            return at != other.at ? at > other.at : order > other.order;
        }
    };

    struct Line {
        Number from = 0;
        std::uint32_t from_run = 0;
        Number to = 0;
        std::uint32_t to_run = 0;
        bool is_connected = false;
        bool is_open = true; ///< at the publisher's end
        bool is_broken = false;
        std::uint64_t generation = 0; ///< of what is on the way
        mesh::TimePoint last_arrival{};
        std::deque<std::vector<std::byte>> on_way;
    };

    mesh::Duration draw_delay();
    void arrive(LineNumber number);
    void lose_tail(LineNumber number);
    void tell_broken(LineNumber number);
    void run(Number node, const std::function<void()>& work);

    std::ostream* trace_;
    mesh::TimePoint now_{std::chrono::hours(100)};
    mesh::WallTime wall_{std::chrono::hours(400'000)};
    std::uint64_t order_ = 0;
    std::uint64_t steps_ = 0;
    std::priority_queue<Entry> agenda_;
    std::vector<Line> lines_;
    std::vector<std::vector<mesh::TimePoint>> cut_until_;
    std::vector<CrashPoint> armed_;
    std::array<std::uint32_t, crash_point_count> crashes_{};
};

/// The world as one run of a node sees it.
class Site {
public:
    Site(World& world, Number number, std::uint32_t run)
        : world_(world), number_(number), run_(run) {}

    World& world() const { return world_; }

    Number number() const { return number_; }

    std::uint32_t run() const { return run_; }

    mesh::TimePoint now() const { return world_.now(); }

    mesh::WallTime wall() const { return world_.wall(number_); }

    Dice& dice() const { return world_.dice; }

    Truth& truth() const { return world_.truth; }

    const Plan& plan() const { return world_.plan; }

    const Faults& faults() const { return world_.faults; }

    Disk& disk() const { return world_.disks[number_]; }

    void after(mesh::Duration delay, std::function<void()> work) const {
        world_.after(number_, delay, std::move(work));
    }

    void send(Number to, const mesh::ControlBody& body) const { world_.send(number_, to, body); }

    void point(CrashPoint point) const { world_.point(number_, point); }

private:
    World& world_;
    Number number_;
    std::uint32_t run_;
};

mesh::NodeId id_of(Number node);
Number number_of(const mesh::NodeId& id);

} // namespace simulator
