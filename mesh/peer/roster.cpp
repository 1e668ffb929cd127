#include "mesh/peer/roster.hpp"

#include <algorithm>

namespace mesh {

namespace {

using namespace std::chrono_literals;

constexpr Duration silence_usual = 1150ms; // a beacon comes every second
constexpr Duration silence_max = 1500ms;
constexpr Duration gone_after = 2500ms;
constexpr Duration greet_delay_min = 400ms;
constexpr Duration greet_delay_max = 1s;
constexpr Duration address_interval = 500ms;
constexpr unsigned hearsay_greetings_max = 10;
// Of two nodes that see each other, the one with the smaller id says hello first; the other waits
// this long, so that a pair needs one connection and not two.
constexpr Duration second_caller_delay = 100ms;
// On a machine that starts many nodes at once each introduction takes its time: to call again who
// is about to answer would make it later still. So a crowd is called again later.
constexpr std::ptrdiff_t crowd_min = 8;
constexpr Duration introduction_time = 8ms;
constexpr Duration crowd_patience_max = 1s; // joining waits 3 s for an introduction
constexpr Duration small_crowd = 64ms;      // is introduced by then

} // namespace

void Roster::add_address(const Endpoint& address, bool is_hearsay) {
    if (addresses_.size() < peers_max_)
        addresses_[address].is_hearsay = is_hearsay;
}

void Roster::drop_address(const Endpoint& address) {
    addresses_.erase(address);
}

void Roster::release_addresses(const NodeId& id) {
    std::erase_if(addresses_, [&](const auto& one) {
        return one.second.answered_by == id && one.second.is_hearsay;
    });
    for (auto& [endpoint, address] : addresses_)
        if (address.answered_by == id)
            address.answered_by.reset();
}

void Roster::answered(const Endpoint& address, NodeId id) {
    const auto found = addresses_.find(address);
    if (found != addresses_.end() && records_.contains(id))
        found->second = {found->second.is_hearsay, 0, found->second.greeted_at, id};
}

Roster::Step Roster::changed(const Record& record) {
    return {Step::Kind::changed, record.peer, std::nullopt, false};
}

Roster::Step Roster::greet(Record& record, TimePoint now) {
    record.is_greeted = true;
    record.is_unheard = false;
    record.greeted_at = now;
    record.greet_delay = std::clamp(record.greet_delay * 2, greet_delay_min, greet_delay_max);
    return {Step::Kind::greet, record.peer, std::nullopt, record.peer.contract == nullptr};
}

Roster::Record* Roster::admit(NodeId id, std::uint32_t incarnation, TimePoint now) {
    if (id == self_)
        return nullptr;
    // A message that was under way when its sender left does not bring it back.
    if (const auto left = gone_.find(id); left != gone_.end() && incarnation <= left->second)
        return nullptr;
    const auto known = records_.find(id);
    if (known != records_.end() && incarnation < known->second.peer.incarnation)
        return nullptr;
    if (known == records_.end() && records_.size() >= peers_max_)
        return nullptr;
    auto& record = records_[id];
    if (record.peer.incarnation != incarnation || known == records_.end()) {
        record = {};
        record.peer.id = id;
        record.peer.incarnation = incarnation;
        record.greeted_at = now;
        record.greet_delay = is_first_caller(id) ? Duration{} : second_caller_delay;
    }
    record.heard_at = now;
    return &record;
}

std::optional<std::uint32_t> Roster::newest_run(const NodeId& id) const {
    std::optional<std::uint32_t> newest;
    if (const auto left = gone_.find(id); left != gone_.end())
        newest = left->second;
    if (const auto known = records_.find(id); known != records_.end())
        newest = std::max(newest.value_or(0), known->second.peer.incarnation);
    return newest;
}

std::vector<Roster::Step> Roster::sight(const Sighting& sighting, TimePoint now) {
    std::vector<Step> steps;
    auto* record = admit(sighting.id, sighting.incarnation, now);
    if (record == nullptr)
        return steps;
    auto& peer = record->peer;
    if (peer.contract == nullptr) {
        peer.control = sighting.control;
        peer.is_observer = sighting.is_observer;
        peer.contract_hash = sighting.contract_hash;
        if (record->is_greeted)
            return steps;
        if (!sighting.hears_of_us && record->greet_delay > Duration{}) {
            // In a crowd it is going to hear of this node somewhat later.
            record->greet_delay = {};
            record->is_unheard = true;
        }
        const auto patience =
            is_first_caller(sighting.id) ? Duration{} : patience_with(*record, crowd_patience());
        if (now - record->greeted_at >= record->greet_delay + patience)
            steps.push_back(greet(*record, now));
        return steps;
    }
    const bool has_moved = peer.control.port != sighting.control.port;
    if (peer.state == PeerState::suspect) {
        peer.state = PeerState::active;
        steps.push_back(changed(*record));
    }
    if (has_moved || peer.contract_hash != sighting.contract_hash) {
        peer.control = sighting.control;
        steps.push_back(greet(*record, now));
    }
    return steps;
}

std::vector<Roster::Step> Roster::meet(NodeId id, std::uint32_t incarnation, const Hello& hello,
                                       const std::string& host,
                                       std::shared_ptr<const Contract> contract, TimePoint now) {
    std::vector<Step> steps;
    auto* record = admit(id, incarnation, now);
    if (record == nullptr)
        return steps;
    Peer met = record->peer;
    met.service = hello.service;
    met.instance = hello.instance;
    met.is_observer = hello.is_observer;
    const auto& reachable = hello.host.empty() ? host : hello.host;
    met.control = {reachable, hello.control_port};
    met.inbox = {reachable, hello.inbox_port};
    met.inbox_name = hello.inbox_name;
    met.machine = hello.machine;
    met.contract_hash = hello.contract_hash;
    met.contract = std::move(contract);
    met.quarantined = hello.quarantined;
    met.state = met.contract ? PeerState::active : PeerState::joining;
    const bool is_news = met.state != record->peer.state || met.control != record->peer.control ||
                         met.inbox != record->peer.inbox || met.contract != record->peer.contract ||
                         met.quarantined != record->peer.quarantined;
    record->peer = std::move(met);
    if (const auto address = addresses_.find(record->peer.control); address != addresses_.end())
        address->second = {address->second.is_hearsay, 0, address->second.greeted_at, id};
    if (record->peer.contract != nullptr)
        record->greet_delay = {};
    if (is_news)
        steps.push_back(changed(*record));
    return steps;
}

void Roster::hear(NodeId id, std::uint32_t incarnation, TimePoint now) {
    const auto found = records_.find(id);
    if (found != records_.end() && found->second.peer.incarnation == incarnation)
        found->second.heard_at = now;
}

std::vector<Roster::Step> Roster::doubt(NodeId id, TimePoint now) {
    const auto found = records_.find(id);
    if (found == records_.end() || found->second.peer.state != PeerState::active)
        return {};
    auto& record = found->second;
    record.peer.state = PeerState::suspect;
    record.heard_at = std::min(record.heard_at, now - silence_max);
    return {changed(record), greet(record, now)};
}

std::vector<Roster::Step> Roster::leave(NodeId id, std::uint32_t incarnation) {
    const auto found = records_.find(id);
    if (found == records_.end() || found->second.peer.incarnation != incarnation)
        return {};
    auto record = std::move(found->second);
    records_.erase(found);
    if (gone_.size() >= peers_max_)
        gone_.erase(gone_.begin());
    gone_[id] = incarnation;
    release_addresses(id);
    record.peer.state = PeerState::gone;
    record.peer.has_left = true;
    return {changed(record)};
}

std::vector<Roster::Step> Roster::tick(TimePoint now, Duration lateness) {
    std::vector<Step> steps;
    std::vector<NodeId> gone;
    const auto crowd = crowd_patience();
    for (auto& [id, record] : records_) {
        auto& peer = record.peer;
        const auto patience = patience_with(record, crowd);
        const auto silence = now - record.heard_at - lateness;
        if (silence >= gone_after) {
            gone.push_back(id);
            continue;
        }
        if (peer.state == PeerState::active && silence >= silence_max) {
            peer.state = PeerState::suspect;
            record.greet_delay = {};
            steps.push_back(changed(record));
            steps.push_back(greet(record, now));
        } else if (peer.state == PeerState::suspect && silence < silence_max) {
            peer.state = PeerState::active;
            steps.push_back(changed(record));
        } else if ((peer.state != PeerState::active || silence >= silence_usual) &&
                   now - record.greeted_at >= record.greet_delay + patience) {
            steps.push_back(greet(record, now));
        }
    }
    for (const auto& id : gone) {
        auto left = records_.at(id);
        left.peer.state = PeerState::gone;
        records_.erase(id);
        release_addresses(id);
        steps.push_back(changed(left));
    }
    for (auto& [endpoint, address] : addresses_) {
        if (address.answered_by || now - address.greeted_at < address_interval)
            continue;
        address.greeted_at = now;
        ++address.greeted_count;
        steps.push_back({Step::Kind::greet, {}, endpoint, true});
    }
    std::erase_if(addresses_, [](const auto& one) {
        return one.second.is_hearsay && one.second.greeted_count > hearsay_greetings_max;
    });
    return steps;
}

std::ptrdiff_t Roster::joining_count() const {
    return std::ranges::count_if(
        records_, [](const auto& one) { return one.second.peer.state == PeerState::joining; });
}

/// On top of a greeting's delay.
Duration Roster::patience_with(const Record& record, Duration crowd) {
    if (record.peer.state != PeerState::joining)
        return {};
    return record.is_unheard ? std::max(crowd / 4 - small_crowd, Duration{}) : crowd;
}

Duration Roster::crowd_patience() const {
    if (joining_count() < crowd_min)
        return {};
    return std::min(std::ssize(records_) * introduction_time, crowd_patience_max);
}

std::vector<Peer> Roster::peers() const {
    std::vector<Peer> all;
    for (const auto& [id, record] : records_)
        all.push_back(record.peer);
    sort(all);
    return all;
}

const Peer* Roster::find(NodeId id) const {
    const auto found = records_.find(id);
    return found == records_.end() ? nullptr : &found->second.peer;
}

std::vector<std::string> Roster::addresses() const {
    std::vector<std::string> all;
    for (const auto& [id, record] : records_)
        if (record.peer.contract && all.size() < 64)
            all.push_back(to_string(record.peer.control));
    return all;
}

} // namespace mesh
