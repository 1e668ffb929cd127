#include "tests/mesh/flow/flow_simulation.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace flow_test {

namespace {

using namespace std::chrono_literals;
using mesh::Progress;
using mesh::Volume;

constexpr std::size_t steps_max = 400;
constexpr std::uint64_t log_size_bytes_small = 1; // two chunks at any time

std::size_t log_size_bytes(bool is_large) {
    return is_large ? log_size_bytes_small : 1024 * 1024;
}

} // namespace

FlowSimulation::FlowSimulation(std::uint64_t seed)
    : random_(seed),
      is_large_(one_in(3)),
      is_lossy_(one_in(4)),
      publication_(mesh::NodeId{{std::byte{7}}}, 3, log_size_bytes(is_large_)) {
    const auto count = 1 + draw(4);
    subscribers_.resize(count);
    for (auto& subscriber : subscribers_) {
        subscriber.link = last_link_++;
        subscriber.handlers.resize(is_lossy_ ? 1 : 1 + draw(3));
        subscriber.reception = mesh::Reception(subscriber.handlers.size());
        const bool is_lasting = !one_in(3);
        for (auto& handler : subscriber.handlers) {
            handler.key = std::to_string(subscriber.link) + "/" +
                          std::to_string(&handler - subscriber.handlers.data());
            handler.patterns = draw_patterns();
            handler.is_blocking = !one_in(3);
            handler.is_lasting = is_lasting;
            handler.window = draw_window();
        }
    }
}

std::string FlowSimulation::draw_topic() {
    if (one_in(12))
        return "x." + std::to_string(draw(400)); // one of many, often new
    std::string topic;
    for (auto depth = 1 + draw(3); depth > 0; --depth) {
        topic += topic.empty() ? "" : ".";
        topic += static_cast<char>('a' + draw(2));
    }
    return topic;
}

std::vector<mesh::Pattern> FlowSimulation::draw_patterns() {
    std::vector<mesh::Pattern> patterns;
    for (auto count = 1 + draw(2); count > 0; --count) {
        std::string text;
        for (auto depth = 1 + draw(3); depth > 0; --depth) {
            constexpr std::string_view tokens = "abxx*>";
            const auto token = tokens[draw(tokens.size())];
            text += text.empty() ? "" : ".";
            text += token == 'x' && !text.empty() ? 'a' : token;
            if (token == '>')
                break;
        }
        patterns.push_back(*mesh::Pattern::parse(text));
    }
    return patterns;
}

Volume FlowSimulation::draw_window() {
    const std::uint64_t events[] = {1, 2, 3, 10, 50, 1000};
    const std::uint64_t bytes_large[] = {1, 60'000, 300'000, 1'000'000};
    const std::uint64_t bytes_small[] = {1, 60, 300, 1'000, 100'000};
    return {events[draw(6)], is_large_ ? bytes_large[draw(4)] : bytes_small[draw(5)]};
}

