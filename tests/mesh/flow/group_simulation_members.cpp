// GroupSimulation, the part that plays the members and what lies between them and the publisher.

#include "tests/mesh/flow/group_simulation.hpp"
#include "tests/mesh/flow/truth.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace flow_test {

namespace {

using namespace std::chrono_literals;
using mesh::Progress;
using mesh::Volume;

constexpr mesh::WallTime wall{std::chrono::hours(400'000)};

} // namespace

void GroupSimulation::add_member() {
    auto& member = members_.emplace_back();
    member.key = "order/create/" + std::to_string(++last_member_);
    const std::uint64_t events[] = {1, 2, 5, 20, 200};
    member.window = {events[draw(5)], is_large_ ? 300'000U : 2'000U};
    member.wants_b = has_versions_ && one_in(2);
    member.since = now_;
    ++happened_.joins;
    attach(member);
}

void GroupSimulation::attach(Member& member) {
    if (member.is_dead && !is_calm_ && one_in(2))
        return; // it stays away
    if (member.is_attached)
        cut(member, true);
    if (std::exchange(member.is_dead, false)) {
        member.since = now_;
        if (has_versions_ && one_in(2)) {
            member.wants_b = !member.wants_b;
            ++happened_.versions;
        }
    }
    member.link = ++last_link_;
    member.session = ++last_session_;
    member.reception.open(member.session, now_);
    member.reception.grant(0, member.window);
    member.controls.clear();
    mesh::SubscriptionRequest request;
    request.key = member.key;
    request.group = "order/create";
    request.patterns.push_back(*mesh::Pattern::parse("a"));
    if (member.wants_b)
        request.patterns.push_back(*mesh::Pattern::parse("b"));
    request.member_since = wall + std::chrono::duration_cast<std::chrono::microseconds>(
                                      member.since.time_since_epoch());
    request.policy = mesh::Policy::block;
    request.window = member.is_leaving ? Volume{} : member.window;
    for (const auto index : member.reception.served(0))
        request.standings.emplace_back(index, *member.reception.standing(index));
    forget_outstanding(member.key);
    publisher_->deliveries().attach(member.link, member.session, {request}, wall, 1s);
    publisher_->save(); // before anything is sent
    member.is_attached = true;
}

void GroupSimulation::cut(Member& member, bool loses) {
    ++happened_.cuts;
    publisher_->deliveries().detach(member.link, now_);
    member.is_attached = false;
    member.away_since = now_;
    member.controls.clear();
    if (loses)
        member.in_flight.clear();
}

void GroupSimulation::kill(Member& member) {
    if (member.is_attached)
        cut(member, true);
    ++happened_.kills;
    member.is_dead = true;
    member.is_leaving = false;
    member.in_flight.clear();
    member.lane.clear();
    member.feeds.clear();
    member.reception = mesh::Reception(1);
}

/// One that leaves grants nothing more, works off what it has, and says so.
void GroupSimulation::leave_when_done(Member& member) {
    const auto is_acknowledged = [&] {
        for (std::size_t i = 0; i < member.feeds.size(); ++i) {
            const auto index = member.reception.index(i);
            if (member.feeds[i] && member.reception.standing(index) != member.feeds[i]->progress)
                return false;
        }
        return true;
    };
    const auto& slots = outstanding_;
    const bool has_outstanding = std::ranges::any_of(slots, [&](const auto& all) {
        return std::ranges::any_of(all, [&](const auto& o) { return o.member == member.key; });
    });
    if (!member.is_attached || !member.lane.empty() || !member.in_flight.empty() ||
        !member.controls.empty() || has_outstanding || !is_acknowledged())
        return;
    ++happened_.leaves;
    publisher_->deliveries().dismiss(member.link, now_);
    const auto key = member.key;
    std::erase_if(members_, [&](const Member& one) { return one.key == key; });
}

bool GroupSimulation::send(Member& member) {
    if (!member.is_attached)
        return false;
    for (const auto& [name, group] : publisher_->groups().all())
        expect(group->parts().size() <= 2 * mesh::key_slot_count, "there are too many parts");
    auto& deliveries = publisher_->deliveries();
    const auto* plan = deliveries.plan(member.link);
    if (plan == nullptr || (!is_calm_ && one_in(10)))
        return false;
    auto received = std::make_shared<Received>();
    received->bytes.resize(plan->size_bytes());
    plan->write(received->bytes.data());
    auto decoded = mesh::decode_batch(received->bytes);
    expect(decoded.has_value(), "a batch cannot be decoded");
    received->batch = std::move(*decoded);
    deliveries.sent(member.link);
    note_sent(member, *received);
    member.in_flight.push_back(std::move(received));
    return true;
}

void GroupSimulation::note_sent(const Member& member, const Received& received) {
    const auto& header = received.batch.header;
    mesh::RecordReader reader(received.batch.body, header.base_sequence, header.base_time_us);
    for (auto record = reader.next(); record && *record; record = reader.next()) {
        const auto& event = published_.at(reader.sequence() - 1);
        expect((*record)->key == event.key, "an event has another key");
        expect(event.is_a || member.wants_b,
               "an event goes to a member that does not listen to it");
        auto& sent = outstanding_[event.slot];
        expect(std::ranges::all_of(sent, [&](const auto& one) { return one.member == member.key; }),
               "a slot's events are with two members at once");
        sent.push_back({reader.sequence(), member.key, header.positions.at(0).subscription});
    }
}

void GroupSimulation::deliver(Member& member) {
    if (member.in_flight.empty())
        return;
    const auto received = member.in_flight.front();
    member.in_flight.pop_front();
    for (const auto& one : member.reception.take(received->batch.header)) {
        if (member.feeds.size() <= one.number)
            member.feeds.resize(one.number + 1);
        auto& feed = member.feeds[one.number];
        if (!feed || one.is_other)
            feed = std::make_shared<Feed>();
        member.lane.push_back({received, one, feed, std::nullopt});
    }
}

void GroupSimulation::process(Member& member, std::size_t events) {
    while (!member.lane.empty()) {
        auto& task = member.lane.front();
        const auto& header = task.received->batch.header;
        if (!task.reader) {
            task.reader.emplace(task.received->batch.body, header.base_sequence,
                                header.base_time_us);
            task.feed->progress.volume.events += task.taken.lost;
        }
        for (;;) {
            if (events == 0)
                return;
            const auto record = task.reader->next();
            expect(record.has_value(), "a record cannot be read");
            const auto sequence = task.reader->sequence();
            if (!*record || sequence > task.taken.after.position)
                break;
            if (sequence <= task.taken.before)
                continue;
            handle(sequence);
            auto& progress = task.feed->progress;
            progress.position = sequence;
            ++progress.volume.events;
            progress.volume.bytes += task.reader->record_size_bytes();
            --events;
        }
        expect(task.feed->progress.volume == task.taken.after.volume,
               "a batch's counts are not those of its records");
        task.feed->progress = task.taken.after;
        member.lane.pop_front();
    }
}

void GroupSimulation::handle(std::uint64_t sequence) {
    auto& event = published_.at(sequence - 1);
    if (std::exchange(event.is_handled, true)) {
        ++happened_.twice;
        return;
    }
    if (event.key.empty() || !event.is_a)
        return;
    auto& waiting = unhandled_[event.key];
    const bool is_next = !waiting.empty() && waiting.front() == sequence;
    // What memory alone holds may be lost, as long as it is not told in the wrong order.
    if (!is_durable_ && is_large_ && had_nobody_ && !is_next)
        while (!waiting.empty() && waiting.front() < sequence)
            waiting.pop_front();
    expect(!waiting.empty() && waiting.front() == sequence, "the events of a key are out of order");
    waiting.pop_front();
}

void GroupSimulation::acknowledge(Member& member) {
    if (!member.is_attached)
        return;
    now_ += std::chrono::milliseconds(draw(60));
    for (std::size_t i = 0; i < member.feeds.size(); ++i)
        if (member.feeds[i])
            member.reception.processed(i, member.feeds[i]->progress);
    if (const auto asked = member.reception.rewinds(now_); !asked.empty()) {
        Control control{member.session, true, {}, {}};
        for (const auto index : asked)
            control.places.emplace_back(index,
                                        member.reception.standing(index).value_or(Progress{}));
        member.controls.push_back(std::move(control));
    }
    if (!is_calm_ && !member.is_leaving && !member.reception.is_acknowledgement_due(now_))
        return;
    Control control{member.session, false, member.reception.acknowledge(now_),
                    member.is_leaving ? Volume{} : member.window};
    if (control.places.empty())
        control.places.emplace_back(0, Progress{});
    member.controls.push_back(std::move(control));
}

void GroupSimulation::take_control(Member& member) {
    if (member.controls.empty())
        return;
    const auto control = std::move(member.controls.front());
    member.controls.pop_front();
    if (!member.is_attached || control.session != member.session)
        return;
    for (const auto& [index, progress] : control.places) {
        if (control.is_rewind) {
            publisher_->deliveries().rewind(member.link, index, progress);
            continue;
        }
        const auto position = progress.position;
        for (auto& sent : outstanding_)
            std::erase_if(sent, [&, index = index](const Outstanding& one) {
                return one.member == member.key && one.index == index && one.sequence <= position;
            });
        publisher_->deliveries().acknowledge(member.link, index, progress, control.window);
    }
}

void GroupSimulation::forget_outstanding(const std::string& member) {
    for (auto& sent : outstanding_)
        std::erase_if(sent, [&](const Outstanding& one) { return one.member == member; });
}

} // namespace flow_test
