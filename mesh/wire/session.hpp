#pragma once

#include "mesh/event/delivery.hpp"
#include "mesh/event/start_from.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace mesh {

/// Handlers of one contract, and so subscriptions of one link.
inline constexpr std::size_t handlers_max = 4096;

/// The publisher opens a link and asks what to send on it. Answered by Opened.
struct Open {
    std::uint64_t attempt = 0;
    std::uint64_t journal =
        0; ///< whose events, when they outlive the publisher; 0: those of this run
    bool operator==(const Open&) const = default;
};

/// The subscriber draws a session and says where its subscriptions stand.
struct Opened {
    struct Subscription {
        std::uint16_t index = 0; ///< of the handler in its contract
        bool is_lasting = true;
        Policy policy = Policy::block;
        std::uint64_t depth = 0; ///< events that may wait with `drop_oldest`; 0: as the log holds
        StartFrom from;          ///< where to begin when the publisher does not know it
        std::uint64_t window_events = 0;
        std::uint64_t window_bytes = 0;
        std::uint64_t age_us = 0; ///< how long ago it was made
        bool is_resumed = false;  ///< the next three hold
        std::uint64_t position = 0;
        std::uint64_t events = 0;
        std::uint64_t bytes = 0;
        /// Not resumed, but an earlier run of it has handled everything up to `position`.
        bool is_remembered = false;
        bool operator==(const Subscription&) const = default;
    };

    std::uint64_t attempt = 0;
    std::uint64_t session = 0;
    std::vector<Subscription> subscriptions;
    bool operator==(const Opened&) const = default;
};

/// How far subscriptions are, and the credit that they grant beyond it.
struct Acknowledge {
    struct Subscription {
        std::uint16_t index = 0;
        std::uint64_t position = 0;
        std::uint64_t events = 0;
        std::uint64_t bytes = 0;
        std::uint64_t window_events = 0;
        std::uint64_t window_bytes = 0;
        bool operator==(const Subscription&) const = default;
    };

    std::uint64_t session = 0;
    std::vector<Subscription> subscriptions;
    bool operator==(const Acknowledge&) const = default;
};

/// The publisher says how far it took each subscription.
struct Head {
    struct Subscription {
        std::uint16_t index = 0;
        std::uint64_t position = 0;
        bool operator==(const Subscription&) const = default;
    };

    std::uint64_t session = 0;
    std::vector<Subscription> subscriptions;
    bool operator==(const Head&) const = default;
};

/// A batch did not fit: send again from here.
struct Rewind {
    struct Subscription {
        std::uint16_t index = 0;
        std::uint64_t position = 0;
        std::uint64_t events = 0;
        std::uint64_t bytes = 0;
        bool operator==(const Subscription&) const = default;
    };

    std::uint64_t session = 0;
    std::vector<Subscription> subscriptions;
    bool operator==(const Rewind&) const = default;
};

/// Batches do not arrive: open a new link.
struct Reopen {
    std::uint64_t session = 0;
    bool operator==(const Reopen&) const = default;
};

} // namespace mesh
