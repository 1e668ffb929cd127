#include "mesh/flow/causality.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

namespace mesh {

namespace {

constexpr std::size_t chain_step = 16;

template <class Number>
Number saturated(std::size_t value) {
    return static_cast<Number>(std::min<std::size_t>(value, std::numeric_limits<Number>::max()));
}

std::vector<std::string_view> topics_of(std::string_view path) {
    std::vector<std::string_view> topics;
    while (!path.empty()) {
        const auto end = std::min(path.find(' '), path.size());
        topics.push_back(path.substr(0, end));
        path.remove_prefix(std::min(end + 1, path.size()));
    }
    return topics;
}

/// How often the chain took this edge: a step of its path from something that the handler listens
/// to, to something that the edge allows.
std::size_t rounds_on(const std::string& path, const HandlerContract& handler,
                      const Pattern& emits) {
    const auto topics = topics_of(path);
    std::size_t rounds = 0;
    for (std::size_t i = 1; i < topics.size(); ++i)
        if (emits.matches(topics[i]) &&
            std::ranges::any_of(heard_patterns(handler),
                                [&](const Pattern& heard) { return heard.matches(topics[i - 1]); }))
            ++rounds;
    return rounds;
}

/// For people, with arrows. What came before the first round is not carried.
std::string way(const Event& because, std::string_view topic) {
    std::string way = because.cause ? "... -> " : "";
    const auto path = path_to(because);
    for (const auto one : topics_of(path))
        way += std::string(one) + " -> ";
    return way + std::string(topic) + ", because of " + to_string(because.id) +
           (because.cause ? ", because of " + to_string(because.cause->event) : "");
}

} // namespace

std::string path_to(const Event& because) {
    auto topics = topics_of(because.cause ? because.cause->path : std::string_view{});
    topics.push_back(because.topic);
    const auto dropped = topics.size() - std::min(topics.size(), path_topics_max);
    std::string path;
    for (std::size_t i = dropped; i < topics.size(); ++i)
        path += (path.empty() ? "" : " ") + std::string(topics[i]);
    return path;
}

OwnedCause::OwnedCause(Cause of, std::string topics) : cause(of), path(std::move(topics)) {
    cause.path = path;
}

OwnedCause::OwnedCause(OwnedCause&& other) noexcept
    : OwnedCause(other.cause, std::move(other.path)) {}

Result<OwnedCause> cause_of(const Event& because, std::string_view topic,
                            const HandlerContract& handler, std::span<const LoopContract> loops,
                            std::size_t longest_chain) {
    const Cause before = because.cause.value_or(Cause{});
    Cause cause;
    cause.event = because.id;
    cause.trace = because.trace();
    cause.rounds = before.rounds;
    // Somebody before may have known a longer chain than this node does, or the other way round.
    const auto chain = std::max(longest_chain, before.chain * chain_step);
    cause.chain = saturated<std::uint8_t>((chain + chain_step - 1) / chain_step);

    const auto loop = std::ranges::find_if(loops, [&](const LoopContract& one) {
        return one.handler == handler.name && one.emits.matches(topic);
    });
    if (loop != loops.end()) {
        // A chain that lost the start of its path counts all its rounds.
        const auto path = before.rounds > 0 ? path_to(because) : std::string(because.topic);
        const bool is_whole = topics_of(path).size() < path_topics_max;
        const auto rounds =
            (is_whole ? rounds_on(path, handler, loop->emits) : before.rounds) + std::size_t{1};
        if (rounds > std::min(loop->rounds_max, loop_rounds_max))
            return fail(ErrorCode::limit, "round " + std::to_string(rounds) + " of a loop that " +
                                              std::to_string(loop->rounds_max) +
                                              " are allowed of: " + way(because, topic));
        cause.rounds = saturated<std::uint8_t>(before.rounds + std::size_t{1});
        return OwnedCause(cause, path);
    }

    const auto rank = before.rank + std::size_t{1};
    if (rank > chain + rank_slack)
        return fail(ErrorCode::refused, "a loop: rank " + std::to_string(rank) +
                                            ", and the longest chain has " + std::to_string(chain) +
                                            " events: " + way(because, topic));
    cause.rank = saturated<std::uint16_t>(rank);
    return OwnedCause(cause, cause.rounds > 0 ? path_to(because) : std::string());
}

} // namespace mesh
