#include "mesh/manifest/document.hpp"

#include <algorithm>
#include <utility>

namespace mesh {

namespace {

using Reading = DocumentReading;

constexpr std::uint32_t workers_max = 64; // what a lane takes
constexpr std::uint32_t attempts_max = 1'000'000;

/// One duration, or a range `100ms..5s`.
void read_backoff(Reading& reading, const YamlNode& node, Retry& retry) {
    const auto written = reading.text("backoff", node);
    if (!written)
        return;
    YamlNode low = node;
    YamlNode high = node;
    if (const auto dots = written->find(".."); dots != std::string::npos) {
        low.text = written->substr(0, dots);
        high.text = written->substr(dots + 2);
    }
    if (low.text.empty() || high.text.empty()) {
        reading.error_in("backoff", node,
                         "expected a range such as 100ms..5s, got " + in_quotes(*written));
        return;
    }
    const auto least = reading.duration("backoff", low);
    const auto most = least ? reading.duration("backoff", high) : std::nullopt;
    if (!most)
        return;
    if (*least > *most)
        reading.error_in("backoff", node,
                         "expected the shorter duration first, got " + in_quotes(*written));
    retry.backoff_min = *least;
    retry.backoff_max = *most;
}

void read_retry(Reading& reading, const YamlNode& node, Retry& retry) {
    reading.fields(node, "\"retry\"",
                   {{"attempts",
                     [&](const YamlNode&, const YamlNode& value) {
                         retry.attempts =
                             reading.number("attempts", value, 1, attempts_max).value_or(1);
                     }},
                    {"backoff", [&](const YamlNode&, const YamlNode& value) {
                         read_backoff(reading, value, retry);
                     }}});
}

/// The keys that say how the handler runs.
void read_lane(Reading& reading, const YamlNode& key, const YamlNode& value,
               HandlerManifest& handler) {
    if (key.text == "workers")
        handler.workers = reading.number("workers", value, 1, workers_max).value_or(1);
    else if (key.text == "order")
        handler.order = reading
                            .choice<LaneOrder>("order", value,
                                               {{"fifo", LaneOrder::fifo},
                                                {"lifo", LaneOrder::lifo},
                                                {"priority", LaneOrder::priority},
                                                {"by-key", LaneOrder::by_key}})
                            .value_or(LaneOrder::fifo);
    else if (key.text == "policy")
        handler.policy = reading
                             .choice<Policy>("policy", value,
                                             {{"block", Policy::block},
                                              {"drop-oldest", Policy::drop_oldest},
                                              {"drop-newest", Policy::drop_newest},
                                              {"latest", Policy::latest},
                                              {"spill", Policy::spill}})
                             .value_or(Policy::block);
    else if (key.text == "group")
        handler.group =
            reading
                .choice<GroupMode>("group", value,
                                   {{"share", GroupMode::share}, {"each", GroupMode::each}})
                .value_or(GroupMode::share);
    else
        read_retry(reading, value, handler.retry);
}

/// Which of the keys were written, whether or not their values were right.
struct Causes {
    const YamlNode* on = nullptr;
    const YamlNode* every = nullptr;
    const YamlNode* after = nullptr;
};

void check_causes(Reading& reading, const YamlNode& name, const Causes& causes) {
    if (causes.on == nullptr && causes.every == nullptr)
        reading.error(name, "handler " + in_quotes(name.text) +
                                " needs \"on\", or \"every\" for a timer");
    if (causes.on != nullptr && causes.every != nullptr)
        reading.error(*causes.every, "handler " + in_quotes(name.text) +
                                         " has both \"on\" and \"every\"; its cause is either an "
                                         "event or the clock");
    if (causes.after != nullptr && causes.every == nullptr)
        reading.error(*causes.after, "\"after\" goes with \"every\": it names the events that a "
                                     "timer remembers");
}

std::vector<Pattern> read_patterns(Reading& reading, const YamlNode& key, const YamlNode& value,
                                   std::vector<Place>& places) {
    if (value.kind == YamlNode::Kind::list && value.items.empty() && key.text != "emits")
        reading.error_in(key.text, value,
                         "expected at least one topic or pattern, got an empty list");
    auto list = reading.patterns(key.text, value);
    places = std::move(list.places);
    return std::move(list.patterns);
}

void read_compensates(Reading& reading, const YamlNode& node, HandlerManifest& handler) {
    if (node.kind == YamlNode::Kind::list && node.items.empty())
        reading.error_in("compensates", node, "expected at least one handler, got an empty list");
    for (const auto* item : reading.one_or_more("compensates", node)) {
        auto name = reading.name("compensates", *item);
        if (!name)
            continue;
        if (std::ranges::find(handler.compensates, *name) != handler.compensates.end()) {
            reading.warn(*item, "repeated-entry",
                         "\"compensates\" names " + in_quotes(*name) + " twice");
            continue;
        }
        handler.compensates.push_back(std::move(*name));
        handler.compensates_places.push_back(reading.place(*item));
    }
}

void read_handler(Reading& reading, const YamlNode& name, const YamlNode& node,
                  HandlerContract& contract, HandlerManifest& handler) {
    Causes causes;
    const auto lane = [&](const YamlNode& key, const YamlNode& value) {
        read_lane(reading, key, value, handler);
    };
    const bool is_mapping = reading.fields(
        node, "a handler",
        {{"on",
          [&](const YamlNode& key, const YamlNode& value) {
              causes.on = &key;
              contract.on = read_patterns(reading, key, value, handler.on_places);
          }},
         {"emits",
          [&](const YamlNode& key, const YamlNode& value) {
              contract.emits = read_patterns(reading, key, value, handler.emits_places);
          }},
         {"every",
          [&](const YamlNode& key, const YamlNode& value) {
              causes.every = &key;
              handler.every = reading.duration("every", value);
          }},
         {"after",
          [&](const YamlNode& key, const YamlNode& value) {
              causes.after = &key;
              contract.after = read_patterns(reading, key, value, handler.after_places);
          }},
         {"compensates", [&](const YamlNode&,
                             const YamlNode& value) { read_compensates(reading, value, handler); }},
         {"workers", lane},
         {"order", lane},
         {"policy", lane},
         {"group", lane},
         {"retry", lane}});
    // An empty `on` is reported as such, and is no missing one.
    for (const auto& [key, value] : node.entries)
        if (value->kind == YamlNode::Kind::nothing && key->text == "on")
            causes.on = key;
        else if (value->kind == YamlNode::Kind::nothing && key->text == "every")
            causes.every = key;
    if (is_mapping)
        check_causes(reading, name, causes);
}

} // namespace

void read_handlers(Reading& reading, const YamlNode& node, ServiceManifest& into) {
    reading.named(node, "handlers", [&](const YamlNode& key, const YamlNode& value) {
        HandlerContract contract;
        HandlerManifest handler;
        contract.name = reading.name("handlers", key).value_or("");
        handler.name = contract.name;
        handler.place = reading.place(key);
        read_handler(reading, key, value, contract, handler);
        if (contract.name.empty())
            return;
        into.contract.handlers.push_back(std::move(contract));
        into.handlers.push_back(std::move(handler));
    });
}

} // namespace mesh
