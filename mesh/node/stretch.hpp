#pragma once

#include "mesh/node/attempt.hpp"

#include <cstdint>
#include <string>

namespace mesh {

/// Events that one worker handles one after the other, each on its own.
class Stretch {
public:
    explicit Stretch(HandlerCalls& calls) : calls_(calls) {}

    /// Handles one event. `attempt` counts from 1.
    Outcome handle(const ArrivedEvent& event, const ReservedHeaders& reserved,
                   std::uint32_t attempt) {
        Attempt one(calls_, event, reserved, attempt);
        one.call();
        // It says itself what is wrong.
        static_cast<void>(one.publish([](const Emitter::Said&) { return true; }));
        one.bury_if_dead(false);
        static_cast<void>(one.keep_key()); // is logged; it is remembered in memory all the same
        const auto outcome = one.finish();
        error_ = one.error();
        return outcome;
    }

    /// Why `handle` last returned `failed`.
    const std::string& error() const { return error_; }

private:
    HandlerCalls& calls_;
    std::string error_;
};

} // namespace mesh
