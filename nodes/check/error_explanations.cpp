#include "nodes/check/error_explanations.hpp"

#include <array>

namespace nodes {

namespace {

constexpr std::array<Explanation, 11> all{{
    {.code = "E001",
     .meaning = "Events cause each other in a circle, over two handlers or more.",
     .reason = "Once the first of them is published, nothing stops the rest: the handlers run for "
               "ever, and handlers that block wait for each other.",
     .example = R"(dagmesh: 1
services:
  order:
    handlers:
      renew: {on: user.updated, emits: [order.created]}
  payment:
    handlers:
      charge: {on: order.created, emits: [payment.settled]}
  user:
    handlers:
      remember: {on: payment.settled, emits: [user.updated]}
)",
     .remedy =
         "Take out one of the emissions that the finding lists, or give the event that closes "
         "the circle a name of its own. A loop that is meant is allowed by an entry of "
         "`loops`, with a bound, a reason and an end date."},
    {.code = "E002",
     .meaning = "A handler emits what it listens to itself, perhaps through a wildcard.",
     .reason = "Each event makes the next one: the handler feeds itself for ever.",
     .example = R"(dagmesh: 1
services:
  audit:
    handlers:
      log: {on: ">", emits: [log.written]}
)",
     .remedy = "Listen to less (`on: [order.>, user.>]`), or end the chain with `emits: []`."},
    {.code = "E003",
     .meaning = "An event causes another one that a rule keeps away from it (`must_not_reach`).",
     .reason = "Whoever wrote the rule relies on it. The finding shows the shortest way, step by "
               "step; allowed loops count as steps.",
     .example = R"(dagmesh: 1
services:
  billing:
    handlers:
      remind: {on: billing.due, emits: [mail.wanted]}
  mail:
    handlers:
      send: {on: mail.wanted, emits: [user.secret.read]}
rules:
  - {from: "billing.>", must_not_reach: "user.secret.>"}
)",
     .remedy = "Break the way at one of its steps, or narrow the rule."},
    {.code = "E004",
     .meaning = "One event goes to more handlers than a rule allows (`max_fan_out`).",
     .reason =
         "Every event of that name is work for all of them at once. Handlers that it triggers "
         "directly count, replicas do not; of a pattern the topic with most handlers counts.",
     .example = R"(dagmesh: 1
services:
  order: {publishes: [order.created]}
  mail:
    handlers:
      confirm: {on: order.created, emits: []}
  stock:
    handlers:
      reserve: {on: order.*, emits: []}
rules:
  - {event: order.created, max_fan_out: 1}
)",
     .remedy = "Let one handler pass the work on, narrow a subscription, or raise the bound."},
    {.code = "E005",
     .meaning = "A loop is allowed that lies on no cycle.",
     .reason = "The entry allows nothing today, and would silently allow a cycle that somebody "
               "closes tomorrow.",
     .example = R"(dagmesh: 1
services:
  order:
    handlers:
      reopen: {on: payment.failed, emits: [order.reopened]}
    loops:
      - edge: {handler: reopen, emits: order.reopened}
        max_rounds: 3
        reason: a failed payment is retried
        until: 2099-12-31
)",
     .remedy = "Take the entry out of `loops`."},
    {.code = "E006",
     .meaning = "A loop is past the last day on which it is allowed (`until`, inclusive, UTC).",
     .reason =
         "Whoever allowed it wanted to look again by that day. `--today DATE` checks as if it "
         "were another day.",
     .example = R"(dagmesh: 1
services:
  order:
    handlers:
      reopen: {on: payment.failed, emits: [order.created]}
    loops:
      - edge: {handler: reopen, emits: order.created}
        max_rounds: 3
        reason: a failed payment is retried
        until: 2020-01-31
  payment:
    handlers:
      charge: {on: order.created, emits: [payment.failed], policy: spill}
)",
     .remedy = "Take the loop out of the graph, or decide anew and write a later day."},
    {.code = "E007",
     .meaning =
         "Handlers that undo what others did (`compensates`) trigger each other in a circle.",
     .reason = "The undoing never ends. Ways over other handlers and over allowed loops count.",
     .example = R"(dagmesh: 1
services:
  order:
    handlers:
      create: {on: user.registered, emits: [order.created]}
      cancel: {on: order.rejected, emits: [payment.returned], compensates: create}
  payment:
    handlers:
      charge: {on: order.created, emits: []}
      refund: {on: payment.returned, emits: [order.rejected], compensates: charge}
)",
     .remedy = "Undo in one direction: last step first, each undo triggering only those of earlier "
               "steps."},
    {.code = "E008",
     .meaning = "A handler triggers the very handler that it undoes (`compensates`).",
     .reason = "What was undone is done again, and has to be undone again.",
     .example = R"(dagmesh: 1
services:
  payment:
    handlers:
      charge: {on: order.created, emits: []}
      refund: {on: order.rejected, emits: [order.created], compensates: charge}
)",
     .remedy =
         "Let the undo emit an event of its own, one that leads to no handler that it undoes."},
    {.code = "E009",
     .meaning = "A handler blocks its publishers, and an allowed loop feeds it back.",
     .reason =
         "When it is full, everybody on the cycle waits for the next one, and the wait closes: "
         "nothing moves again. `policy: block` is the default.",
     .example = R"(dagmesh: 1
services:
  order:
    handlers:
      reopen: {on: payment.failed, emits: [order.created]}
    loops:
      - edge: {handler: reopen, emits: order.created}
        max_rounds: 3
        reason: a failed payment is retried
        until: 2099-12-31
  payment:
    handlers:
      charge: {on: order.created, emits: [payment.failed]}
)",
     .remedy = "Give the handler that the loop feeds another `policy`: `spill`, `latest`, "
               "`drop-oldest` or `drop-newest`."},
    {.code = "E010",
     .meaning = "The baseline holds an entry that matches no finding any more.",
     .reason =
         "A baseline that is not cleaned up would swallow the same finding when it comes back.",
     .example = R"(dagmesh check --write-baseline known.yaml    # while there is a finding
dagmesh check --baseline known.yaml          # after it was mended
)",
     .remedy = "Take the entry out of the baseline.",
     .is_manifest = false},
    {.code = "E011",
     .meaning =
         "An event, or a field of one, is gone or has another type than before, and a handler "
         "needs it.",
     .reason =
         "Handlers that were written for the old form fail at the first event of the new one.",
     .example = R"(order.created: {fields: {order_id: int, total: int}}    # before
order.created: {fields: {order_id: str}}                # after
)",
     .remedy =
         "Keep what was there, add beside it (an added field breaks nobody), and take the old "
         "out when no handler matches it any more.",
     .is_manifest = false},
}};

} // namespace

std::span<const Explanation> error_explanations() {
    return all;
}

} // namespace nodes
