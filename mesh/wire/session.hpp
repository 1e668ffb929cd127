#pragma once

#include "mesh/event/delivery.hpp"
#include "mesh/event/start_from.hpp"
#include "mesh/wire/subscription_index.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace mesh {

/// Subscriptions that one message speaks of.
inline constexpr std::size_t subscription_rows_max = 8192;

/// The publisher opens a link and asks what to send on it. Answered by Opened.
struct Open {
    /// What the subscriber believes to have had after `position` is of another history: the
    /// publisher's journal is an older copy of the one that it knows.
    struct Foreign {
        SubscriptionIndex index = 0;
        std::uint64_t position = 0;
        bool operator==(const Foreign&) const = default;
    };

    std::uint64_t attempt = 0;
    /// Whose events, when they outlive the publisher; 0: those of this run.
    std::uint64_t journal = 0;
    std::vector<Foreign> foreign = {};
    bool operator==(const Open&) const = default;
};

/// The subscriber draws a session and says where its subscriptions stand.
struct Opened {
    struct Subscription {
        SubscriptionIndex index = 0;
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
        bool is_shared = false; ///< replicas of its service share its events
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
        SubscriptionIndex index = 0;
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
        SubscriptionIndex index = 0;
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
        SubscriptionIndex index = 0;
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
