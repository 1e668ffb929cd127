#pragma once

#include "mesh/base/result.hpp"
#include "mesh/event/contract.hpp"
#include "mesh/event/event.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace mesh {

/// A cause with what it views.
struct OwnedCause {
    Cause cause; ///< its path is the one below
    std::string path;

    OwnedCause(Cause of, std::string topics);
    OwnedCause(const OwnedCause&) = delete;
    OwnedCause& operator=(const OwnedCause&) = delete;
    OwnedCause(OwnedCause&&) noexcept;
    OwnedCause& operator=(OwnedCause&&) = delete;
    ~OwnedCause() = default;
};

/// How far beyond the longest chain that anybody knows an event may lie. Nodes that come and go
/// see different chains for a moment.
inline constexpr std::size_t rank_slack = 16;

/// The rank guard: what `handler` may say because of `because`, as the cause of the new event, or
/// why it may not. `loops` are the allowed loop edges of its service, `longest_chain` is that of
/// the contracts that this node knows.
/// Errors: `refused` for an event that only a loop can have led to: its rank lies `rank_slack`
/// above the longest chain; `limit` for one that went around an allowed loop more often than that
/// allows. The message holds the way that the event came, as far as it carries it.
Result<OwnedCause> cause_of(const Event& because, std::string_view topic,
                            const HandlerContract& handler, std::span<const LoopContract> loops,
                            std::size_t longest_chain);

/// The topics on the way to what is emitted because of `because`, oldest first, with a blank
/// between: as far as it carries them, and no more than the last path_topics_max.
std::string path_to(const Event& because);

} // namespace mesh
