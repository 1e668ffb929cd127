// The steps that wait for something to be so: ready nodes, events, a ledger.
#include "mesh/base/quantity.hpp"
#include "mesh/base/suggest.hpp"
#include "nodes/doctor/ledger_look.hpp"
#include "nodes/doctor/ledger_text.hpp"
#include "nodes/script/driver.hpp"
#include "nodes/script/expecting.hpp"

#include <algorithm>
#include <chrono>
#include <future>

namespace nodes {

namespace {

using namespace std::chrono_literals;

constexpr mesh::Duration stop_look_interval = 20ms;

std::string joined(const std::vector<std::string>& names) {
    std::string text;
    for (const auto& name : names)
        text += (text.empty() ? "" : ", ") + name;
    return text.empty() ? "nobody" : text;
}

/// Whether `order/create/1@...`, a subscription that is away, is of a process that runs, so that it
/// will soon be back.
bool comes_back(const LedgerRow& row, const Direction::View& view) {
    if (row.verdict != LedgerRow::Verdict::away)
        return false;
    return std::ranges::any_of(view.processes, [&](const auto& process) {
        return process.is_running() && row.subscription.starts_with(process.service + "/") &&
               row.subscription.find("/" + process.instance + "@") != std::string::npos;
    });
}

/// The rows that say that something is still on its way to somebody who runs.
std::vector<std::string> unfinished(const std::vector<LedgerRow>& rows,
                                    const Direction::View& view) {
    std::vector<std::string> lines;
    for (const auto& row : rows) {
        const bool is_away = row.verdict == LedgerRow::Verdict::away;
        const auto what = row.topic + " from " + row.publisher + " to " + row.subscription;
        if (comes_back(row, view))
            lines.push_back(std::to_string(row.sent) + " of " + what + ", which is away");
        else if (!is_away && row.in_flight() > 0)
            lines.push_back(std::to_string(row.in_flight()) + " of " + what + " in flight");
    }
    return lines;
}

/// What known topics a script may have meant, when nothing came.
std::string near_topic(const mesh::RealmManifest& manifest, const mesh::Pattern& pattern) {
    std::vector<std::string> known;
    for (const auto& event : manifest.events)
        known.push_back(event.name.text());
    for (const auto& service : manifest.services)
        for (const auto& handler : service.contract.handlers) {
            for (const auto& on : handler.on)
                known.push_back(on.text());
            for (const auto& emitted : handler.emits.value_or(std::vector<mesh::Pattern>{}))
                known.push_back(emitted.text());
        }
    const bool is_known = std::ranges::find(known, pattern.text()) != known.end();
    return is_known ? std::string() : mesh::did_you_mean(pattern.text(), known);
}

} // namespace

StepResult Driver::play(const WaitReady& step) {
    ReadyNodes nodes;
    const bool is_ready = wait_until(mesh::now() + step.within, [&] {
        nodes = ready_nodes(direction_.view(), node_.node().peers());
        return nodes.ready.size() >= step.count && mesh::now() >= heals_at_;
    });
    if (is_ready)
        return {};
    std::vector<std::string> details{"ready: " + joined(nodes.ready)};
    if (!nodes.unready.empty())
        details.push_back("not ready: " + joined(nodes.unready));
    if (mesh::now() < heals_at_)
        details.push_back("a partition lasts for another " +
                          mesh::to_text(heals_at_ - mesh::now()));
    return fail_step("expected " + std::to_string(step.count) + " nodes ready within " +
                         typed_text(step.within) + ", found " + std::to_string(nodes.ready.size()),
                     std::move(details));
}

StepResult Driver::play(const Expectation& step) {
    using Verdict = Expecting::Verdict;
    std::optional<Expecting> expecting;
    auto verdict = Verdict::open;
    StepFailure failure;
    const auto look = [&](SeenEvents& seen) {
        if (!expecting)
            expecting.emplace(step, line_, seen, mesh::now());
        verdict = expecting->look(mesh::now());
        if (verdict == Verdict::failed)
            failure = {expecting->summary(), expecting->details()};
        return verdict != Verdict::open;
    };
    // Also without an event it looks now and then whether the run stops.
    const auto deadline = mesh::now() + step.within;
    while (!node_.watch(std::min(deadline, mesh::now() + stop_look_interval), look))
        if (is_stopping())
            return fail_step("the run stops");
    if (verdict == Verdict::met)
        return {};
    if (!step.is_none)
        failure.summary += near_topic(setting_.manifest, step.pattern);
    if (const auto lost = node_.lost_count(); lost > 0)
        failure.details.push_back(std::to_string(lost) + " events never came to the script");
    return tl::unexpected(std::move(failure));
}

StepResult Driver::play(const LedgerBalanced& step) {
    const auto within = typed_text(step.within);
    const auto deadline = mesh::now() + step.within;
    if (!wait_until(deadline, [this] { return mesh::now() >= heals_at_; }))
        return fail_step("expected the ledger to balance within " + within +
                         ", found a partition that lasts longer");
    Survey survey(node_.node(), deadline);
    SettledLedger ledger;
    std::vector<std::string> open;
    // On a thread of its own, because it waits, and the run may stop meanwhile.
    auto looking = std::async(std::launch::async, [&] {
        do {
            ledger = settled_ledger(survey);
            open = unfinished(ledger.rows, direction_.view());
        } while (!survey.is_over() &&
                 (!ledger.is_settled || !open.empty() || !is_balanced(ledger.rows)));
    });
    while (looking.wait_for(stop_look_interval) != std::future_status::ready)
        if (is_stopping())
            survey.stop();
    if (!ledger.look.silent.empty())
        return fail_step("expected the ledger to balance within " + within +
                             ", found nodes that do not answer",
                         ledger.look.silent);
    if (!is_balanced(ledger.rows))
        return fail_step("expected the ledger to balance within " + within +
                             ", found that it does not",
                         ledger_complaints(ledger.rows));
    if (!ledger.is_settled || !open.empty())
        return fail_step("expected the ledger to balance within " + within +
                             ", found events still on their way",
                         std::move(open));
    return {};
}

} // namespace nodes