std::size_t FlowSimulation::draw_size() {
    if (!is_large_)
        return one_in(40) ? 3'000 : draw(120);
    if (one_in(2))
        return draw(300);
    return one_in(10) ? 300'000 : 10'000 + draw(100'000);
}

void FlowSimulation::run() {
    for (auto steps = steps_max / 2 + draw(steps_max / 2); steps > 0; --steps)
        step();
    calm_down();
}

void FlowSimulation::step() {
    auto& subscriber = subscribers_[draw(subscribers_.size())];
    const auto choice = draw(100);
    if (choice < 30) {
        for (auto count = one_in(4) ? draw(12) : 1; count > 0; --count)
            publish();
    } else if (choice < 50) {
        if (one_in(3)) {
            for (int batches = 0; send(subscriber); ++batches)
                expect(batches < 20'000, "sending does not come to an end");
        } else {
            send(subscriber);
        }
    } else if (choice < 65) {
        deliver(subscriber);
    } else if (choice < 78) {
        auto& handler = subscriber.handlers[draw(subscriber.handlers.size())];
        const auto before = handler.delivered;
        handler.process(1 + draw(8), published_);
        happened_.delivered += handler.delivered - before;
    } else if (choice < 86) {
        acknowledge(subscriber);
    } else if (choice < 93) {
        take_control(subscriber);
    } else if (choice < 95) {
        pass_time();
        ask_rewinds(subscriber);
        if (one_in(4))
            hear_heads(subscriber);
    } else if (choice < 97) {
        subscriber.is_attached && !one_in(4) ? break_session(subscriber) : attach(subscriber);
    } else if (choice < 98) {
        restart(subscriber);
    } else if (!subscriber.is_attached) {
        attach(subscriber);
    }
}

void FlowSimulation::pass_time() {
    const auto passed = std::chrono::milliseconds(draw(400));
    now_ += passed;
    publisher_age_ += passed;
    if (one_in(30))
        wall_ += 2h; // further than 32 bits of microseconds
    else if (one_in(30))
        wall_ -= 5s; // clocks are set back
    else
        wall_ += passed;
}

void FlowSimulation::publish() {
    const auto topic = draw_topic();
    const auto size = draw_size();
    bool has_to_wait = false;
    for (const auto& subscriber : subscribers_)
        for (const auto& handler : subscriber.handlers)
            has_to_wait =
                has_to_wait || (subscriber.is_attached && handler.is_blocking &&
                                WantedCounts::matches(handler.patterns, topic) &&
                                publication_.log().first() <= handler.acknowledged + 1 &&
                                handler.wanted.between(handler.acknowledged, published_.size()) >=
                                    handler.window.events);
    const bool waits = publication_.waits_for(topic, size) != nullptr;
    expect(waits || !has_to_wait, "a publish does not wait for the credit of a subscription");
    if (waits) {
        ++happened_.waited;
        return;
    }
    wall_ += std::chrono::microseconds(draw(3));
    static std::vector<std::byte> payload(400'000);
    const std::uint64_t sequence = published_.size() + 1;
    std::memcpy(payload.data(), &sequence, sizeof sequence);
    mesh::Draft draft{topic, {}, {}, {}, std::nullopt, mesh::Bytes(payload).first(size)};
    if (one_in(5))
        draft.key = "some key";
    if (one_in(5))
        draft.cause = mesh::Cause{};
    const auto appended = publication_.append(draft, wall_);
    expect(appended && *appended == sequence, "an event gets no sequence, or not the next one");
    ++happened_.published;
    const auto entry = publication_.log().at(sequence);
    const auto last_time_us = published_.empty() ? 0 : published_.back().time_us;
    const auto wall_us = static_cast<std::uint64_t>(wall_.time_since_epoch().count());
    expect(entry.time_us == std::max(wall_us, last_time_us), "an event has a wrong time");
    published_.push_back({topic, entry.time_us, entry.record.size(), size});
    for (auto& subscriber : subscribers_) {
        bool is_concerned = false;
        for (auto& handler : subscriber.handlers) {
            const bool is_wanted = WantedCounts::matches(handler.patterns, topic);
            is_concerned = is_concerned || is_wanted;
            handler.wanted.note(is_wanted);
            handler.session_at.push_back(subscriber.is_attached ? subscriber.session : 0);
        }
        const auto& concerned = publication_.concerned_links();
        const auto count = std::ranges::count(concerned, subscriber.link);
        expect(count == (is_concerned && subscriber.is_attached ? 1 : 0),
               "a publish does not name the links that it concerns");
    }
}

std::uint64_t FlowSimulation::beginning(const SimulatedHandler& handler, mesh::Duration age) const {
    if (handler.is_lasting && publisher_age_ <= 5s)
        return 0;
    const auto since = wall_ - std::chrono::duration_cast<std::chrono::microseconds>(age);
    auto first = publication_.log().first();
    while (first <= published_.size() &&
           published_[first - 1].time_us <
               static_cast<std::uint64_t>(since.time_since_epoch().count()))
        ++first;
    return first - 1;
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
        if (handler.next_patterns) {
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
        request.is_blocking = handler.is_blocking;
        request.window = handler.window;
        request.start.is_lasting = handler.is_lasting;
        request.start.resume = subscriber.reception.standing(index);
        request.start.age = std::chrono::milliseconds(draw(2'000));
        if (request.start.resume) {
            handler.told = request.start.resume->position;
        } else {
            const bool goes_on = handler.is_known && handler.is_lasting;
            handler.told = goes_on ? handler.acknowledged : beginning(handler, request.start.age);
            handler.acknowledged = handler.expected_begin = handler.told;
        }
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
    for (auto& handler : subscriber.handlers) {
        handler.begin_new_run();
        if (!handler.is_lasting)
            handler.key += "'"; // what does not last has another name each time
        if (one_in(6))
            handler.next_patterns = draw_patterns();
    }
    if (!is_noticed || one_in(2))
        attach(subscriber);
    else
        subscriber.is_attached = false;
    if (!is_noticed)
        publication_.detach(old_link, now_);
}

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
        expect(position.before == handler.told, "a batch does not begin where the last one ended");
        expect(position.after >= position.before && position.after <= published_.size(),
               "a position goes back, or beyond the last event");
        expect(handler.wanted.between(position.before, position.after) ==
                   position.events + position.lost,
               "a batch's counts are not the truth");
        happened_.lost += position.lost;
        happened_.overflowed += subscription.overflow.size();
        is_useful = is_useful || position.lost > 0 || !handler.is_announced;
        handler.told = position.after;
        handler.told_highest = std::max(handler.told_highest, handler.told);
        handler.is_announced = true;
        const auto in_flight = handler.wanted.between(handler.acknowledged, handler.told);
        const auto before = subscription.in_flight();
        expect(before.events + position.events + position.lost == in_flight,
               "the publisher is wrong about what is in flight");
        if (position.events > 0) {
            expect(in_flight <= handler.window.events,
                   "more events in flight than there is credit");
            expect(before.bytes + position.bytes <= handler.window.bytes || in_flight == 1,
                   "more bytes in flight than there is credit");
        }
        expect(subscription.overflow.size() <= 1 ||
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
        handler.queue.push_back({received, one, std::nullopt, false});
        has_taken[one.index] = true;
    }
    for (std::size_t i = 0; i < has_taken.size(); ++i)
        if (!has_taken[i])
            subscriber.handlers[i].queue.push_back({received, std::nullopt, std::nullopt, false});
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
            if (is_possible)
                handler.told = progress.position;
            ++happened_.rewinds;
        } else {
            publication_.acknowledge(subscriber.link, index, progress, control.windows[i]);
            if (!is_possible)
                continue;
            handler.acknowledged = progress.position;
            const auto heads = publication_.heads(subscriber.link);
            const auto head =
                std::ranges::find(heads, index, &std::pair<std::uint16_t, std::uint64_t>::first);
            handler.told = head == heads.end() ? handler.told : head->second;
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
