#include "mesh/peer/admission.hpp"

#include <algorithm>
#include <string>

namespace mesh {

namespace {

using namespace std::chrono_literals;

constexpr Duration tell_delay_min = 200ms;
constexpr Duration tell_delay_asking_max = 1s;
constexpr Duration tell_delay_max = 5s;
constexpr std::size_t messages_max = 256; // in one step; the others follow in the next

} // namespace

bool Admission::runs(std::size_t handler) const {
    if (has(AdmissionFault::runs_while_pending))
        return standing_.state != JoinState::left;
    return standing_.state != JoinState::left &&
           !std::ranges::binary_search(standing_.idle, handler);
}

bool Admission::wants_telling(const Entry& entry) const {
    const bool has_something_to_say =
        is_started_ && !relaying_.empty() && (standing_.state != JoinState::left || is_refused_);
    if (!has_something_to_say || !entry.contract)
        return false;
    // While it mentions somebody whom this node cannot see, it is asked again: it may have changed
    // its mind.
    const bool is_asked_again = is_asking() && !entry.mentions.empty();
    return entry.told != version() || is_asked_again;
}

bool Admission::is_told() const {
    return std::ranges::none_of(view_, [&](const auto& one) { return wants_telling(one.second); });
}

void Admission::tell(TimePoint now) {
    if (relaying_.empty())
        return; // and spares a look at everybody
    std::optional<Join> join;
    for (auto& [id, entry] : view_) {
        if (outcome_.messages.size() >= messages_max)
            return;
        if (now < entry.ask_at || !wants_telling(entry))
            continue;
        if (!join) {
            join = Join{standing_, {}, cycles_};
            if (is_asking()) {
                join->cycles.clear();
                join->known.push_back(join_mark(options_.id, options_.incarnation));
                for (const auto& [other, one] : view_)
                    join->known.push_back(join_mark(other, one.incarnation));
            }
        }
        outcome_.messages.push_back({id, *join});
        const auto delay_max = is_asking() ? tell_delay_asking_max : tell_delay_max;
        entry.ask_delay = std::clamp(entry.ask_delay * 2, tell_delay_min, delay_max);
        entry.ask_at = has(AdmissionFault::never_resends) ? now + 24h : now + entry.ask_delay;
    }
}

std::optional<TimePoint> Admission::due() const {
    std::optional<TimePoint> first;
    const auto note = [&](TimePoint time) { first = first ? std::min(*first, time) : time; };
    if (is_listening_)
        note(listen_until_ + lateness_);
    if (relaying_.empty())
        return first;
    for (const auto& [id, entry] : view_) {
        if (wants_telling(entry))
            note(entry.ask_at);
        if (is_asking() && entry.patient_until > settled_at_ && !is_heard(entry, settled_at_))
            note(entry.patient_until);
    }
    return first;
}

std::string Admission::snapshot() const {
    std::string text;
    const auto add_version = [&](const StandingVersion& one) {
        text += std::to_string(one.incarnation) + "/" + std::to_string(one.epoch) + " " +
                std::string(to_text(one.state)) + " idle " + std::to_string(one.idle_count);
    };
    add_version(version());
    for (const auto h : standing_.idle)
        text += " " + std::to_string(h);
    text += " view " + std::to_string(standing_.view_size) + " highest " +
            std::to_string(epoch_highest_) + (is_started_ ? " started" : "") +
            (is_listening_ ? " listening" : "") + (is_decided_ ? " decided" : "") +
            (is_refused_ ? " refused" : "");
    for (const auto& [id, entry] : view_) {
        text += "; " + short_text(id) + "/" + std::to_string(entry.incarnation) +
                (entry.contract ? " " : " unknown ");
        if (entry.version) {
            add_version(*entry.version);
            for (const auto h : entry.standing.idle)
                text += " " + std::to_string(h);
            text += " view " + std::to_string(entry.standing.view_size);
        }
        if (entry.told) {
            text += " told ";
            add_version(*entry.told);
        }
        if (entry.owed) {
            text += " owed ";
            add_version(entry.owed->version);
            for (const auto mark : entry.owed->known)
                text += " " + std::to_string(mark);
        }
        for (const auto& mention : entry.mentions)
            text +=
                " mentions " + short_text(mention.id) + "/" + std::to_string(mention.incarnation);
        text += entry.is_mute ? " mute" : "";
    }
    return text;
}

} // namespace mesh
