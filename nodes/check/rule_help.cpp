#include "nodes/check/rule_help.hpp"

#include <algorithm>
#include <array>

namespace nodes {

namespace {

struct Entry {
    std::string_view code;
    RuleHelp help;
};

constexpr std::array<Entry, 18> entries{{
    {"E001",
     {"An event causes itself over several handlers.",
      "Remove one of the emissions that the finding proposes to cut, or allow the loop under "
      "`loops` with a bound, a reason and an end date."}},
    {"E002",
     {"A handler emits what it listens to.",
      "Listen to less (a wildcard may match what is emitted), emit another event, or allow the "
      "loop under `loops`."}},
    {"E003",
     {"An event reaches what a rule says it must not reach.",
      "Remove one step of the path that the finding shows, or change the rule."}},
    {"E004",
     {"An event goes to more handlers than a rule allows.",
      "Let fewer handlers listen to it, or raise `max_fan_out` of the rule."}},
    {"E005",
     {"A loop is allowed that does not exist.",
      "Remove the entry under `loops`: it would hide a cycle that somebody adds later."}},
    {"E006",
     {"A loop was allowed until a day that has passed.",
      "Remove the loop from the graph, or decide anew and give the entry a later `until`."}},
    {"E007",
     {"Compensations undo each other in a circle.",
      "Let one of the handlers no longer compensate another one of the circle."}},
    {"E008",
     {"Undoing a step triggers the step again.",
      "Emit another event when undoing, or let the step listen to less."}},
    {"E009",
     {"A handler on an allowed loop holds up its own cause when it is slow.",
      "Give the handler a `policy` that drops or spills: drop-oldest, drop-newest, latest or "
      "spill."}},
    {"E010",
     {"The baseline names a finding that is no longer there.",
      "Remove the entry from the baseline: what is mended stays mended."}},
    {"E011",
     {"An event lost or changed what a handler needs.",
      "Keep the field or the event until no handler needs it, or change the handler first."}},
    {"W001",
     {"A handler does not say what it emits; everything that its service publishes is assumed.",
      "Declare `emits`, and an empty list for a handler that ends the chain."}},
    {"W002",
     {"Nobody handles an event that is emitted.",
      "Add a handler, or declare the event `terminal: true`."}},
    {"W003",
     {"A handler listens to what nobody emits.",
      "Mend the name, add who emits it, or declare the event `entry: true`."}},
    {"W004", {"A list names the same thing twice.", "Remove one of the two."}},
    {"W005",
     {"Two names are so alike that one is probably a mistake.", "Mend the name that is wrong."}},
    {"W006",
     {"Services cause each other, though no event causes itself.",
      "Nothing has to be done: the graph of events has no such cycle. Services that start or "
      "fail together may still be worth a look."}},
    {"W007",
     {"Several services publish the same event.",
      "Let one service own the event, and the others emit events of their own."}},
}};

} // namespace

RuleHelp rule_help(std::string_view code) {
    const auto found = std::ranges::find(entries, code, &Entry::code);
    if (found != entries.end())
        return found->help;
    return {"Something in the graph of events.", "See the message and the places of the finding."};
}

} // namespace nodes
