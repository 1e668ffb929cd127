#include "nodes/cli/option.hpp"

#include "nodes/cli/option_bench.hpp"
#include "nodes/cli/option_gateway.hpp"
#include "nodes/cli/option_record.hpp"
#include "nodes/cli/option_trouble.hpp"
#include "nodes/cli/option_up.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace nodes {

namespace {

using std::string_view;

constexpr std::size_t any_number = std::numeric_limits<std::size_t>::max();

constexpr auto check_options = std::to_array<Option>({
    {.name = "strict", .description = "warnings count as errors", .kind = ValueKind::none},
    {.name = "edges",
     .value_name = "FILE|-",
     .description = "instead: pairs of names, as tsort reads them"},
    {.name = "output",
     .value_name = "FORMAT=FILE",
     .description = "also write text, json, sarif, junit, github, dot, mermaid, svg or html",
     .repeat = Repeat::often},
    {.name = "view",
     .value_name = "VIEW",
     .description = "walks and pictures of events or handlers; services: their cycles are errors"},
    {.name = "against",
     .value_name = "OLD",
     .description = "also say what is new, gone and broken since this file or folder"},
    {.name = "baseline",
     .value_name = "FILE",
     .description = "do not report the findings that FILE knows"},
    {.name = "write-baseline",
     .value_name = "FILE",
     .description = "write the findings to FILE, as known ones"},
    {.name = "live",
     .description = "instead: what the nodes of the running mesh declare",
     .kind = ValueKind::none},
    {.name = "what-if",
     .value_name = "FILE",
     .description = "with --live: as if the services of FILE ran too"},
    {.name = "watch",
     .description = "check again whenever a file changes, until stopped",
     .kind = ValueKind::none},
    {.name = "explain",
     .value_name = "CODE",
     .description = "say what a finding means and how to mend it, and check nothing"},
    {.name = "today",
     .value_name = "DATE",
     .description = "the day on which to judge until when loops are allowed",
     .kind = ValueKind::date},
});
constexpr std::array<string_view, 3> check_notes{
    "Reads manifests and looks for cycles in the graph of events. A folder stands for every",
    "*.mesh.yaml below it, nothing for this folder. Exits with 1 for a finding of severity error,",
    "and with 2 for an invalid manifest."};
constexpr std::array<string_view, 3> check_examples{
    "dagmesh check examples/shop", "dagmesh check --strict --format json shop.mesh.yaml",
    "printf 'a b  b a' | dagmesh check --edges -"};

constexpr std::array<Option, 5> graph_options{{
    {.name = "view",
     .value_name = "VIEW",
     .description = "show events (default), handlers or services"},
    {.name = "as",
     .value_name = "FORM",
     .description = "text or json; show also draws dot, mermaid, svg or html"},
    {.name = "output",
     .letter = 'o',
     .value_name = "FILE",
     .description = "write there instead of to stdout"},
    {.name = "live",
     .description = "instead of FILE: what the nodes of the running mesh declare",
     .kind = ValueKind::none},
    {.name = "all",
     .value_name = "N",
     .description = "cycles: list at most N of them (100)",
     .kind = ValueKind::number},
}};
constexpr std::array<string_view, 9> graph_notes{
    "Asks the graph of events, without FILE that of this folder:",
    "  show          everything, level by level",
    "  path A B      the shortest way from A to B; exits with 1 when there is none",
    "  impact X      everything that X causes, the longest chain and the worst case",
    "  cause X       everything that causes X, back to where it begins",
    "  cycles        every cycle, the shortest first; exits with 1 when there is one",
    "  diff OLD NEW  what is new, gone and broken; what FILE names belongs to both",
    "A, B and X are topics, patterns, handler:SERVICE.HANDLER or service:SERVICE. An unknown name",
    "exits with 2."};
constexpr std::array<string_view, 3> graph_examples{
    "dagmesh graph impact user.registered examples/shop",
    "dagmesh graph path user.updated order.created examples/shop-broken",
    "dagmesh graph diff old.mesh.yaml shop.mesh.yaml --as json -o diff.json"};

constexpr Option compress_option{.name = "compress",
                                 .value_name = "SIZE",
                                 .description =
                                     "compress payloads from this size on, such as 4KiB"};

constexpr std::array<Option, 11> node_options{{
    {.name = "service",
     .value_name = "S",
     .description = "the service to be",
     .kind = ValueKind::name,
     .is_required = true},
    {.name = "on",
     .value_name = "P...",
     .description = "without FILE: the patterns to handle",
     .repeat = Repeat::lists},
    {.name = "emits",
     .value_name = "T...",
     .description = "without FILE: the topics to emit",
     .repeat = Repeat::lists},
    {.name = "strict-join",
     .description = "exit with 4 when a handler would close a cycle (the default)",
     .kind = ValueKind::none},
    {.name = "no-strict-join",
     .description = "run without the handlers that would close a cycle",
     .kind = ValueKind::none},
    {.name = "ready-fd",
     .value_name = "N",
     .description = "write the line `ready` to this descriptor when ready",
     .kind = ValueKind::number},
    {.name = "tap",
     .value_name = "ENDPOINT",
     .description = "mirror the node's events on a plain PUB socket, topic first"},
    {.name = "journal",
     .value_name = "DIR",
     .description = "where what lasts is kept; else below the state folder"},
    {.name = "sync",
     .value_name = "normal|power",
     .description = "what that survives: a process that dies (the default), or power loss"},
    {.name = "journal-bounds",
     .value_name = "BOUNDS",
     .description = "how much is kept: size=1GiB,age=7d,keep=64MiB,full=refuse|trim"},
    compress_option,
}};
constexpr std::array<string_view, 3> node_notes{
    "Runs one node. Its program, that of the manifest or CMD, gets the events as lines of JSON on",
    "stdin and says on stdout what becomes of them: docs/lines.md. Without one the node accepts "
    "its",
    "events and discards them after counting."};
constexpr std::array<string_view, 3> node_examples{
    "dagmesh node shop.mesh.yaml --service audit --tap tcp://127.0.0.1:7100",
    "dagmesh node --service audit --on 'user.>' 'order.>'",
    "dagmesh node --service mail --on order.created --emits mail.sent -- python3 -u mail.py"};

constexpr std::array<Option, 8> pub_options{{
    {.name = "wait-subs",
     .value_name = "N",
     .description = "wait for this many subscriptions (1); 0 sends anyway",
     .kind = ValueKind::number},
    {.name = "count",
     .letter = 'n',
     .value_name = "COUNT",
     .description = "publish this many events (1)",
     .kind = ValueKind::number},
    {.name = "rate",
     .value_name = "R",
     .description = "at most this many events a second",
     .kind = ValueKind::rate},
    {.name = "key", .value_name = "K", .description = "the key of the events"},
    {.name = "level",
     .value_name = "LEVEL",
     .description = "fast, reliable (default), durable or once"},
    compress_option,
    {.name = "request",
     .description = "wait for what a handler replies, and print it (--timeout)",
     .kind = ValueKind::none},
    {.name = "header",
     .letter = 'H',
     .value_name = "NAME:VALUE",
     .description = "a header of the events; repeatable",
     .repeat = Repeat::often},
}};
constexpr std::array<string_view, 6> pub_notes{
    "Waits up to 5 s for a subscription, publishes, and waits up to 5 s until everybody has",
    "acknowledged; --timeout bounds both together. Exits with 3 when somebody has not, and with 6 "
    "when",
    "who had not is gone. Durable events are stored, and owed by this --instance of pub: it says "
    "to whom.",
    "DATA that is not JSON is sent as text. `-` reads one event a line from stdin. After `--` "
    "nothing",
    "is an option, so that DATA may begin with a dash."};
constexpr std::array<string_view, 2> pub_examples{
    "dagmesh pub user.registered '{\"user_id\": 1}'",
    "dagmesh pub user.registered - < registrations.jsonl"};

constexpr std::array<Option, 3> sub_options{{
    count_option,
    from_option,
    {.name = "group",
     .value_name = "NAME",
     .description = "share the events with others of this name; its place is kept",
     .kind = ValueKind::name},
}};
constexpr std::array<string_view, 5> sub_notes{
    "Prints the events that match, one a line; --format json prints CloudEvents.",
    "With -n and --timeout it exits with 3 when fewer came in time, and with 6 when events that it "
    "asked",
    "for are lost. Quote patterns: '>' is the shell's. --from asks each publisher for what it "
    "still",
    "holds: the last N events of each topic, with `last` the last one of each topic and key, those",
    "from a sequence of its own on, or from a time on (2026-11-20T12:30:00Z, or 10m for ten "
    "minutes)."};
constexpr std::array<string_view, 3> sub_examples{
    "dagmesh sub 'user.>' 'order.*'", "dagmesh sub 'price.>' --from last",
    "dagmesh sub 'user.>' -n 1 --timeout 10s --format json"};

constexpr std::array<Option, 2> nodes_options{{
    {.name = "expect",
     .value_name = "N",
     .description = "wait until at least N nodes are active",
     .kind = ValueKind::number},
    {.name = "watch", .description = "print each change until stopped", .kind = ValueKind::none},
}};
constexpr std::array<string_view, 1> nodes_notes{
    "Lists the nodes of the realm. Tools such as pub and sub are not counted."};
constexpr std::array<string_view, 2> nodes_examples{"dagmesh nodes --expect 3 --timeout 10s",
                                                    "dagmesh nodes --watch --format json"};

constexpr std::array<Command, 14> all_commands{{
    {"check", "[FILE|DIR]...", "look for cycles in the graph of events", check_options, 0,
     any_number, check_notes, check_examples},
    {"graph", "show|path|impact|cause|cycles|diff ...", "ask what leads to what", graph_options, 1,
     any_number, graph_notes, graph_examples},
    {"up", "FILE...", "run every service of a manifest, one process each", up_options, 1,
     any_number, up_notes, up_examples},
    {"init", "--flow FLOW DIR", "write the services of a flow, and a demo of them", init_options, 1,
     1, init_notes, init_examples},
    {"node", "[FILE] --service S [-- CMD...]", "run the node of one service", node_options, 0, 1,
     node_notes, node_examples, false, true},
    {"pub", "TOPIC [DATA|-]", "publish events", pub_options, 1, 2, pub_notes, pub_examples},
    {"sub", "PATTERN...", "print events as they come", sub_options, 1, any_number, sub_notes,
     sub_examples},
    {"nodes", "", "list the nodes of a realm", nodes_options, 0, 0, nodes_notes, nodes_examples},
    {"dead", "ls|show|retry|drop [LETTER]...", "look after events that handlers gave up",
     dead_options, 1, any_number, dead_notes, dead_examples},
    {"record", "FILE [PATTERN...]", "write events to a file as they come", record_options, 1,
     any_number, record_notes, record_examples},
    {"replay", "FILE", "publish what a file recorded", replay_options, 1, 1, replay_notes,
     replay_examples},
    {"doctor", "", "ask every node how it is", doctor_options, 0, 0, doctor_notes, doctor_examples},
    {"gateway", "", "publish, stream and look up events over HTTP", gateway_options, 0, 0,
     gateway_notes, gateway_examples},
    {"bench", "NAME [WORD]...", "measure how fast events are on this machine", bench_options, 1,
     any_number, bench_notes, bench_examples, true},
}};

} // namespace

std::span<const Command> commands() {
    return all_commands;
}

const Command* find_command(std::string_view name) {
    const auto found = std::ranges::find(all_commands, name, &Command::name);
    return found == all_commands.end() ? nullptr : &*found;
}

const Option* find_option(std::span<const Option> options, std::string_view name) {
    const auto found = std::ranges::find(options, name, &Option::name);
    return found == options.end() ? nullptr : &*found;
}

} // namespace nodes
