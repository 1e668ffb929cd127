// NodeCore, the part for what went wrong: dead letters, and what tools ask.

#include "mesh/base/log.hpp"
#include "mesh/base/quantity.hpp"
#include "mesh/node/core.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace mesh {

namespace {

std::uint64_t wall_us() {
    return static_cast<std::uint64_t>(wall_now().time_since_epoch().count());
}

std::string name_of(const DeadLetter& letter) {
    const auto& event = *letter.event;
    return "handler " + letter.handler + ", " + std::string(to_text(letter.reason)) +
           (letter.attempts > 0 ? " in attempt " + std::to_string(letter.attempts)
                                : std::string()) +
           ", " + std::string(event.topic) + " " + to_string(event.id);
}

} // namespace

void NodeCore::bury(const DeadLetter& letter) {
    log(LogLevel::error, "dead letter: " + name_of(letter) + ": " + letter.error);
    // The loop does not wait for disks: of an inline handler, the letter is kept a moment later.
    const bool is_left_to_others =
        reactor_.is_inside() && answering_->post([this, letter] { keep(letter); });
    if (!is_left_to_others)
        keep(letter);
    if (!on_dead_letter)
        return;
    try {
        on_dead_letter(letter);
    } catch (const std::exception& error) {
        log(LogLevel::error, std::string("whoever takes dead letters failed: ") + error.what());
    }
}

void NodeCore::keep(const DeadLetter& letter) {
    const auto kept = letters_.add(letter);
    if (kept)
        return;
    const auto& event = *letter.event;
    log(LogLevel::error, "this dead letter is not kept: " + name_of(letter) + ", of service " +
                             std::string(event.service) + ", key \"" + std::string(event.key) +
                             "\", " + std::to_string(event.payload.size()) + " bytes of " +
                             std::string(event.content_type) + ": " + kept.error().detail);
}

void NodeCore::prepare_answering() {
    asking_.emplace(
        [this](const NodeId& to, const Question& question) { neighbours_->send(to, question); });
    answering_.emplace(
        reactor_, handlers_, letters_,
        Answering::Hooks{
            [this](const NodeId& to, const Answer& answer) { neighbours_->send(to, answer, true); },
            [this](Answer& answer) { tell_ledger(answer); },
            [this](const Question& question, Answer& answer) { begin_cut(question, answer); }});
}

void NodeCore::begin_cut(const Question& question, Answer& answer) {
    if (!options_.allows_faults) {
        answer.error = "it was not started for faults (DAGMESH_FAULTS=1), so nobody cuts it off";
        return;
    }
    const auto time = std::chrono::microseconds(question.time_us);
    cut_.begin(question.nodes, now() + time);
    const auto count = question.nodes.size();
    log(LogLevel::warning, "cut off from " + std::to_string(count) +
                               (count == 1 ? " node for " : " nodes for ") + to_text(time) +
                               ", as a tool asked");
}

void NodeCore::tell_ledger(Answer& answer) {
    outgoing_->tell_ledger(answer.sent);
    incoming_->tell_ledger(answer.handled);
    auto& figures = answer.figures;
    figures["letters"] = letters_.count();
    figures["letters_lost"] = letters_.lost_count();
    figures["quarantined"] = joining_ ? joining_->quarantined().size() : 0;
    figures["unlinked"] = static_cast<std::uint64_t>(
        std::ranges::count_if(neighbours_->peers(), [this](const Peer& peer) {
            return (wants_from_here(peer) && !outgoing_->is_linked(peer.id)) ||
                   (wants_from_there(peer) && !incoming_->is_linked(peer.id));
        }));
    for (const auto& row : answer.handled)
        figures["lost"] += row.lost;
    bool is_incomplete = false;
    for (const auto& handler : handlers_)
        handler->with_ledger([&](const HandlerLedger& ledger) {
            is_incomplete = is_incomplete || ledger.is_incomplete();
        });
    figures["incomplete"] = is_incomplete ? 1 : 0;
    const std::lock_guard lock(disk_mutex_);
    const bool has_failed = disk_ ? disk_->database->is_failing() : is_without_disk_;
    figures["disk_failed"] = has_failed ? 1 : 0;
}

bool NodeCore::has_key(const std::string& handler, std::string_view key) {
    auto* lasting = reactor_.is_inside() || options_.is_passing ? nullptr : disk();
    if (lasting == nullptr)
        return false;
    const DiskHold hold(*lasting);
    const auto found = lasting->seen_keys->has(handler + "\n" + std::string(key), wall_us());
    if (!found)
        log(LogLevel::error, "idempotency key of " + handler + ": " + found.error().detail);
    return found && *found;
}

Result<void> NodeCore::keep_key(const std::string& handler, std::string_view key) {
    auto* lasting = reactor_.is_inside() || options_.is_passing ? nullptr : disk();
    if (lasting == nullptr)
        return {};
    const DiskHold hold(*lasting);
    auto kept = lasting->seen_keys->is_new(handler + "\n" + std::string(key), wall_us());
    if (kept)
        return {};
    log(LogLevel::error, "idempotency key of " + handler + ": " + kept.error().detail);
    return tl::unexpected(kept.error());
}

void NodeCore::ask(const NodeId& node, const Question& question, Asking::Answered answered) {
    reactor_.post([this, node, question, answered = std::move(answered)]() mutable {
        asking_->ask(node, question, std::move(answered));
    });
}

} // namespace mesh
