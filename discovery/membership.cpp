#include "discovery/membership.hpp"

#include <algorithm>

namespace discovery {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t members_max = 4096;
constexpr mesh::Duration memory = 60s;

} // namespace

Membership::Verdict Membership::hear(const Beacon& beacon, mesh::TimePoint now) {
    if (beacon.realm != realm_ || beacon.id == self_)
        return Verdict::foreign;
    if (!members_.contains(beacon.id))
        make_room(now);
    auto& member = members_[beacon.id];
    const bool is_earlier =
        beacon.incarnation < member.incarnation ||
        (beacon.incarnation == member.incarnation && beacon.number <= member.number);
    if (is_earlier)
        return Verdict::old;
    const bool is_new_run = beacon.incarnation != member.incarnation;
    const bool was_away = now - member.heard_at > memory;
    const bool had_left = !is_new_run && member.has_left;
    member = {beacon.incarnation, beacon.number, beacon.is_leaving || had_left, now};
    if (had_left)
        return Verdict::old; // a run that left does not come back
    if (beacon.is_leaving)
        return Verdict::leaving;
    return is_new_run || was_away ? Verdict::newcomer : Verdict::known;
}

void Membership::make_room(mesh::TimePoint now) {
    if (members_.size() < members_max)
        return;
    std::erase_if(members_, [&](const auto& one) { return now - one.second.heard_at > memory; });
    if (members_.size() < members_max)
        return;
    const auto oldest =
        std::ranges::min_element(members_, {}, [](const auto& one) { return one.second.heard_at; });
    members_.erase(oldest);
}

} // namespace discovery
