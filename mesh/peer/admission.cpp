#include "mesh/peer/admission.hpp"

#include "mesh/peer/join_text.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace mesh {

namespace {

using namespace std::chrono_literals;

constexpr Duration held_ask_delay = 1s;

} // namespace

Admission::Admission(AdmissionOptions options) : options_(std::move(options)) {
    slot_ = graph_.add(options_.contract);
    const auto& handlers = options_.contract->handlers;
    for (std::size_t h = 0; h < handlers.size(); ++h)
        if (relays(*options_.contract, handlers[h]))
            relaying_.push_back(static_cast<std::uint16_t>(h));
    standing_.idle = relaying_;
}

StandingVersion Admission::version_of(const Standing& standing, std::uint32_t incarnation) {
    return {incarnation, standing.epoch, standing.state,
            static_cast<std::uint32_t>(standing.idle.size())};
}

Admission::Outcome Admission::start(TimePoint now) {
    if (relaying_.empty()) {
        standing_.state = JoinState::active;
        is_started_ = is_decided_ = true;
        outcome_.has_changed = true;
        return settle(now);
    }
    is_listening_ = true;
    listen_until_ = now + (has(AdmissionFault::skips_listening) ? Duration{} : options_.listening);
    return settle(now);
}

Admission::Outcome Admission::seen(const NodeId& id, std::uint32_t incarnation,
                                   const std::shared_ptr<const Contract>& contract, TimePoint now) {
    const auto known = view_.find(id);
    if (known == view_.end() && view_.size() >= options_.peers_max)
        return {};
    if (known != view_.end() && incarnation < known->second.incarnation)
        return {};
    auto& entry = known != view_.end() ? known->second : view_[id];
    if (known != view_.end() && entry.incarnation == incarnation && entry.contract == contract)
        return {};
    // An earlier run's patience goes on, so that a node that starts again and again holds nobody up
    // for good.
    const bool is_waited_for = is_asking() && known != view_.end() && entry.contract && contract;
    const auto patient_until = is_waited_for
                                   ? entry.patient_until
                                   : now + (contract ? answer_patience : introduction_patience);
    if (entry.contract)
        graph_.release(entry.slot);
    entry = {};
    entry.incarnation = incarnation;
    entry.contract = contract;
    entry.ask_at = now;
    entry.patient_until = patient_until;
    if (contract)
        entry.slot = graph_.add(contract);
    if (is_asking() && has(AdmissionFault::forgets_newcomers))
        entry.told = version();
    forget_mentions_of(id, now);
    is_stale_ = true;
    return settle(now);
}

/// It is in view now, so its own answer counts; unless a later run of it was meant.
void Admission::forget_mentions_of(const NodeId& id, TimePoint now) {
    if (mentioned_at_.erase(id) == 0)
        return;
    for (auto& [other, entry] : view_) {
        std::erase_if(entry.mentions, [&](const Mention& mention) {
            return mention.id == id && is_in_view(mention);
        });
        if (std::ranges::find(entry.mentions, id, &Mention::id) != entry.mentions.end())
            mentioned_at_[id] = now;
    }
}

Admission::Outcome Admission::gone(const NodeId& id, std::uint32_t incarnation, TimePoint now) {
    const auto known = view_.find(id);
    if (known == view_.end() || known->second.incarnation != incarnation ||
        has(AdmissionFault::keeps_the_gone))
        return {};
    if (known->second.contract)
        graph_.release(known->second.slot);
    view_.erase(known);
    is_stale_ = true;
    return settle(now);
}

Admission::Entry* Admission::introduced(const NodeId& id, std::uint32_t incarnation) {
    const auto known = view_.find(id);
    const bool is_it = known != view_.end() && known->second.incarnation == incarnation &&
                       known->second.contract != nullptr;
    return is_it ? &known->second : nullptr;
}

void Admission::merge(Entry& entry, const Standing& standing) {
    entry.is_mute = false;
    if (!has(AdmissionFault::reuses_epoch))
        epoch_highest_ = std::max(epoch_highest_, standing.epoch);
    const auto version = version_of(standing, entry.incarnation);
    if (entry.version && *entry.version >= version)
        return;
    entry.standing = standing;
    entry.version = version;
    is_stale_ = true;
}

