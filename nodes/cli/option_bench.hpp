#pragma once

// Private to option.cpp: the command that measures.

#include "nodes/cli/option.hpp"

#include <array>
#include <string_view>

namespace nodes {

inline constexpr std::array<Option, 12> bench_options{{
    {.name = "case", .value_name = "C,...", .description = "1:N, mesh:N, topics:N, lane, emitted"},
    {.name = "size", .value_name = "S,...", .description = "of a payload: 16B to 1MiB (64B)"},
    {.name = "level", .value_name = "L,...", .description = "fast, reliable or durable"},
    {.name = "handler", .value_name = "H,...", .description = "inline or lane"},
    {.name = "transport", .value_name = "T,...", .description = "ipc or tcp"},
    {.name = "rate",
     .value_name = "R,...",
     .description = "latency: events a second (10000,100000,1000000)"},
    {.name = "rounds",
     .value_name = "N",
     .description = "how often each takes its turn (5)",
     .kind = ValueKind::number},
    {.name = "for",
     .value_name = "D",
     .description = "how long a round sends (1s)",
     .kind = ValueKind::duration},
    {.name = "reference",
     .value_name = "PROGRAM",
     .description = "what to compare with; ./dev bench gives raw libzmq"},
    {.name = "reference-transport",
     .value_name = "T",
     .description = "same (the row's, the default), tcp or ipc"},
    {.name = "quick",
     .description = "graph: up to a million edges instead of ten",
     .kind = ValueKind::none},
    {.name = "plot", .value_name = "FILE", .description = "also draw the comparison, as SVG"},
}};
inline constexpr std::array<std::string_view, 17> bench_notes{
    "Measures on this machine, between processes of its own over loopback:",
    "  throughput  one publisher and one subscriber, all that they can",
    "  latency     the same at given rates: how long events are on their way",
    "  fanout      one publisher, eight subscribers",
    "  mesh        eight nodes, all to all",
    "  idle        memory and threads of a node that has nothing to do",
    "  discovery   how long 8, 32, 64 and 128 nodes (or N...) take to know each other",
    "  graph       how fast the checker reads and judges graphs of up to ten million edges",
    "  levels      what durable and reliable events cost; disk, rates or compression of it",
    "  slow        a subscriber that stands still beside one that does not; a policy of it",
    "  lines       programs in Python and shell that acknowledge each event on their stdout",
    "  all         everything that has a goal, and one table of it; less than ten minutes",
    "Subscribers check that events come once and in order. Nodes and, with --reference, what they "
    "are",
    "compared with take turns, so that what else the machine does meets all alike. --format csv",
    "too. Exits with 6 when events were lost, with 1 when some came twice or out of order, and "
    "with",
    "3 when a round did not come to an end. docs/benchmarks.md says what the figures mean. In a",
    "checkout, ./dev bench does the same beside raw libzmq."};
inline constexpr std::array<std::string_view, 3> bench_examples{
    "dagmesh bench throughput --size 64B,1KiB --transport ipc",
    "dagmesh bench latency --rate 10000 --handler inline --format json",
    "dagmesh bench fanout --case 1:4 --rounds 9 --plot fanout.svg"};

} // namespace nodes
