#include "nodes/script/parse_step.hpp"

#include "mesh/base/suggest.hpp"
#include "mesh/event/name.hpp"
#include "mesh/event/topic.hpp"
#include "nodes/cli/json_convert.hpp"
#include "nodes/cli/value.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace nodes {

using mesh::ErrorCode;
using mesh::fail;
using mesh::Result;

namespace {

constexpr std::uint64_t count_max = 1'000'000;

/// As much of some data as helps to find it.
std::string shown(std::string_view data) {
    constexpr std::size_t size_max = 60;
    std::string text(data.substr(0, size_max));
    if (text.size() < data.size())
        text += "...";
    return text;
}

Result<StepBody> parse_wait(StepWords& words) {
    if (const auto ready = words.expect("ready"); !ready)
        return tl::unexpected(ready.error());
    const auto count = words.number("a number of nodes", count_max);
    if (!count)
        return tl::unexpected(count.error());
    const auto within = words.duration("within");
    if (!within)
        return tl::unexpected(within.error());
    return WaitReady{static_cast<std::size_t>(*count), *within};
}

Result<StepBody> parse_pub(StepWords& words) {
    if (words.is_over())
        return words.refuse("a topic");
    if (is_quoted(words.peek()))
        return words.refuse("a topic without quotes: a script is no shell");
    const auto topic = words.take();
    if (const auto checked = mesh::check_topic(topic); !checked)
        return tl::unexpected(checked.error());
    const auto data = words.take_rest();
    if (data.starts_with('\'') && data.ends_with('\''))
        return fail(ErrorCode::invalid,
                    "expected data without the quotes of a shell, found " + shown(data));
    // Everything else is text, as `dagmesh pub` sends it; this was meant to be JSON.
    const bool looks_like_json =
        !data.empty() && (data.front() == '{' || data.front() == '[' || data.front() == '"');
    if (looks_like_json && !compact_json(data))
        return fail(ErrorCode::invalid, "expected JSON behind the topic, found " + shown(data));
    return Publish{std::string(topic), std::string(data)};
}

Result<Target> parse_target(StepWords& words) {
    const auto word = words.peek();
    const auto slash = word.find('/');
    Target target{std::string(word.substr(0, slash)), std::nullopt};
    if (!mesh::check_name(target.service))
        return words.refuse("a service");
    if (slash != std::string_view::npos) {
        const auto replica = parse_number(word.substr(slash + 1));
        if (!replica || *replica == 0 || *replica > script_replicas_max)
            return words.refuse("SERVICE/REPLICA, replicas counted from 1");
        target.replica = static_cast<std::uint32_t>(*replica);
    }
    words.take();
    return target;
}

Result<StepBody> parse_order(StepWords& words, Order::Kind kind) {
    if (kind == Order::Kind::kill && !words.take_if("-9"))
        return words.refuse("\"-9\" (`stop S` asks a service to end)");
    const auto target = parse_target(words);
    if (!target)
        return tl::unexpected(target.error());
    return Order{kind, *target};
}

Result<StepBody> parse_partition(StepWords& words) {
    Partition partition{{{}}, {}};
    while (!words.is_over() && words.peek() != "for") {
        if (words.take_if("|")) {
            if (partition.sides.back().empty())
                return fail(ErrorCode::invalid, "expected a service on each side of \"|\"");
            partition.sides.emplace_back();
            continue;
        }
        auto target = parse_target(words);
        if (!target)
            return tl::unexpected(target.error());
        for (const auto& side : partition.sides)
            for (const auto& other : side)
                if (other.service == target->service &&
                    (!other.replica || !target->replica || other.replica == target->replica))
                    return fail(ErrorCode::invalid, "expected each service on one side, found \"" +
                                                        to_string(*target) + "\" twice");
        partition.sides.back().push_back(std::move(*target));
    }
    if (partition.sides.size() < 2 || partition.sides.back().empty())
        return words.refuse("services on both sides of a \"|\"");
    const auto time = words.duration("for");
    if (!time)
        return tl::unexpected(time.error());
    partition.time = *time;
    return partition;
}

Result<StepBody> parse_replicas(StepWords& words) {
    const auto target = parse_target(words);
    if (!target)
        return tl::unexpected(target.error());
    if (target->replica)
        return fail(ErrorCode::invalid,
                    "expected a whole service, found \"" + to_string(*target) + "\"");
    const auto count = words.number("a number of replicas", script_replicas_max);
    if (!count)
        return tl::unexpected(count.error());
    return Replicas{target->service, static_cast<std::uint32_t>(*count)};
}

Result<StepBody> parse_ledger(StepWords& words) {
    if (const auto balanced = words.expect("balanced"); !balanced)
        return tl::unexpected(balanced.error());
    LedgerBalanced step;
    if (!words.is_over()) {
        const auto within = words.duration("within");
        if (!within)
            return tl::unexpected(within.error());
        step.within = *within;
    }
    return step;
}

Result<StepBody> parse_run(StepWords& words) {
    const auto command = words.take_rest();
    if (command.empty())
        return words.refuse("a command for the shell");
    return RunShell{std::string(command)};
}

using Parse = std::function<Result<StepBody>(StepWords&)>;

const std::map<std::string, Parse>& verbs() {
    const auto order = [](Order::Kind kind) {
        return [kind](StepWords& words) { return parse_order(words, kind); };
    };
    static const std::map<std::string, Parse> all{
        {"check", [](StepWords&) { return Result<StepBody>(CheckMesh{}); }},
        {"expect",
         [](StepWords& words) {
             return parse_expectation(words).map(
                 [](Expectation expectation) { return StepBody(std::move(expectation)); });
         }},
        {"kill", order(Order::Kind::kill)},
        {"ledger", parse_ledger},
        {"partition", parse_partition},
        {"pause", order(Order::Kind::pause)},
        {"pub", parse_pub},
        {"replicas", parse_replicas},
        {"resume", order(Order::Kind::resume)},
        {"run", parse_run},
        {"start", order(Order::Kind::start)},
        {"stop", order(Order::Kind::stop)},
        {"wait", parse_wait},
    };
    return all;
}

} // namespace

Result<StepBody> parse_step(std::string_view text) {
    StepWords words(text);
    const auto verb = verbs().find(std::string(words.peek()));
    if (verb == verbs().end()) {
        std::vector<std::string> known;
        std::string list;
        for (const auto& [name, parse] : verbs()) {
            known.push_back(name);
            list += (list.empty() ? "" : ", ") + name;
        }
        auto error = words.refuse("a step (" + list + ")").value();
        error.detail += mesh::did_you_mean(words.peek(), known);
        return tl::unexpected(std::move(error));
    }
    words.take();
    auto body = verb->second(words);
    if (body)
        if (const auto end = words.end(); !end)
            return tl::unexpected(end.error());
    return body;
}

} // namespace nodes
