#pragma once

#include "mesh/base/log.hpp"
#include "mesh/flow/receiving/reception.hpp"
#include "mesh/net/lane.hpp"
#include "mesh/node/handling/atomic_stretch.hpp"
#include "mesh/node/handling/event_lane.hpp"
#include "mesh/node/handling/feed.hpp"
#include "mesh/node/handling/handler_calls.hpp"
#include "mesh/node/handling/handler_spec.hpp"
#include "mesh/node/handling/stretch.hpp"

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace mesh {

/// Runs one handler: takes the stretches of batches that are for it, in order, and has it called
/// for each event. A handler with one worker that takes events in order and tries each once gets
/// batches whole; the events of others wait one by one in an EventLane. Everything but what is
/// said otherwise is the loop's matter; the handler runs in its lane.
class HandlerRunner {
public:
    /// What the runner needs of its node.
    struct Hooks {
        HandlerHooks calls;
        std::function<void()> progressed; ///< from the lane: there is something to acknowledge
    };

    /// `allowed`: what the handler may emit. `owner`: the node, see Emitter.
    HandlerRunner(HandlerSpec spec, std::vector<Pattern> allowed, Hooks hooks, const void* owner);
    ~HandlerRunner();
    HandlerRunner(const HandlerRunner&) = delete;
    HandlerRunner& operator=(const HandlerRunner&) = delete;

    const HandlerSpec& spec() const { return spec_; }

    /// Whether the handler listens to events at all.
    bool listens() const { return !heard().empty(); }

    void push(std::shared_ptr<Feed> feed, std::shared_ptr<const ReceivedBatch> batch,
              const Reception::Taken& taken);

    /// Tells the feed a session's topics from a batch that is not for this handler.
    void push_topics(std::shared_ptr<Feed> feed, std::shared_ptr<const ReceivedBatch> batch);

    /// A timed handler's moment has come. It is skipped while the one before still runs or waits,
    /// and while the handler is held or rests.
    void beat();

    /// What is pushed waits from now on, until `resume` or `rest`.
    void hold();

    /// The event that runs now is the last; what waits or is pushed is dropped, until `resume`. Of
    /// a batch that is under way, the feed's progress says how far it came.
    void rest();

    /// Handles what waits and what comes. After `rest` only once the handler is idle.
    void resume();

    /// Any thread.
    bool is_resting() const { return is_resting_.load(std::memory_order_relaxed); }

    bool is_idle() const;

    /// The node does not wait for the handler any more: what blocks it from outside lets go.
    void close();

    /// Says what takes longer than the handler's deadline.
    void look_at_deadlines(TimePoint now) { calls_.look_at_deadlines(now); }

    /// Any thread.
    template <class Use>
    void with_ledger(Use use) {
        calls_.counts().with_ledger(use);
    }

    std::map<std::string, TopicCounts> counts() const { return calls_.counts().all(); }

private:
    const std::vector<Pattern>& heard() const { return heard_patterns(spec_.contract); }

    void submit(Lane::Task task);
    void run(Feed& feed, const ReceivedBatch& received, const Reception::Taken& taken);
    Progress tell_gap(Feed& feed, const Reception::Taken& taken);
    void run_lasting(Feed& feed, const ReceivedBatch& received, const Reception::Taken& taken);
    AtomicStretch::Done run_together(std::span<const AtomicStretch::Task> tasks,
                                     AtomicStretch::Order order);
    bool handle(Stretch& stretch, const ArrivedEvent& event, bool is_plain);
    void spread(const std::shared_ptr<Feed>& feed,
                const std::shared_ptr<const ReceivedBatch>& received,
                const Reception::Taken& taken);
    void expect_gap(const std::shared_ptr<Feed>& feed, const Reception::Taken& taken);
    void report_gap(const Feed& feed, const Reception::Taken& taken);
    void remember(const Event& event);
    void run_beat(std::uint64_t skipped);

    HandlerSpec spec_;
    CountedWarning gap_{"gap"}; ///< a policy may drop again and again
    CountedWarning unkept_{"the disk did not keep what a handler did, which is tried again"};
    CountedWarning not_once_{"events of level once are not handled so"};
    std::function<void()> progressed_;
    mutable HandlerCalls calls_;
    std::atomic<bool> is_resting_{false};
    std::atomic<bool> is_closed_{false};
    std::atomic<bool> is_abandoned_{false}; ///< the node is over: nothing is handled any more
    bool is_held_ = false;
    std::uint64_t rests_ = 0;
    std::deque<Lane::Task> waiting_; ///< of a held inline handler

    // Of a timed handler.
    std::atomic<bool> is_beating_{false};
    std::uint64_t skipped_ = 0;
    std::vector<std::optional<OwnedEvent>> last_; ///< one a pattern; the lane's matter
    std::optional<OwnedEvent> newest_;            ///<

    // Last, so that their threads end before the rest goes.
    std::optional<EventLane> event_lane_;
    Lane lane_;
};

} // namespace mesh