bool Admission::holds_back(const NodeId& from, const Standing& asking) const {
    if (!is_asking() || asking.state != JoinState::pending ||
        has(AdmissionFault::answers_at_once) || has(AdmissionFault::trusts_the_order))
        return false;
    return has(AdmissionFault::holds_everybody) ||
           std::tie(standing_.epoch, options_.id) < std::tie(asking.epoch, from);
}

JoinAnswer Admission::answer(const NodeId& to, const StandingVersion& version, bool is_held,
                             const std::vector<std::uint32_t>& known) const {
    JoinAnswer made{version, is_held, standing_, {}};
    if (has(AdmissionFault::hides_standing))
        made.standing = {};
    if (version.state != JoinState::pending)
        return made;
    for (const auto& [id, entry] : view_) {
        if (id == to || !entry.contract || entry.standing.state == JoinState::left)
            continue;
        const auto mark = join_mark(id, entry.incarnation);
        if (std::ranges::find(known, mark) == known.end())
            made.mentions.push_back({id, entry.incarnation});
    }
    return made;
}

void Admission::report(const std::vector<JoinCycle>& cycles) {
    for (const auto& cycle : cycles)
        if (concerns(cycle, *options_.contract))
            outcome_.lines.push_back(to_text(cycle));
}

Admission::Outcome Admission::received(const NodeId& from, std::uint32_t incarnation,
                                       const Join& join, TimePoint now) {
    auto* entry = introduced(from, incarnation);
    if (entry == nullptr)
        return {};
    const auto version = version_of(join.standing, incarnation);
    if (!entry->version || *entry->version < version)
        report(join.cycles);
    merge(*entry, join.standing);
    const bool is_held = holds_back(from, join.standing);
    entry->owed.reset();
    if (is_held)
        entry->owed = {version, join.known};
    outcome_.messages.push_back({from, answer(from, version, is_held, join.known)});
    return settle(now);
}

Admission::Outcome Admission::received(const NodeId& from, std::uint32_t incarnation,
                                       const JoinAnswer& answer, TimePoint now) {
    auto* entry = introduced(from, incarnation);
    if (entry == nullptr)
        return {};
    merge(*entry, answer.standing);
    if (answer.to == version() || has(AdmissionFault::takes_any_answer)) {
        entry->patient_until = now + answer_patience;
        if (answer.is_held) {
            entry->ask_at = now + held_ask_delay;
        } else {
            entry->told = version();
            entry->mentions.clear();
            for (const auto& mention : answer.mentions) {
                if (is_in_view(mention))
                    continue;
                mentioned_at_.emplace(mention.id, now);
                entry->mentions.push_back(mention);
            }
        }
    }
    return settle(now);
}

Admission::Outcome Admission::tick(TimePoint now, Duration lateness) {
    lateness_ = lateness;
    return settle(now);
}

Admission::Outcome Admission::leave(TimePoint now) {
    standing_.state = JoinState::left;
    is_listening_ = false;
    for (auto& [id, entry] : view_)
        if (const auto owed = std::exchange(entry.owed, std::nullopt))
            outcome_.messages.push_back({id, answer(id, owed->version, false, owed->known)});
    return settle(now);
}

Admission::Outcome Admission::settle(TimePoint now) {
    settled_at_ = now;
    if (standing_.state != JoinState::left) {
        yield(now);
        const bool has_listened = is_listening_ && now - lateness_ >= listen_until_;
        const bool asks_again = standing_.state == JoinState::quarantined && is_stale_ &&
                                !has(AdmissionFault::never_asks_again) && would_fit();
        if (has_listened || asks_again)
            ask(now);
        give_up_on_the_mute(now);
        if (is_asking() && is_everyone_heard(now))
            decide(now);
    }
    is_stale_ = false;
    tell(now);
    return std::exchange(outcome_, {});
}

} // namespace mesh
