#pragma once

#include "mesh/base/time.hpp"

#include <cstdint>
#include <optional>

namespace mesh {

/// The life of the link from this node, as publisher, to one peer's inbox: dial, wait until both
/// the inbox and the control path agree, serve, and dial anew after a break.
/// Pure: it says what to do, and the node does it. One thread uses it.
class Link {
public:
    /// Attempts are numbered from here on, so that those of an earlier link to the same peer are
    /// told apart. `seed` scatters the moments at which it dials again: links that broke together
    /// do not come back together.
    explicit Link(std::uint64_t first_attempt = 0, std::uint64_t seed = 0)
        : attempt_(first_attempt), random_(seed) {}

    /// What the node has to do now.
    enum class Action {
        none,
        dial,      ///< connect a fresh socket to the inbox and send Open with `attempt()`
        ask_again, ///< send Open once more
        serve,     ///< session and inbox are there: begin to send
        close,     ///< close the socket and end the session
        give_up,   ///< as close; and tell the peer that its inbox cannot be reached
    };

    /// Dials when the peer wants something that this node publishes; closes when it no longer does.
    Action want(bool is_wanted, TimePoint now);

    /// The peer answered Open. Answers to an older attempt do not count.
    Action opened(std::uint64_t attempt, std::uint64_t session, TimePoint now);

    /// The inbox's subscription arrived on the socket, or left it.
    Action subscribed(TimePoint now);
    Action unsubscribed(TimePoint now);

    /// The peer acknowledged: the lease goes on.
    void acknowledged(TimePoint now) { acknowledged_at_ = now; }

    /// The peer says that batches of this session do not arrive.
    Action reopen(std::uint64_t session, TimePoint now);

    /// The peer showed itself, so the next dial need not wait.
    void encourage() {
        failures_ = 0;
        dial_at_ = TimePoint{};
    }

    /// To be called every 100 ms or so.
    Action tick(TimePoint now);

    bool is_serving() const { return state_ == State::serving; }

    bool is_dialled() const { return state_ == State::opening || state_ == State::serving; }

    bool is_wanted() const { return is_wanted_; }

    std::uint64_t attempt() const { return attempt_; }

    std::uint64_t session() const { return session_; }

    /// Attempts since the last success; odd ones may try another way to the inbox.
    std::uint32_t failures() const { return failures_; }

private:
    enum class State { closed, opening, serving };

    Action dial(TimePoint now);
    Action serve_if_complete(TimePoint now);
    Action end(Action action, TimePoint now);

    State state_ = State::closed;
    bool is_wanted_ = false;
    bool is_opened_ = false;
    bool is_subscribed_ = false;
    std::uint64_t attempt_;
    std::uint64_t random_;
    std::uint64_t session_ = 0;
    std::uint32_t failures_ = 0;
    TimePoint dialled_at_{};
    TimePoint asked_at_{};
    TimePoint dial_at_{};
    TimePoint acknowledged_at_{};
};

} // namespace mesh
