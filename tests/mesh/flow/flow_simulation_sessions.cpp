// FlowSimulation, the part that opens sessions: where subscriptions begin, and what breaks.

#include "tests/mesh/flow/flow_simulation.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace flow_test {

using namespace std::chrono_literals;

std::uint64_t FlowSimulation::beginning(const SimulatedHandler& handler, mesh::Duration age) const {
    return handler.is_lasting && publisher_age_ <= 5s ? 0 : first_since_ago(age) - 1;
}

std::uint64_t FlowSimulation::first_since_ago(mesh::Duration age) const {
    // A clock that was set back makes nobody get what was published before he asked.
    const auto latest = mesh::WallTime(
        std::chrono::microseconds(published_.empty() ? 0 : published_.back().time_us));
    const auto since =
        std::max(wall_, latest) - std::chrono::duration_cast<std::chrono::microseconds>(age);
    return first_since(static_cast<std::uint64_t>(since.time_since_epoch().count()));
}

std::uint64_t FlowSimulation::first_since(std::uint64_t time_us) const {
    auto first = publication_.log().first();
    while (first <= published_.size() && published_[first - 1].time_us < time_us)
        ++first;
    return first;
}

mesh::StartFrom FlowSimulation::draw_start() {
    const auto sequence = draw(published_.size() + 2);
    switch (draw(8)) {
    case 0:
        return mesh::StartFrom::now();
    case 1:
        return mesh::StartFrom::oldest();
    case 2:
        return mesh::StartFrom::last(draw(6));
    case 3:
        return mesh::StartFrom::last_per_key();
    case 4:
        return mesh::StartFrom::sequence(sequence);
    case 5:
        return {mesh::StartFrom::Kind::time,
                sequence == 0 || published_.empty()
                    ? 0
                    : published_[std::min<std::uint64_t>(sequence, published_.size()) - 1].time_us};
    default:
        return {};
    }
}

std::vector<std::uint64_t> FlowSimulation::picked_by(const SimulatedHandler& handler,
                                                     mesh::StartFrom from,
                                                     std::uint64_t& gone) const {
    const auto held_first = publication_.log().first();
    std::vector<std::uint64_t> picked;
    std::map<std::string, std::uint64_t> per_topic;
    std::set<std::pair<std::string, std::string>> values;
    for (auto sequence = published_.size(); sequence > 0; --sequence) {
        const auto& one = published_[sequence - 1];
        if (!WantedCounts::matches(handler.patterns, one.topic))
            continue;
        const bool is_asked =
            from.kind == mesh::StartFrom::Kind::last_events
                ? ++per_topic[one.topic] <= from.number
                : sequence >= held_first && values.emplace(one.topic, one.key).second;
        if (is_asked) {
            picked.push_back(sequence);
            gone += sequence < held_first ? 1 : 0;
        }
    }
    std::ranges::reverse(picked);
    return picked;
}

/// What an unknown subscription gets, and where it begins.
void FlowSimulation::begin(SimulatedHandler& handler, const mesh::StartRequest& start) {
    using Kind = mesh::StartFrom::Kind;
    handler.wanted.rewrite_after(0, handler.patterns, published_);
    handler.is_begin_known = true;
    handler.fast_sent_to = handler.sent_highest = 0;
    const auto held_first = publication_.log().first();
    const auto number = start.from.number;
    std::uint64_t gone = 0;
    switch (start.from.kind) {
    case Kind::automatic:
        handler.told = beginning(handler, start.age);
        break;
    case Kind::now:
        handler.told = first_since_ago(start.age) - 1;
        break;
    case Kind::oldest:
        handler.told = held_first - 1;
        break;
    case Kind::sequence:
        handler.told =
            std::min<std::uint64_t>(std::max<std::uint64_t>(number, 1) - 1, published_.size());
        handler.is_begin_known = handler.told + 1 >= held_first;
        break;
    case Kind::time:
        handler.told = first_since(number) - 1;
        // Within what is gone it begins up to a stretch early.
        handler.is_begin_known = held_first == 1 || handler.told + 1 > held_first;
        break;
    case Kind::last_events:
    case Kind::last_values: {
        const auto picked = picked_by(handler, start.from, gone);
        handler.wanted.pick(picked);
        happened_.picked += picked.size();
        const auto first = std::ranges::lower_bound(picked, held_first);
        handler.told = gone > 0 ? 0 : first == picked.end() ? published_.size() : *first - 1;
        break;
    }
    }
    handler.acknowledged = handler.expected_begin = handler.told;
}

