#pragma once

// Private to option.cpp: the command that speaks HTTP.

#include "nodes/cli/option.hpp"

#include <array>
#include <string_view>

namespace nodes {

inline constexpr std::array<Option, 3> gateway_options{{
    {.name = "manifest",
     .value_name = "FILE",
     .description = "only topics that it names, with their levels and keys; repeatable",
     .repeat = Repeat::often},
    {.name = "allow",
     .value_name = "PATTERN",
     .description = "only topics that match; repeatable",
     .repeat = Repeat::often},
    {.name = "route",
     .value_name = "ROUTE",
     .description = "a path for a topic: 'POST /register=user.registered'; repeatable",
     .repeat = Repeat::often},
}};
inline constexpr std::array<std::string_view, 6> gateway_notes{
    "Serves HTTP at --listen HOST:PORT (127.0.0.1:8080):",
    "  POST /events/TOPIC       publishes JSON, a CloudEvent or a batch of them",
    "  GET /events?pattern=P    events as they come, as server-sent events; Last-Event-ID resumes",
    "  GET /last/TOPIC[/KEY]    the last event of a topic, or of a topic and key",
    "  GET /health, GET /ready  whether it runs, and whether it has joined the mesh",
    "docs/gateway.md says more. Its nodes take free ports of the mesh."};
inline constexpr std::array<std::string_view, 2> gateway_examples{
    "dagmesh gateway --listen 127.0.0.1:8080 --allow 'user.>'",
    "dagmesh gateway --manifest shop.mesh.yaml --route 'POST /register=user.registered'"};

} // namespace nodes
