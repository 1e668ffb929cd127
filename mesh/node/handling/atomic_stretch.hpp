#pragma once

#include "mesh/node/disk.hpp"
#include "mesh/node/handling/attempt.hpp"
#include "mesh/node/handling/feed.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace mesh {

/// Events that one worker handles in one transaction of its node's disk: what the handler writes to
/// the store, the durable events that it emits, its dead letters, and which events are dealt with
/// are kept together or not at all. What it emits that is not durable leaves once they are.
///
/// A handler that takes no store is called before the disk is held, so it may take its time; one
/// that takes it holds the disk, and nothing else that is durable goes on in the node meanwhile.
/// Nobody waits for credit while holding the disk: there was room before, and what the events of
/// one transaction emit goes on top of it.
class AtomicStretch {
public:
    /// How it is noted which events are dealt with.
    enum class Order : std::uint8_t {
        in_order,  ///< by the place of the last one
        any_order, ///< by a mark each, until the place has come there
    };

    AtomicStretch(HandlerCalls& calls, Disk& disk, Order order)
        : calls_(calls), disk_(disk), order_(order) {}

    struct Task {
        const ArrivedEvent& event;
        const ReservedHeaders& reserved;
        std::uint32_t attempt;
        Feed& feed;
    };

    struct Done {
        std::size_t count = 0;        ///< events that are dealt with, from the first on
        Outcome next = Outcome::done; ///< what became of the one behind them, if it was begun
        std::string error;            ///< why it failed
    };

    static constexpr std::size_t events_max = 256;

    /// Handles some of the events, from the first on: until one is not done, until enough are
    /// together, or until `must_stop`. To be called once.
    Done handle(std::span<const Task> tasks, const std::function<bool()>& must_stop);

private:
    /// One of the tasks, begun.
    struct Step {
        explicit Step(const Task& begun) : task(begun) {}

        const Task& task;
        std::optional<Attempt> attempt; ///< nothing: the event was dealt with before

        bool is_done() const { return !attempt || attempt->outcome() == Outcome::done; }
    };

    struct Kept {
        Feed* feed = nullptr;
        std::vector<std::uint64_t> sequences;
        std::uint64_t place = 0; ///< 0: it does not move
    };

    using MustStop = std::function<bool()>;

    bool is_enough(const MustStop& must_stop) const;
    Step& begin(const Task& task);
    Result<void> wait_for_room() const;
    Result<void> keep_all(std::span<const Task> tasks, const MustStop& must_stop);
    Result<void> keep(Step& step);
    Result<void> keep_effects(Attempt& attempt);
    Result<void> note(const Task& task);
    Result<void> move_places();
    Done finish();
    Place place_of(const Feed& feed, std::uint64_t position) const;

    HandlerCalls& calls_;
    Disk& disk_;
    Order order_;
    TimePoint until_{};
    std::deque<Step> steps_;
    std::vector<Kept> kept_; ///< by feed
};

} // namespace mesh
