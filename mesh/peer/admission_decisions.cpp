#include "mesh/peer/admission_running.hpp"
#include "mesh/peer/join_text.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace mesh {

bool Admission::Holder::is_stronger_than(const Holder& other) const {
    // The larger view comes first, so the two sides are swapped there.
    return std::tie(other.view_size, epoch, id, handler) <
           std::tie(view_size, other.epoch, other.id, other.handler);
}

void Admission::ask(TimePoint now) {
    is_listening_ = false;
    is_started_ = true;
    if (has(AdmissionFault::readmits_unasked) && is_decided_)
        return decide(now);
    standing_.epoch = has(AdmissionFault::reuses_epoch) ? 1 : epoch_highest_ + 1;
    epoch_highest_ = std::max(epoch_highest_, standing_.epoch);
    standing_.state = JoinState::pending;
    mentioned_at_.clear();
    begin_telling(now);
}

void Admission::begin_telling(TimePoint now) {
    for (auto& [id, entry] : view_) {
        entry.mentions.clear();
        entry.is_mute = false;
        entry.ask_at = now;
        entry.ask_delay = {};
        entry.patient_until = now + (entry.contract ? answer_patience : introduction_patience);
    }
}

bool Admission::is_in_view(const Mention& mention) const {
    if (mention.id == options_.id)
        return true;
    const auto seen = view_.find(mention.id);
    return seen != view_.end() && seen->second.incarnation >= mention.incarnation;
}

bool Admission::is_settled(const Mention& mention, TimePoint now) const {
    if (is_in_view(mention) || has(AdmissionFault::forgets_mentions))
        return true; // its own answer counts
    const auto first = mentioned_at_.find(mention.id);
    return first == mentioned_at_.end() || now - lateness_ - first->second >= introduction_patience;
}

bool Admission::is_heard(const Entry& entry, TimePoint now) const {
    if (!entry.contract)
        return now - lateness_ >= entry.patient_until;
    if (has(AdmissionFault::trusts_the_order) && entry.version &&
        entry.standing.state == JoinState::pending)
        return true;
    const bool has_answered =
        entry.is_mute || entry.standing.state == JoinState::left || entry.told == version();
    return has_answered && std::ranges::all_of(entry.mentions, [&](const Mention& one) {
               return is_settled(one, now);
           });
}

bool Admission::is_everyone_heard(TimePoint now) const {
    return std::ranges::all_of(view_, [&](const auto& one) { return is_heard(one.second, now); });
}

void Admission::give_up_on_the_mute(TimePoint now) {
    if (!is_asking())
        return;
    for (auto& [id, entry] : view_) {
        if (!entry.contract || entry.is_mute || entry.told == version() ||
            entry.standing.state == JoinState::left || now - lateness_ < entry.patient_until)
            continue;
        entry.is_mute = true;
        is_stale_ = true;
        outcome_.lines.push_back("service \"" + entry.contract->service + "\" (node " +
                                 short_text(id) +
                                 ") does not answer: joining as if all its handlers ran");
    }
}

Admission::Running Admission::running(bool counts_mute) const {
    Running running;
    const auto add = [&](Slot slot, const Contract& contract, const Standing& standing,
                         const NodeId& id, bool is_all) {
        for (std::uint32_t h = 0; h < contract.handlers.size(); ++h)
            if (is_all || !std::ranges::binary_search(standing.idle, h))
                running.add({slot, h}, {standing.view_size, standing.epoch, id, h});
    };
    if (standing_.state != JoinState::left)
        add(slot_, *options_.contract, standing_, options_.id, false);
    for (const auto& [id, entry] : view_) {
        const bool is_known = entry.version && entry.standing.state != JoinState::left;
        const bool is_first =
            has(AdmissionFault::trusts_the_order) && is_known &&
            entry.standing.state == JoinState::pending &&
            std::tie(entry.standing.epoch, id) < std::tie(standing_.epoch, options_.id);
        if (entry.contract && (entry.is_mute ? counts_mute : is_known))
            add(entry.slot, *entry.contract, entry.standing, id, entry.is_mute || is_first);
    }
    return running;
}

