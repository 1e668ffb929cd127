#pragma once

// Private to option.cpp: the commands that begin a mesh and run one.

#include "nodes/cli/option.hpp"

#include <array>
#include <string_view>

namespace nodes {

inline constexpr std::array<Option, 5> up_options{{
    {.name = "only", .value_name = "S,...", .description = "start these services and no others"},
    {.name = "for",
     .value_name = "D",
     .description = "stop, drained, this long after all are ready",
     .kind = ValueKind::duration},
    {.name = "until",
     .value_name = "S",
     .description = "stop, drained, when service S has ended by itself with 0"},
    {.name = "script",
     .value_name = "DEMO",
     .description = "play the steps of DEMO, then stop; 1 when one fails: docs/scripts.md"},
    {.name = "log-dir",
     .value_name = "DIR",
     .description = "also write the output of each service to DIR/SERVICE.log"},
}};
inline constexpr std::array<std::string_view, 3> up_notes{
    "Checks the graph, starts consumers before producers, each when those before it are ready, and",
    "merges their output. Stops everything and exits with 7 when one fails, unless its manifest "
    "says",
    "`restart: on-failure`. SIGINT drains, producers first; a second one stops at once."};
inline constexpr std::array<std::string_view, 3> up_examples{
    "dagmesh up examples/shop/shop.mesh.yaml --until user",
    "dagmesh up examples/shop/shop.mesh.yaml --script examples/scripts/shop.demo",
    "dagmesh up shop.mesh.yaml --only order,audit --for 10s"};

inline constexpr std::array<Option, 2> init_options{{
    {.name = "flow",
     .value_name = "FLOW",
     .description = "what leads to what: \"a.b -> c.d -> e.f\"; repeatable",
     .repeat = Repeat::often,
     .is_required = true},
    {.name = "lang",
     .value_name = "LANGUAGE",
     .description = "of the services: python (default), shell or cpp"},
}};
inline constexpr std::array<std::string_view, 4> init_notes{
    "Writes flow.mesh.yaml, a service for each first part of a topic, and flow.demo, which plays",
    "them: dagmesh up flow.mesh.yaml --script flow.demo. Chains are separated by `;`, several "
    "topics",
    "of one step by `,`. Exits with 1 for a flow with a cycle, which it shows, and with 2 when one "
    "of",
    "the files is there already; nothing is written then."};
inline constexpr std::array<std::string_view, 2> init_examples{
    "dagmesh init --flow \"user.registered -> order.created -> payment.settled\" shop",
    "dagmesh init --flow \"a.b -> c.d, e.f -> g.h\" --lang shell flow"};

} // namespace nodes
