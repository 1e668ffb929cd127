#pragma once

#include "mesh/base/log.hpp"
#include "mesh/event/contract.hpp"
#include "mesh/event/delivery.hpp"
#include "mesh/event/event.hpp"
#include "mesh/event/start_from.hpp"
#include "mesh/flow/latency_histogram.hpp"
#include "mesh/flow/reception.hpp"
#include "mesh/net/lane.hpp"
#include "mesh/node/emitter.hpp"
#include "mesh/node/handler.hpp"
#include "mesh/wire/batch.hpp"
#include "mesh/wire/event_record.hpp"

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace mesh {

/// A handler as the program gave it.
struct HandlerSpec {
    HandlerContract contract;
    HandlerFunction function;
    std::vector<std::pair<Pattern, std::uint32_t>> loops; ///< what may close a cycle, how often
    std::function<void(const Gap&)> on_gap;               ///< may be empty
    Volume room{32768, std::uint64_t{8} * 1024 * 1024};   ///< shared by its publishers
    Policy policy = Policy::block;                        ///< when there is no room
    StartFrom from;                                       ///< at publishers that do not know it
    bool is_inline = false; ///< runs on the loop's thread: only for what returns at once
};

/// A batch that arrived, with what keeps its bytes alive.
struct ReceivedBatch {
    std::shared_ptr<const void> owner;
    Batch batch;
};

/// One publisher's events on their way to one handler. The loop's thread reads its progress, the
/// handler's thread the rest.
class Feed {
public:
    Feed(NodeId from, std::uint32_t run, std::string name)
        : source(from), incarnation(run), service(std::move(name)) {}

    const NodeId source;
    const std::uint32_t incarnation;
    const std::string service;

    /// Any thread.
    Progress progress() const;
    void advance(const Progress& progress);

    struct Topic {
        std::string name;
        bool is_wanted = false;
    };

    std::vector<std::optional<Topic>> topics; ///< by number, as the session defined them

private:
    mutable std::mutex mutex_; ///< guards progress_
    Progress progress_;
};

/// The event of a record that `reader` has just read. Its views live as long as the arguments.
Event event_of(const EventRecord& record, const RecordReader& reader, std::string_view topic,
               const Feed& feed);

/// What one handler has done with one topic.
struct TopicCounts {
    std::uint64_t handled = 0;
    std::uint64_t failed = 0;
    std::uint64_t lost = 0;
    std::uint64_t first_us = 0; ///< when the first was handled, Unix epoch
    std::uint64_t last_us = 0;
    LatencyHistogram latency; ///< from publish to handled
};

/// Runs one handler: takes the stretches of batches that are for it, in order, and calls it for
/// each event. Pushing is the loop's matter; the handler runs in its lane.
class HandlerRunner {
public:
    /// Publishes what the handler said because of an event.
    using Emit = std::function<Result<void>(const Emitter::Said&, const Event& because)>;

    /// `progressed` is called from the lane when the loop has something to acknowledge.
    HandlerRunner(HandlerSpec spec, std::vector<Pattern> allowed, Emit emit,
                  std::function<void()> progressed, const void* owner);

    const HandlerSpec& spec() const { return spec_; }

    /// Whether the handler listens to events at all.
    bool listens() const { return !spec_.contract.on.empty(); }

    void push(std::shared_ptr<Feed> feed, std::shared_ptr<const ReceivedBatch> batch,
              const Reception::Taken& taken);

    /// Tells the feed a session's topics from a batch that is not for this handler.
    void push_topics(std::shared_ptr<Feed> feed, std::shared_ptr<const ReceivedBatch> batch);

    /// What is pushed waits from now on, until `resume` or `rest`.
    void hold();

    /// The event that runs now is the last; what waits or is pushed is dropped, until `resume`. Of
    /// a batch that is under way, the feed's progress says how far it came.
    void rest();

    /// Handles what waits and what comes. After `rest` only once the handler is idle.
    void resume();

    bool is_resting() const { return is_resting_.load(std::memory_order_relaxed); }

    bool is_idle() const { return spec_.is_inline ? waiting_.empty() : lane_.is_idle(); }

    std::map<std::string, TopicCounts> counts() const;

private:
    void report_gap(const Feed& feed, const Reception::Taken& taken);
    void run(Feed& feed, const ReceivedBatch& received, const Reception::Taken& taken);
    void define(Feed& feed, const ReceivedBatch& received) const;
    void handle(const Event& event);
    void submit(Lane::Task task);

    HandlerSpec spec_;
    CountedWarning gap_{"gap"}; ///< a policy may drop again and again
    std::vector<Pattern> allowed_;
    Emit emit_;
    std::function<void()> progressed_;
    const void* owner_;               ///< the node, for telling its emitters from those of others
    mutable std::mutex counts_mutex_; ///< guards counts_
    std::map<std::string, TopicCounts, std::less<>> counts_;
    std::atomic<bool> is_resting_{false};
    bool is_held_ = false;
    std::deque<Lane::Task> waiting_; ///< of a held inline handler
    Lane lane_;                      ///< last, so that its thread ends before the rest goes
};

} // namespace mesh