void FlowSimulation::attach(Subscriber& subscriber) {
    subscriber.session = ++last_session_;
    ++happened_.sessions;
    subscriber.reception.open(subscriber.session, now_);
    subscriber.controls.clear();
    std::vector<mesh::SubscriptionRequest> requests;
    for (std::size_t i = 0; i < subscriber.handlers.size(); ++i) {
        auto& handler = subscriber.handlers[i];
        const auto index = static_cast<std::uint16_t>(i);
        const bool has_other_patterns = handler.next_patterns.has_value();
        if (has_other_patterns) {
            // What is gone already is counted by what it wanted before.
            const auto gone = publication_.log().first() - 1;
            const bool goes_on = handler.is_known && handler.is_lasting;
            handler.patterns = *std::exchange(handler.next_patterns, std::nullopt);
            handler.wanted.rewrite_after(goes_on ? std::max(handler.acknowledged, gone) : 0,
                                         handler.patterns, published_);
        }
        if (one_in(5))
            handler.window = draw_window();
        subscriber.reception.grant(index, handler.window);
        mesh::SubscriptionRequest request;
        request.key = handler.key;
        request.index = index;
        request.patterns = handler.patterns;
        const auto policy_before = handler.policy;
        if (one_in(10))
            handler.policy = static_cast<mesh::Policy>(draw(5));
        if (handler.policy != policy_before || !handler.is_lasting || has_other_patterns ||
            !handler.is_known)
            handler.spills_from = published_.size();
        request.policy = handler.policy;
        request.depth = handler.depth;
        request.window = handler.window;
        request.start.is_lasting = handler.is_lasting;
        request.start.resume = subscriber.reception.standing(index);
        request.start.age = std::chrono::milliseconds(draw(2'000));
        request.start.from = draw_start();
        if (request.start.resume) {
            handler.is_retold = handler.is_retold || handler.told != request.start.resume->position;
            handler.told = request.start.resume->position;
        } else {
            const bool goes_on = handler.is_known && handler.is_lasting;
            handler.told = handler.expected_begin = handler.acknowledged;
            if (!goes_on)
                begin(handler, request.start);
        }
        handler.live_after = published_.size();
        handler.told_highest = handler.told;
        handler.is_known = true;
        handler.is_announced = false;
        handler.window_bytes_highest = std::max(handler.window_bytes_highest, handler.window.bytes);
        requests.push_back(std::move(request));
    }
    publication_.attach(subscriber.link, subscriber.session, std::move(requests), wall_,
                        publisher_age_);
    subscriber.is_attached = true;
}

void FlowSimulation::detach(Subscriber& subscriber) {
    publication_.detach(subscriber.link, now_);
    subscriber.is_attached = false;
}

void FlowSimulation::break_session(Subscriber& subscriber) {
    detach(subscriber);
    if (one_in(2))
        subscriber.in_flight.clear(); // otherwise they arrive when nobody wants them any more
    if (one_in(2))
        attach(subscriber);
}

void FlowSimulation::restart(Subscriber& subscriber) {
    ++happened_.restarts;
    const bool is_noticed = one_in(2);
    const auto old_link = subscriber.link;
    if (is_noticed)
        detach(subscriber);
    else
        subscriber.link = last_link_++; // it comes back before its old link is given up
    subscriber.in_flight.clear();
    subscriber.controls.clear();
    subscriber.reception = mesh::Reception(subscriber.handlers.size());
    subscriber.reception.plant(fault_);
    for (auto& handler : subscriber.handlers) {
        handler.begin_new_run();
        if (!handler.is_lasting)
            handler.key += "'"; // what does not last has another name each time
        if (auto patterns = draw_patterns(); one_in(6) && patterns != handler.patterns)
            handler.next_patterns = std::move(patterns);
    }
    if (!is_noticed || one_in(2))
        attach(subscriber);
    else
        subscriber.is_attached = false;
    if (!is_noticed)
        publication_.detach(old_link, now_);
}

} // namespace flow_test