bool Admission::would_fit() {
    const auto now_running = running(true);
    return std::ranges::any_of(standing_.idle, [&](std::uint16_t h) {
        return graph_
            .cycle_through({slot_, h},
                           [&](Vertex other) { return now_running.find(other) != nullptr; })
            .empty();
    });
}

void Admission::add_cycle(const std::vector<Vertex>& cycle, Vertex loser, const Running& running) {
    if (cycles_.size() >= join_cycles_max)
        return;
    JoinCycle told{static_cast<std::uint32_t>(cycle.size()), {}};
    for (const auto& step : graph_.walk(cycle)) {
        if (told.steps.size() >= join_steps_max)
            break;
        const auto& contract = graph_.contract(step.vertex.slot);
        const bool is_loser = step.vertex == loser;
        const auto* holder = is_loser ? nullptr : running.find(step.vertex);
        told.steps.push_back({step.event,
                              contract.service + "." + contract.handlers[step.vertex.handler].name,
                              step.on, holder == nullptr ? options_.id : holder->id,
                              holder == nullptr ? standing_.epoch : holder->epoch, is_loser});
    }
    outcome_.lines.push_back(to_text(told));
    cycles_.push_back(std::move(told));
}

void Admission::decide(TimePoint now) {
    auto running = this->running(true);
    cycles_.clear();
    std::vector<std::uint16_t> refused;
    for (const auto h : standing_.idle) {
        const Vertex vertex{slot_, h};
        const auto cycle = graph_.cycle_through(
            vertex, [&](Vertex other) { return running.find(other) != nullptr; });
        if (cycle.empty()) {
            running.add(vertex, {standing_.view_size, standing_.epoch, options_.id, h});
        } else {
            refused.push_back(h);
            add_cycle(cycle, vertex, running);
        }
    }
    standing_.view_size = static_cast<std::uint32_t>(std::ranges::count_if(
        view_, [](const auto& one) { return one.second.contract != nullptr; }));
    is_refused_ = options_.is_strict && !is_decided_ && !refused.empty();
    if (is_refused_) {
        standing_.state = JoinState::left;
    } else {
        standing_.state = refused.empty() ? JoinState::active : JoinState::quarantined;
        standing_.idle = std::move(refused);
    }
    is_decided_ = true;
    outcome_.has_changed = !has(AdmissionFault::changes_silently);
    begin_telling(now);
    for (auto& [id, entry] : view_)
        if (const auto owed = std::exchange(entry.owed, std::nullopt))
            outcome_.messages.push_back({id, answer(id, owed->version, false, owed->known)});
}

void Admission::yield(TimePoint now) {
    if (!is_stale_ || standing_.idle.size() == relaying_.size() ||
        has(AdmissionFault::never_yields))
        return;
    const auto running = this->running(false);
    std::vector<std::uint16_t> losers;
    for (const auto h : relaying_) {
        const Vertex vertex{slot_, h};
        if (std::ranges::binary_search(standing_.idle, h))
            continue;
        // As strong as this node is, not as another one that runs the same: of every cycle, the
        // least of those on it must know that it is the least, whatever else it knows.
        const Holder own{standing_.view_size, standing_.epoch, options_.id, h};
        const auto cycle = graph_.cycle_through(vertex, [&](Vertex other) {
            const auto* holder = running.find(other);
            return holder != nullptr && holder->is_stronger_than(own);
        });
        if (cycle.empty())
            continue;
        losers.push_back(h);
        add_cycle(cycle, vertex, running);
    }
    if (losers.empty())
        return;
    standing_.idle.insert(standing_.idle.end(), losers.begin(), losers.end());
    std::ranges::sort(standing_.idle);
    if (!is_asking())
        standing_.state = JoinState::quarantined;
    outcome_.has_changed = true;
    begin_telling(now);
}

} // namespace mesh
