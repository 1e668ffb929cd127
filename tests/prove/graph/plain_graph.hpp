#pragma once

#include "mesh/graph/graph_input.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

/// The graph as somebody with a pencil would see it: every topic that there can be is written down,
/// and closures are filled in until nothing changes. Shares no code with the product.
namespace prove_graph {

/// A set of topics: all of one to three tokens over `a`, `b` and `c`. Patterns name `a` and `b`
/// only, so `c` stands for every other token, and no pattern has more than three: two patterns of
/// these graphs have a topic in common when they have one among these 39.
using Topics = std::uint64_t;

constexpr std::size_t topic_count = 39;

/// The topics that a pattern matches, found by trying each.
Topics topics_of(const std::string& pattern);

/// Whether a pattern matches a topic, token by token.
bool is_matched(const std::string& pattern, const std::string& topic);

/// A set of handlers, or of services, by their numbers.
using Members = std::uint32_t;
constexpr std::size_t members_max = 32;

/// What leads to what: row `i` holds all that `i` leads to.
class Matrix {
public:
    explicit Matrix(std::size_t size) : size_(size) {}

    std::size_t size() const { return size_; }

    bool has(std::size_t from, std::size_t to) const { return (rows_[from] >> to & 1U) != 0; }

    void add(std::size_t from, std::size_t to) { rows_[from] |= Members{1} << to; }

    Members row(std::size_t from) const { return rows_[from]; }

    /// All that can be reached over one step or more.
    Matrix closure() const;

    /// Steps on the shortest way; 0: there is none.
    std::size_t distance(std::size_t from, std::size_t to) const;

private:
    std::size_t size_;
    std::array<Members, members_max> rows_{};
};

/// One pattern that a handler listens to or emits.
struct PlainPattern {
    std::string text;
    Topics topics;
    bool is_allowed = false; ///< an emission that a loop allows
};

struct PlainHandler {
    std::string label;
    std::size_t service;
    std::vector<PlainPattern> on;
    std::vector<PlainPattern> emits;
    std::vector<std::string> compensates; ///< labels
    bool is_blocking = false;
    std::uint32_t line = 0; ///< of its place, different for each
};

/// Whether the loops that are allowed count as emissions.
enum class Loops { left_out, kept };

struct PlainGraph {
    std::vector<std::string> services;
    std::vector<PlainHandler> handlers;
    std::vector<std::pair<std::size_t, PlainPattern>> published; ///< by service

    explicit PlainGraph(const mesh::GraphInput& input);

    /// Which handler triggers which.
    Matrix handlers_matrix(Loops loops) const;

    /// Which service sends to which.
    Matrix services_matrix() const;

    /// The number of a label, or the count of handlers.
    std::size_t find(const std::string& label) const;
};

bool triggers(const PlainPattern& emits, const PlainHandler& handler);

/// Whether something comes back to itself, asked of the three exact views.
bool is_cyclic_over_handlers(const PlainGraph& graph);
bool is_cyclic_over_events(const PlainGraph& graph);
bool is_cyclic_over_flow(const PlainGraph& graph);

/// Groups of at least two that reach each other.
std::vector<Members> groups_of(const Matrix& closure);

/// The shortest cycle of two or more in a group that goes through one of `some`; 0: none.
std::size_t shortest_cycle(const Matrix& matrix, Members group, Members some);

} // namespace prove_graph
