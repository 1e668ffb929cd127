#pragma once

#include "mesh/node/handling/emitter.hpp"
#include "mesh/node/handling/handler_calls.hpp"
#include "mesh/wire/reserved_headers.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>

namespace mesh {

/// One attempt of a handler at one event, step by step: what is clear without calling it, the call,
/// what it emits, what is given up, and at the end the counts. Lives on the handler's thread.
class Attempt {
public:
    /// `number` counts from 1. The arguments outlive it.
    Attempt(HandlerCalls& calls, const ArrivedEvent& event, const ReservedHeaders& reserved,
            std::uint32_t number);

    /// Goes on where the handler was called already, with that emitter.
    Attempt(HandlerCalls& calls, const ArrivedEvent& event, const ReservedHeaders& reserved,
            Emitter&& emitter, HandlerCalls::Called called, std::string error);

    /// Without `finish` it is as if it had not been: its idempotency key may be tried again.
    ~Attempt();
    Attempt(const Attempt&) = delete;
    Attempt& operator=(const Attempt&) = delete;

    /// Calls the handler, unless it need not be: the event is too old, or its idempotency key was
    /// seen or is in hand elsewhere; or it cannot be, as nobody can read the event. `store`: for a
    /// handler that takes one.
    void call(Store* store = nullptr);

    /// What it said.
    std::span<const Emitter::Said> said() const { return emitter_.said(); }

    using Which = std::function<bool(const Emitter::Said&)>;

    /// Publishes those things said that `which` picks, if it has returned. Errors: why one cannot
    /// be; it counts as failed then, or, when the node is over, as abandoned.
    Result<void> publish(const Which& which);

    /// The same when it cannot be undone any more: what cannot be published is logged.
    void publish_late(const Which& which);

    /// Whether the handler has returned, and what it said could be published.
    bool has_returned() const { return state_ == Outcome::done && has_called_; }

    /// An event that is given up becomes a dead letter: one too old, one that cannot be read, one
    /// whose handler said what it did not declare, and, at the last attempt, one that it failed on.
    void bury_if_dead(bool is_last);

    /// Puts the idempotency key of a durable event that is dealt with on the node's disk, within a
    /// transaction of this thread as a part of it.
    Result<void> keep_key();

    Outcome outcome() const { return state_; }

    /// It counts from here on. Returns the outcome.
    Outcome finish();

    /// The emitter, for the next one; last of all.
    Emitter take_emitter() { return std::move(emitter_); }

    /// Why it failed.
    const std::string& error() const { return error_; }

private:
    void call(const Event& event, Store* store);
    void note(HandlerCalls::Called called);
    Result<void> emit(const Which& which);
    bool is_lasting() const;

    HandlerCalls& calls_;
    const ArrivedEvent& event_;
    const std::string& key_; ///< idempotency key
    std::uint64_t request_;  ///< 0: it is none
    std::uint32_t number_;
    Emitter emitter_;
    Outcome state_ = Outcome::done;
    bool has_claimed_ = false;
    bool has_called_ = false;
    bool is_ignored_ = false;
    std::optional<DeadReason> dead_; ///< what it is to be given up for, whatever the attempt
    bool is_buried_ = false;
    std::uint64_t stopped_count_ = 0;
    std::string error_;
};

} // namespace mesh
