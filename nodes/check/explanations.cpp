#include "nodes/check/error_explanations.hpp"
#include "nodes/check/explain.hpp"

#include <array>
#include <vector>

namespace nodes {

namespace {

constexpr std::array<Explanation, 10> warnings{{
    {.code = "W001",
     .meaning = "A handler does not say what it emits; everything in `publishes` of its service is "
                "assumed.",
     .reason = "The assumption is safe and often too wide: it finds cycles that are none.",
     .example = R"(dagmesh: 1
services:
  order:
    publishes: [order.created, order.paid]
    handlers:
      create: {on: user.registered}
)",
     .remedy = "Write `emits`, `[]` when the handler emits nothing."},
    {.code = "W002",
     .meaning = "Nobody handles an event.",
     .reason = "Either somebody is missing, or a name is misspelled.",
     .example = R"(dagmesh: 1
services:
  order: {publishes: [order.created]}
)",
     .remedy = "Handle it, or say in `events` that nobody needs to: `order.created: {terminal: "
               "true}`."},
    {.code = "W003",
     .meaning = "A handler waits for an event that nobody emits.",
     .reason = "It never runs. Either somebody is missing, or a name is misspelled.",
     .example = R"(dagmesh: 1
services:
  mail:
    handlers:
      confirm: {on: order.created, emits: []}
)",
     .remedy = "Emit it, or say in `events` that it comes from outside: `order.created: {entry: "
               "true}`."},
    {.code = "W004",
     .meaning = "A list names the same twice.",
     .reason = "The second is without effect; probably something else was meant.",
     .example = R"(dagmesh: 1
services:
  order: {publishes: [order.created, order.created]}
)",
     .remedy = "Take one of them out."},
    {.code = "W005",
     .meaning = "A name that leads nowhere is nearly another one: at most two letters differ.",
     .reason = "It is probably misspelled. Names that `events` holds are meant as they are; tokens "
               "that differ only in digits are never told, those that differ only in a plural only "
               "when both lead nowhere.",
     .example = R"(dagmesh: 1
services:
  order: {publishes: [order.created]}
  mail:
    handlers:
      confirm: {on: order.creatd, emits: []}
)",
     .remedy = "Write one name in both places, or name both in `events`."},
    {.code = "W006",
     .meaning = "Services lead back to themselves, although no event does.",
     .reason =
         "Seen from far it looks like a cycle: it is one as soon as a handler in one of the "
         "services emits what another of its handlers emits now. With `--view services` it is "
         "an error, also within one service.",
     .example = R"(dagmesh: 1
services:
  order:
    handlers:
      create: {on: user.registered, emits: [order.created]}
      close: {on: payment.settled, emits: [order.closed]}
  payment:
    handlers:
      charge: {on: order.created, emits: [payment.settled]}
)",
     .remedy = "Nothing has to be mended. Split the service when the order of services matters to "
               "you."},
    {.code = "W007",
     .meaning = "Several services publish or emit the same event.",
     .reason =
         "Nobody knows who answers for it. Exact topics count, not patterns; replicas are one "
         "service; events that come from outside (`entry: true`) may have many doors.",
     .example = R"(dagmesh: 1
services:
  order: {publishes: [order.created]}
  shop: {publishes: [order.created]}
)",
     .remedy = "Let one service own it, or give each its own name."},
    {.code = "W008",
     .meaning = "Replicas share the events of a handler, and some of these events are `once`.",
     .reason = "What a handler did is committed in the store of its own replica. When another one "
               "goes on, because the first died, was away for long or left, it does not know of "
               "it, and an event can be handled a second time. One replica alone handles each "
               "event exactly once. The event's id stays the same and can serve as a key.",
     .example = R"(dagmesh: 1
events:
  order.paid: {level: once, entry: true}
services:
  stock:
    replicas: 3
    handlers:
      book: {on: order.paid, emits: []}
)",
     .remedy = "Run one replica, let every replica have all events (`group: each`), or let "
               "handlers bear a repetition: by the event's id, or by an idempotency key that "
               "others keep."},
    {.code = "W009",
     .meaning = "A step is undone (`compensates`) before, or while, a later step is undone.",
     .reason =
         "Undoing runs in the reverse order of the steps: what undoes the later step leads to what "
         "undoes the earlier one. Otherwise they run side by side, and a step is taken back on "
         "which another one still rests. Steps are handlers that others undo; one is later when "
         "the other causes it, without undo handlers in between. When several handlers undo a "
         "step, one of them is enough.",
     .example = R"(dagmesh: 1
services:
  order:
    handlers:
      create: {on: user.registered, emits: [order.created]}
      cancel: {on: payment.failed, emits: [], compensates: create}
  stock:
    handlers:
      reserve: {on: order.created, emits: [stock.reserved]}
      release: {on: payment.failed, emits: [stock.released], compensates: reserve}
  payment:
    handlers:
      charge: {on: stock.reserved, emits: [payment.failed]}
)",
     .remedy = "Let the undo of the earlier step listen to what the undo of the later one emits: "
               "here `cancel: {on: stock.released, ...}`."},
    {.code = "W010",
     .meaning = "A handler of `durable` or `once` events emits an event of a lower level.",
     .reason = "The promise ends there. Once the first event counts as handled it does not come "
               "again, and what the handler made of it is lost when its node dies before others "
               "have it. A `durable` event that follows from a `once` event is not lost, but it "
               "can be handled twice. Levels come from `events`; without an entry an event is "
               "`reliable`. Events that nobody needs to handle (`terminal: true`) may be weaker.",
     .example = R"(dagmesh: 1
events:
  user.registered: {level: durable, entry: true}
services:
  order:
    handlers:
      create: {on: user.registered, emits: [order.created]}
  mail:
    handlers:
      confirm: {on: order.created, emits: []}
)",
     .remedy = "Give what is emitted the same level (`order.created: {level: durable}`), or say "
               "that nobody needs to handle it (`terminal: true`)."},
}};

std::vector<Explanation> errors_and_warnings() {
    const auto errors = error_explanations();
    std::vector<Explanation> all(errors.begin(), errors.end());
    all.insert(all.end(), warnings.begin(), warnings.end());
    return all;
}

} // namespace

std::span<const Explanation> explanations() {
    static const auto all = errors_and_warnings();
    return all;
}

} // namespace nodes
