#pragma once

#include "mesh/base/result.hpp"
#include "mesh/event/dead_letter.hpp"
#include "mesh/flow/recent_keys.hpp"
#include "mesh/node/deadline_watch.hpp"
#include "mesh/node/handler_counts.hpp"
#include "mesh/node/handler_spec.hpp"
#include "mesh/wire/reserved_headers.hpp"

#include <cstdint>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace mesh {

/// What became of an event that the handler was to be called for.
enum class Outcome : std::uint8_t {
    done,      ///< handled, ignored, or a dead letter: its place may move on
    failed,    ///< the attempt failed; try again, or `bury` it
    postponed, ///< another worker handles an event of the same idempotency key
    abandoned, ///< what it emitted cannot leave, as the node is over: it counts as not handled
};

/// What became of something that a handler said.
enum class Emitted : std::uint8_t {
    published,
    stopped, ///< only a loop can have led to it: it became a dead letter
};

/// Calls one handler and judges how it went: time to live, idempotency, deadline, what it throws,
/// and what it emits, which leaves once it has returned. Any number of workers, through a Stretch
/// each.
class HandlerCalls {
public:
    /// Publishes what the handler said because of an event; null at a beat of the clock.
    /// Errors: `closed` when the node is over; others for what cannot be published.
    using Emit = std::function<Result<Emitted>(const Emitter::Said&, const Event* because)>;

    /// `allowed`: what the handler may emit. `owner`: its node, see Emitter.
    HandlerCalls(const HandlerSpec& spec, std::vector<Pattern> allowed, Emit emit,
                 DeadLetterSink dead_letters, const void* owner);

    /// The handler's last attempt failed: the event becomes a dead letter.
    void bury(const Event& event, DeadReason reason, std::uint32_t attempts,
              const std::string& error);

    /// To be called now and then when the handler has a deadline.
    void look_at_deadlines(TimePoint now) { watch_.look(now); }

    HandlerCounts& counts() { return counts_; }

    const HandlerSpec& spec() const { return spec_; }

private:
    friend class Stretch;

    enum class Claim : std::uint8_t { fresh, seen, taken };

    Claim claim(const std::string& key);
    void release(const std::string& key, bool is_dealt_with);

    const HandlerSpec& spec_;
    std::vector<Pattern> allowed_;
    Emit emit_;
    DeadLetterSink dead_letters_;
    const void* owner_; ///< the node, for telling its emitters from those of others
    HandlerCounts counts_;
    DeadlineWatch watch_;

    std::mutex keys_mutex_; ///< guards the rest
    RecentKeys recent_keys_;
    std::set<std::string> keys_in_hand_;
};

/// Events that one worker handles one after the other, without letting go in between: what is to
/// happen for several events together begins and ends with it.
class Stretch {
public:
    explicit Stretch(HandlerCalls& calls) : calls_(calls) {}

    Stretch(const Stretch&) = delete;
    Stretch& operator=(const Stretch&) = delete;

    /// Handles one event. `attempt` counts from 1.
    Outcome handle(const Event& event, const ReservedHeaders& reserved, std::uint32_t attempt);

    /// A beat of a timed handler; `because`: the newest event that it remembers, or null.
    void beat(const Beat& beat, const Event* because);

    /// Why `handle` last returned `failed`.
    const std::string& error() const { return error_; }

private:
    enum class Call : std::uint8_t { returned, failed, undeclared, abandoned };

    /// Calls the handler by `function`, and publishes what it said.
    template <class Function>
    Call call(const Event* because, std::string_view topic, Function function);
    Call publish(const Emitter& emitter, const Event* because, std::string_view topic);

    HandlerCalls& calls_;
    std::string error_;
};

} // namespace mesh
