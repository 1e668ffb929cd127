// FlowSimulation, the part between publisher and subscribers: batches, acknowledgements, heads.

#include "tests/mesh/flow/flow_simulation.hpp"

#include <algorithm>
#include <utility>

namespace flow_test {

using mesh::Progress;
using mesh::Volume;

bool FlowSimulation::send(Subscriber& subscriber) {
    const auto* plan = publication_.plan(subscriber.link);
    if (plan == nullptr || one_in(10)) // a full socket takes nothing, and nothing has happened
        return false;
    expect(subscriber.is_attached, "a batch for a link without a session");
    check_sent(subscriber, *plan);
    auto received = std::make_shared<Received>();
    received->bytes.resize(plan->size_bytes());
    plan->write(received->bytes.data());
    auto decoded = mesh::decode_batch(received->bytes);
    expect(decoded.has_value(), "a batch cannot be decoded");
    expect(decoded->header == plan->header, "a batch's header changes on its way");
    expect(decoded->body.size() == plan->body_size_bytes(), "a batch has another size than said");
    received->batch = std::move(*decoded);
    publication_.sent(subscriber.link);
    for (const auto& [index, head] : publication_.heads(subscriber.link))
        expect(head == subscriber.handlers[index].told, "a head is not what was told");
    // ZeroMQ loses nothing within a session, so this is more than has to be borne. It is noticed
    // unless it is a subscription's very first batch, or one that defines a topic for another.
    const auto& handlers = subscriber.handlers;
    const bool is_noticed = handlers.size() == 1 && handlers.front().begin;
    if (!is_lossy_ || !is_noticed || !one_in(4))
        subscriber.in_flight.push_back(std::move(received));
    return true;
}

void FlowSimulation::check_sent(Subscriber& subscriber, const mesh::BatchPlan& plan) {
    expect(plan.header.session == subscriber.session, "a batch of another session");
    bool is_useful = plan.body_size_bytes() > 0;
    for (std::size_t i = 0; i < plan.served.size(); ++i) {
        const auto& position = plan.header.positions[i];
        const auto& subscription = *plan.served[i];
        auto& handler = subscriber.handlers.at(position.subscription);
        if (!handler.is_begin_known) {
            // It asked for something that is gone: it begins there, or a little before.
            expect(position.before <= handler.told, "a subscription begins late");
            handler.is_begin_known = true;
            handler.told = handler.acknowledged = handler.expected_begin = position.before;
        }
        expect(position.before == handler.told, "a batch does not begin where the last one ended");
        expect(position.after >= position.before && position.after <= published_.size(),
               "a position goes back, or beyond the last event");
        expect(handler.wanted.between(position.before, position.after) ==
                   position.events + position.lost,
               "a batch's counts are not the truth");
        for (auto sequence = position.before + 1; sequence <= position.after; ++sequence) {
            handler.is_lost[sequence - 1] = position.lost > 0;
            if (position.lost > 0 && handler.wanted.is_wanted(sequence))
                check_loss(subscriber, handler, sequence);
        }
        happened_.lost += position.lost;
        happened_.overflowed +=
            handler.policy == mesh::Policy::block ? subscription.overflow.size() : 0;
        happened_.spilled += subscription.spilled.size();
        is_useful = is_useful || position.lost > 0 || !handler.is_announced;
        handler.told = position.after;
        handler.told_highest = std::max(handler.told_highest, handler.told);
        handler.sent_highest = std::max(handler.sent_highest, handler.told);
        handler.is_announced = true;
        std::uint64_t in_flight = 0; // gaps take no room
        for (auto sequence = handler.acknowledged + 1; sequence <= handler.told; ++sequence)
            in_flight += handler.wanted.is_wanted(sequence) && !handler.is_lost[sequence - 1];
        const auto before = subscription.in_flight();
        // Of what was told twice, it may take a gap for an event until that is acknowledged.
        const auto counted = before.events + position.events;
        expect(handler.is_retold ? counted >= in_flight : counted == in_flight,
               "the publisher is wrong about what is in flight");
        if (position.events > 0) {
            expect(in_flight <= handler.window.events,
                   "more events in flight than there is credit");
            expect(before.bytes + position.bytes <= handler.window.bytes || in_flight == 1,
                   "more bytes in flight than there is credit");
        }
        expect(handler.policy != mesh::Policy::block || subscription.overflow.size() <= 1 ||
                   subscription.overflow_bytes - subscription.overflow.back().record.size() <=
                       handler.window_bytes_highest,
               "an overflow exceeds its bound");
    }
    expect(is_useful, "a batch that says nothing");
}

void FlowSimulation::deliver(Subscriber& subscriber) {
    if (subscriber.in_flight.empty())
        return;
    const auto received = subscriber.in_flight.front();
    subscriber.in_flight.pop_front();
    const auto& header = received->batch.header;
    const auto taken = subscriber.reception.take(header);
    if (header.session != subscriber.session) {
        expect(taken.empty(), "a batch of an old session is taken");
        return;
    }
    std::vector<bool> has_taken(subscriber.handlers.size());
    for (const auto& one : taken) {
        auto& handler = subscriber.handlers[one.index];
        if (!handler.begin) {
            expect(one.before == handler.expected_begin, "a subscription begins at another place");
            handler.begin = one.before;
        }
        expect(handler.wanted.between(*handler.begin, one.after.position) ==
                   one.after.volume.events,
               "a subscriber's counts are not the truth");
        handler.queue.push_back({received, one, std::nullopt});
        has_taken[one.index] = true;
    }
    for (std::size_t i = 0; i < has_taken.size(); ++i)
        if (!has_taken[i])
            subscriber.handlers[i].queue.push_back({received, std::nullopt, std::nullopt});
}

void FlowSimulation::acknowledge(Subscriber& subscriber) {
    if (!subscriber.is_attached)
        return;
    pass_time();
    for (std::size_t i = 0; i < subscriber.handlers.size(); ++i)
        subscriber.reception.processed(static_cast<std::uint16_t>(i),
                                       subscriber.handlers[i].progress);
    if (!subscriber.reception.is_acknowledgement_due(now_))
        return;
    Control control{subscriber.session, false, subscriber.reception.acknowledge(now_), {}};
    for (const auto& [index, progress] : control.places) {
        auto& handler = subscriber.handlers[index];
        expect(progress.volume.events <= handler.progress.volume.events,
               "an event is acknowledged before it is handled");
        auto window = handler.window;
        if (!is_calm_ && one_in(8))
            window = one_in(6) ? Volume{} : draw_window();
        if (is_calm_ && window.events == 0)
            window = {1, 1};
        subscriber.reception.grant(index, window);
        control.windows.push_back(window);
    }
    subscriber.controls.push_back(std::move(control));
}

void FlowSimulation::ask_rewinds(Subscriber& subscriber) {
    const auto asked = subscriber.reception.rewinds(now_);
    if (asked.empty() || !subscriber.is_attached)
        return;
    Control control{subscriber.session, true, {}, {}};
    for (const auto index : asked)
        control.places.emplace_back(index,
                                    subscriber.reception.standing(index).value_or(Progress{}));
    subscriber.controls.push_back(std::move(control));
}

void FlowSimulation::hear_heads(Subscriber& subscriber) {
    if (!subscriber.is_attached)
        return;
    bool is_broken = false;
    for (const auto& [index, head] : publication_.heads(subscriber.link))
        is_broken = subscriber.reception.hear_head(index, head, now_) || is_broken;
    if (!is_broken)
        return;
    ++happened_.reopened;
    detach(subscriber);
    attach(subscriber);
}

void FlowSimulation::take_control(Subscriber& subscriber) {
    if (subscriber.controls.empty() || !subscriber.is_attached)
        return;
    const auto control = std::move(subscriber.controls.front());
    subscriber.controls.pop_front();
    for (std::size_t i = 0; i < control.places.size(); ++i) {
        const auto& [index, progress] = control.places[i];
        auto& handler = subscriber.handlers[index];
        const auto highest = control.is_rewind ? handler.told : handler.told_highest;
        const bool is_possible =
            progress.position >= handler.acknowledged && progress.position <= highest;
        if (control.is_rewind) {
            publication_.rewind(subscriber.link, index, progress);
            if (is_possible) {
                handler.is_retold = handler.is_retold || handler.told > progress.position;
                handler.told = progress.position;
                handler.is_announced = false; // it is answered in any case
            }
            ++happened_.rewinds;
        } else {
            publication_.acknowledge(subscriber.link, index, progress, control.windows[i]);
            if (!is_possible)
                continue;
            handler.acknowledged = progress.position;
            handler.is_retold = handler.is_retold && progress.position < handler.told_highest;
            const auto heads = publication_.heads(subscriber.link);
            const auto head =
                std::ranges::find(heads, index, &std::pair<std::uint16_t, std::uint64_t>::first);
            handler.told =
                head == heads.end() ? std::max(handler.told, handler.acknowledged) : head->second;
            expect(handler.told >= handler.acknowledged, "an acknowledged event is sent again");
            handler.window = control.windows[i];
            handler.window_bytes_highest =
                std::max(handler.window_bytes_highest, handler.window.bytes);
        }
    }
}

void FlowSimulation::calm_down() {
    is_lossy_ = false;
    is_calm_ = true;
    bool is_dry = false;
    for (int round = 0; !is_dry; ++round) {
        expect(round < 20'000, "the calm does not come");
        is_dry = true;
        for (auto& subscriber : subscribers_) {
            if (!subscriber.is_attached)
                attach(subscriber);
            send(subscriber);
            deliver(subscriber);
            for (auto& handler : subscriber.handlers) {
                const auto before = handler.delivered;
                handler.process(1'000, published_);
                happened_.delivered += handler.delivered - before;
            }
            acknowledge(subscriber);
            ask_rewinds(subscriber);
            take_control(subscriber);
            if (!publication_.is_dry(subscriber.link))
                hear_heads(subscriber);
            bool are_all_announced = true;
            for (const auto& handler : subscriber.handlers)
                are_all_announced = are_all_announced && handler.begin;
            is_dry = is_dry && are_all_announced && subscriber.in_flight.empty() &&
                     subscriber.controls.empty() && publication_.is_dry(subscriber.link);
        }
    }
    expect(publication_.behind().empty(), "somebody is behind although all links are dry");
    for (const auto& subscriber : subscribers_)
        check_end(subscriber);
}

void FlowSimulation::check_end(const Subscriber& subscriber) const {
    for (std::size_t i = 0; i < subscriber.handlers.size(); ++i) {
        const auto& handler = subscriber.handlers[i];
        expect(handler.wanted.between(*handler.begin, published_.size()) ==
                   handler.delivered + handler.lost,
               "at the end an event is neither delivered nor announced as lost");
    }
    for (const auto& [index, head] : publication_.heads(subscriber.link)) {
        const auto reached = subscriber.reception.standing(index)->position;
        expect(reached >= head || subscriber.handlers[index].wanted.between(reached, head) == 0,
               "at the end a head is not reached");
    }
}

} // namespace flow_test
