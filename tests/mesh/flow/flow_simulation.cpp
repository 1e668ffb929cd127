#include "tests/mesh/flow/flow_simulation.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace flow_test {

namespace {

using namespace std::chrono_literals;
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
    // A clock that was set back makes nobody get what was published before he asked.
    const auto latest = mesh::WallTime(
        std::chrono::microseconds(published_.empty() ? 0 : published_.back().time_us));
    const auto since =
        std::max(wall_, latest) - std::chrono::duration_cast<std::chrono::microseconds>(age);
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

} // namespace flow_test
