#include "tests/mesh/peer/joining_watch.hpp"

#include <algorithm>
#include <chrono>
#include <utility>
#include <variant>

namespace joining_test {

namespace {

using namespace std::chrono_literals;

// As docs/joining.md promises.
constexpr mesh::Duration introduction_patience = 3s;

} // namespace

mesh::NodeId id_of(std::size_t node) {
    mesh::NodeId id;
    id.bytes[0] = static_cast<std::byte>(node + 1);
    return id;
}

JoiningWatch::JoiningWatch(const std::vector<std::shared_ptr<const mesh::Contract>>& contracts)
    : graph_(contracts), nodes_(contracts.size()) {}

void JoiningWatch::started(std::size_t node, std::uint32_t incarnation,
                           mesh::TimePoint listens_until) {
    stopped(node);
    nodes_[node] = {};
    nodes_[node].is_there = true;
    nodes_[node].incarnation = incarnation;
    nodes_[node].listens_until = listens_until;
    for (auto& other : nodes_) {
        const auto lost_at = other.sights[node].lost_at;
        other.sights[node] = {};
        other.sights[node].lost_at = lost_at;
    }
}

void JoiningWatch::stopped(std::size_t node) {
    nodes_[node].is_there = false;
    nodes_[node].running = 0;
    for (std::size_t other = 0; other < nodes_.size(); ++other)
        bind(node, other, false);
}

void JoiningWatch::bind(std::size_t one, std::size_t other, bool is_bound) {
    bound_[one][other] = bound_[other][one] = is_bound;
    is_new_ = is_new_ || is_bound;
}

bool JoiningWatch::is_bound(std::size_t one, std::size_t other) const {
    return bound_[one][other];
}

void JoiningWatch::saw(std::size_t node, std::size_t peer, bool is_introduced,
                       mesh::TimePoint now) {
    auto& sight = nodes_[node].sights[peer];
    if (!sight.is_there)
        sight.since = now;
    sight.is_there = true;
    sight.is_introduced = is_introduced;
    nodes_[node].mentioned_at[peer].reset();
    for (auto& one : nodes_[node].sights)
        std::erase_if(one.mentions,
                      [&](const mesh::Mention& mention) { return mention.id == id_of(peer); });
    // Whoever is seen while a node has to listen is met before it decides.
    if (nodes_[node].is_decided && now < nodes_[node].listens_until)
        bind(node, peer, true);
}

void JoiningWatch::lost(std::size_t node, std::size_t peer, mesh::TimePoint now) {
    nodes_[node].sights[peer] = {};
    nodes_[node].sights[peer].lost_at = now;
    bind(node, peer, false);
}

void JoiningWatch::heard(std::size_t node, std::size_t peer, const mesh::ControlBody& body,
                         mesh::TimePoint now) {
    auto& own = nodes_[node];
    auto& sight = own.sights[peer];
    const auto note = [&](const mesh::Standing& standing) {
        const mesh::StandingVersion version{nodes_[peer].incarnation, standing.epoch,
                                            standing.state,
                                            static_cast<std::uint32_t>(standing.idle.size())};
        if (sight.version && *sight.version >= version)
            return;
        sight.version = version;
        is_new_ = true;
    };
    if (const auto* join = std::get_if<mesh::Join>(&body))
        return note(join->standing);
    const auto* answer = std::get_if<mesh::JoinAnswer>(&body);
    if (answer == nullptr)
        return;
    note(answer->standing);
    if (answer->is_held || answer->to != own.version)
        return;
    sight.mentions.clear();
    for (const auto& mention : answer->mentions)
        for (std::size_t other = 0; other < nodes_.size(); ++other) {
            if (mention.id != id_of(other) || own.sights[other].is_there)
                continue;
            sight.mentions.push_back(mention);
            if (!own.mentioned_at[other])
                own.mentioned_at[other] = now;
        }
}

/// Whether a node that decides now must have counted what the peer runs.
bool JoiningWatch::has_to_count(const Node& node, std::size_t peer, mesh::TimePoint now) const {
    const auto& sight = node.sights[peer];
    const auto self = static_cast<std::size_t>(&node - nodes_.data());
    const auto& back = nodes_[peer].sights[self];
    if (back.lost_at >= node.asked_at && back.lost_at != mesh::TimePoint{})
        return false;
    if (sight.is_there)
        return sight.is_introduced ||
               now - std::max(sight.since, node.asked_at) < introduction_patience;
    const bool is_mentioned = std::ranges::any_of(node.sights, [&](const Sight& one) {
        return one.is_introduced &&
               std::ranges::any_of(one.mentions, [&](const mesh::Mention& mention) {
                   return mention == mesh::Mention{id_of(peer), nodes_[peer].incarnation};
               });
    });
    return is_mentioned && node.mentioned_at[peer] &&
           now - *node.mentioned_at[peer] < introduction_patience;
}

bool JoiningWatch::know_each_other(std::size_t one, std::size_t other) const {
    const auto knows = [&](std::size_t who, std::size_t whom) {
        const auto& sight = nodes_[who].sights[whom];
        return sight.is_introduced && sight.version == nodes_[whom].version;
    };
    return knows(one, other) && knows(other, one);
}

template <class Related>
void JoiningWatch::expect_no_cycle(Related related, const char* what) const {
    std::array<std::uint32_t, nodes_max> relations{};
    for (std::size_t i = 0; i < nodes_.size(); ++i)
        for (std::size_t j = 0; j < nodes_.size(); ++j)
            if (i == j || related(i, j))
                relations[i] |= 1U << j;
    for (std::uint32_t set = 1; set < 1U << nodes_.size(); ++set) {
        std::uint32_t handlers = 0;
        bool is_related = true;
        for (std::size_t i = 0; i < nodes_.size() && is_related; ++i) {
            if ((set >> i & 1U) == 0)
                continue;
            is_related = nodes_[i].running != 0 && (relations[i] & set) == set;
            handlers |= nodes_[i].running;
        }
        if (!is_related || !graph_.is_cyclic(handlers))
            continue;
        std::string names;
        for (std::size_t i = 0; i < nodes_.size(); ++i)
            if ((set >> i & 1U) != 0)
                names += " " + std::to_string(i);
        throw Violation(what + (": nodes" + names));
    }
}

void JoiningWatch::look(std::size_t node, const mesh::Admission& admission, mesh::TimePoint now) {
    auto& own = nodes_[node];
    const auto& standing = admission.standing();
    const mesh::StandingVersion version{own.incarnation, standing.epoch, standing.state,
                                        static_cast<std::uint32_t>(standing.idle.size())};
    std::uint32_t running = 0;
    for (std::size_t v = 0; v < graph_.vertices().size(); ++v) {
        if (graph_.vertices()[v].node != node || !admission.runs(graph_.vertices()[v].handler))
            continue;
        if (graph_.vertices()[v].is_relay && !admission.is_decided())
            throw Violation("a handler runs before it is admitted");
        running |= 1U << v;
    }
    if (version.epoch != own.version.epoch) {
        own.asked_at = now;
        own.mentioned_at = {};
    }
    const bool is_more = (running & ~own.running) != 0;
    const bool is_news = version != own.version;
    is_new_ = is_new_ || is_more || is_news;
    own.version = version;
    own.running = running;
    own.is_decided = admission.is_decided();
    for (std::size_t peer = 0; peer < nodes_.size() && is_more; ++peer)
        if (peer != node && nodes_[peer].is_there)
            bind(node, peer, has_to_count(own, peer, now));
    if (is_news)
        for (auto& sight : own.sights)
            sight.mentions.clear();
    if (!std::exchange(is_new_, false))
        return;
    expect_no_cycle([this](auto i, auto j) { return is_bound(i, j); },
                    "a cycle runs among nodes that see each other");
    expect_no_cycle([this](auto i, auto j) { return know_each_other(i, j); },
                    "a cycle runs on among nodes that know of each other");
}

void JoiningWatch::check_calm(const std::vector<const mesh::Admission*>& admissions) const {
    std::uint32_t running = 0;
    for (const auto& node : nodes_)
        running |= node.running;
    if (graph_.is_cyclic(running))
        throw Violation("a cycle runs when all is calm");
    for (std::size_t n = 0; n < nodes_.size(); ++n) {
        if (!nodes_[n].is_there)
            continue;
        if (!admissions[n]->is_decided() || nodes_[n].version.state == mesh::JoinState::pending)
            throw Violation("a node waits forever");
        for (std::size_t v = 0; v < graph_.vertices().size(); ++v)
            if (graph_.vertices()[v].node == n &&
                !admissions[n]->runs(graph_.vertices()[v].handler) &&
                !graph_.is_cyclic(running | 1U << v))
                throw Violation("a quarantined handler fits, and is not admitted again");
        // Whoever has no handler to be admitted needs no standing of others.
        const bool takes_part =
            std::ranges::any_of(graph_.vertices(), [n](const NaiveGraph::Vertex& one) {
                return one.node == n && one.is_relay;
            });
        for (std::size_t peer = 0; peer < nodes_.size() && takes_part; ++peer)
            if (peer != n && nodes_[peer].is_there && nodes_[peer].version.epoch > 0 &&
                nodes_[n].sights[peer].version != nodes_[peer].version)
                throw Violation("nodes do not agree on who is quarantined");
    }
}

} // namespace joining_test
