#pragma once

// Private to option.cpp: the commands for when something went wrong.

#include "nodes/cli/option.hpp"

#include <array>
#include <string_view>

namespace nodes {

inline constexpr std::array<Option, 6> dead_options{{
    {.name = "service", .value_name = "S", .description = "only at nodes of this service"},
    {.name = "handler", .value_name = "H", .description = "only letters of this handler"},
    {.name = "topic", .value_name = "PATTERN", .description = "only of events of these topics"},
    {.name = "reason",
     .value_name = "R",
     .description = "failed, undeclared, expired, rounds, rank or unreadable"},
    {.name = "all",
     .description = "retry, drop: all letters that these let through",
     .kind = ValueKind::none},
    {.name = "stopped",
     .description = "instead: letters of instances that do not run, in --state",
     .kind = ValueKind::none},
}};
inline constexpr std::array<std::string_view, 8> dead_notes{
    "Events that handlers gave up, at every node in view, or at --service and --instance:",
    "  ls                  lists them",
    "  show LETTER...      shows them whole: reason, path, headers, payload",
    "  retry LETTER...     has the handler called once more; the letter is gone when that succeeds",
    "  drop LETTER...      throws them away",
    "LETTER is a number, or SERVICE/INSTANCE/NUMBER where several nodes have that number. Exits "
    "with 1",
    "when an event failed again, 2 for an unknown letter, 3 when a node did not answer in time (5 "
    "s,",
    "for retry 30 s; --timeout)."};
inline constexpr std::array<std::string_view, 3> dead_examples{
    "dagmesh dead ls --service order --reason failed", "dagmesh dead show order/1/3",
    "dagmesh dead retry --all --handler create"};

inline constexpr std::array<Option, 1> doctor_options{{
    {.name = "ledger",
     .description = "add up what became of every event, and say where it does not",
     .kind = ValueKind::none},
}};
inline constexpr std::array<std::string_view, 6> doctor_notes{
    "Asks every node in view how it is: dead letters, quarantined handlers, links that do not "
    "work,",
    "disks that fail. Exits with 1 when something is wrong, and with 3 when a node does not "
    "answer.",
    "--ledger: of every publisher, topic and subscription, sent = handled + dead + ignored (its",
    "idempotency key was dealt with) + dropped + in flight. Each is counted where it happens, so "
    "it "
    "asks",
    "until two looks agree. Exits with 1 when a row does not balance, and with 3 when a node does "
    "not",
    "answer or no two looks agree within 10 s (--timeout), because events go on moving."};
inline constexpr std::array<std::string_view, 2> doctor_examples{
    "dagmesh doctor", "dagmesh doctor --ledger --format json"};

} // namespace nodes
