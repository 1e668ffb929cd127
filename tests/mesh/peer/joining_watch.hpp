#pragma once

#include "mesh/base/time.hpp"
#include "mesh/event/contract.hpp"
#include "mesh/peer/admission.hpp"
#include "tests/mesh/peer/naive_graph.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace joining_test {

/// What must hold does not.
struct Violation : std::runtime_error {
    using std::runtime_error::runtime_error;
};

inline constexpr std::size_t nodes_max = 6;

/// Looks at simulated nodes from outside, knows what none of them can know, and throws a Violation
/// when something does not hold. It reads what nodes say and run, never how they decide: its graph
/// is a naive one.
///
/// Two nodes are *bound* when the later of their decisions was made with the other one in view, and
/// the other one did not lose sight of it meanwhile: no cycle may run among nodes that are bound
/// to each other, at any time. Nodes that met while they ran may run a cycle until they know of
/// each other: so no cycle may run among nodes of which each has heard the current standing of
/// each other.
class JoiningWatch {
public:
    explicit JoiningWatch(const std::vector<std::shared_ptr<const mesh::Contract>>& contracts);

    void started(std::size_t node, std::uint32_t incarnation, mesh::TimePoint listens_until);
    void stopped(std::size_t node);
    void saw(std::size_t node, std::size_t peer, bool is_introduced, mesh::TimePoint now);
    void lost(std::size_t node, std::size_t peer, mesh::TimePoint now);

    /// `peer` is in view, introduced, and this run of it said so.
    void heard(std::size_t node, std::size_t peer, const mesh::ControlBody& body,
               mesh::TimePoint now);

    /// To be called after everything that a node was told.
    void look(std::size_t node, const mesh::Admission& admission, mesh::TimePoint now);

    /// Nothing was wrong for a while: everybody that is there sees everybody else.
    void check_calm(const std::vector<const mesh::Admission*>& admissions) const;

private:
    /// What a node knows of a peer, as far as it can be seen from outside.
    struct Sight {
        bool is_there = false;
        bool is_introduced = false;
        mesh::TimePoint since{};
        mesh::TimePoint lost_at{};
        std::optional<mesh::StandingVersion> version; ///< the latest that arrived
        std::vector<mesh::Mention> mentions;          ///< of its answer to the current request
    };

    struct Node {
        bool is_there = false;
        std::uint32_t incarnation = 0;
        mesh::TimePoint listens_until{};
        mesh::TimePoint asked_at{};
        mesh::StandingVersion version;
        bool is_decided = false;
        std::uint32_t running = 0; ///< bits of its handlers that run
        std::array<Sight, nodes_max> sights;
        std::array<std::optional<mesh::TimePoint>, nodes_max> mentioned_at;
    };

    bool has_to_count(const Node& node, std::size_t peer, mesh::TimePoint now) const;
    void bind(std::size_t one, std::size_t other, bool is_bound);
    bool is_bound(std::size_t one, std::size_t other) const;
    bool know_each_other(std::size_t one, std::size_t other) const;
    template <class Related>
    void expect_no_cycle(Related related, const char* what) const;

    NaiveGraph graph_;
    std::vector<Node> nodes_;
    std::array<std::array<bool, nodes_max>, nodes_max> bound_{};
    bool is_new_ = false; ///< something that a cycle could come from
};

/// Names a simulated node on the wire.
mesh::NodeId id_of(std::size_t node);

} // namespace joining_test
