#pragma once

#include "mesh/base/burst_clock.hpp"
#include "mesh/node/handling/attempt.hpp"

#include <cstdint>
#include <string>
#include <utility>

namespace mesh {

/// Events that one worker handles one after the other, each on its own.
class Stretch {
public:
    explicit Stretch(HandlerCalls& calls) : calls_(calls), emitter_(calls.emitter()) {}

    ~Stretch() { settle(); }

    Stretch(const Stretch&) = delete;
    Stretch& operator=(const Stretch&) = delete;

    /// Handles one event. `attempt` counts from 1.
    Outcome handle(const ArrivedEvent& event, const ReservedHeaders& reserved,
                   std::uint32_t attempt) {
        Attempt one(calls_, event, reserved, attempt);
        one.call();
        return finish(one);
    }

    /// The same at the first attempt, of an event without headers, of one run of its publisher,
    /// that comes for the first time, and for a handler with one worker: of the usual case only the
    /// call itself is left. The event's views live until `settle`.
    Outcome handle_plain(const ArrivedEvent& event) {
        static const ReservedHeaders none;
        if (event.is_compressed || calls_.has_deadline())
            return handle(event, none, 1);
        emitter_.begin(&event);
        const auto called = calls_.call(emitter_, event, error_);
        if (called == HandlerCalls::Called::returned && emitter_.said().empty()) {
            is_settled_ = false;
            calls_.counts().note_handled(event, clock_.now());
            return Outcome::done;
        }
        Attempt one(calls_, event, none, std::move(emitter_), called,
                    std::exchange(error_, std::string()));
        const auto outcome = finish(one);
        emitter_ = one.take_emitter();
        return outcome;
    }

    /// The events handled so far may go.
    void settle() {
        if (!std::exchange(is_settled_, true))
            calls_.counts().settle();
    }

    /// Why `handle` last returned `failed`.
    const std::string& error() const { return error_; }

private:
    Outcome finish(Attempt& one) {
        // It says itself what is wrong.
        static_cast<void>(one.publish([](const Emitter::Said&) { return true; }));
        one.bury_if_dead(false);
        static_cast<void>(one.keep_key()); // is logged; it is remembered in memory all the same
        const auto outcome = one.finish();
        error_ = one.error();
        return outcome;
    }

    HandlerCalls& calls_;
    Emitter emitter_; ///< of plain events, one after the other
    BurstClock clock_;
    bool is_settled_ = true;
    std::string error_;
};

} // namespace mesh
