#pragma once

// Private to option.cpp: the commands that record events and replay them.

#include "nodes/cli/option.hpp"

#include <array>
#include <string_view>

namespace nodes {

/// Of all commands that listen.
inline constexpr Option count_option{.name = "count",
                                     .letter = 'n',
                                     .value_name = "COUNT",
                                     .description = "end after this many events",
                                     .kind = ValueKind::number};
inline constexpr Option from_option{
    .name = "from",
    .value_name = "START",
    .description = "now (default), oldest, last:N, last, a sequence, a time or how long ago"};

inline constexpr std::array<Option, 2> record_options{{
    count_option,
    from_option,
}};
inline constexpr std::array<std::string_view, 2> record_notes{
    "Without a pattern all events. A line of FILE is one CloudEvents object in JSON, as `sub",
    "--format json` prints it. What FILE held before is gone."};
inline constexpr std::array<std::string_view, 1> record_examples{
    "dagmesh record shop.jsonl 'order.>' --timeout 1m"};

inline constexpr std::array<Option, 6> replay_options{{
    {.name = "speed",
     .value_name = "X",
     .description = "so many times as fast (1); max: no pauses"},
    {.name = "loop", .description = "again and again until stopped", .kind = ValueKind::none},
    {.name = "map",
     .value_name = "OLD=NEW",
     .description = "topics OLD and OLD.* become NEW and NEW.*; repeatable",
     .repeat = Repeat::often},
    {.name = "from",
     .value_name = "TIME",
     .description = "leave out what is older: a time, or how long after the first event"},
    {.name = "to", .value_name = "TIME", .description = "leave out what is newer"},
    {.name = "wait-subs",
     .value_name = "N",
     .description = "wait for this many subscriptions (1); 0 sends anyway",
     .kind = ValueKind::number},
}};
inline constexpr std::array<std::string_view, 2> replay_notes{
    "Publishes the events of a recording with the pauses that were between them. They get new ids,",
    "and the header `replayof` names the old one."};
inline constexpr std::array<std::string_view, 1> replay_examples{
    "dagmesh replay shop.jsonl --speed 10 --map order=test.order"};

} // namespace nodes
