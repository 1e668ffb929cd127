#include "tests/mesh/flow/flow_simulation.hpp"

#include <algorithm>
#include <cstring>
#include <map>
#include <utility>

namespace flow_test {

namespace {

using namespace std::chrono_literals;
using mesh::Volume;

constexpr std::size_t steps_max = 400;
constexpr std::size_t log_size_bytes_small = 256 * 1024; // two chunks at any time

std::size_t log_size_bytes(bool is_large) {
    return is_large ? log_size_bytes_small : 1024 * 1024;
}

} // namespace

FlowSimulation::FlowSimulation(std::uint64_t seed, mesh::FlowFault fault)
    : random_(seed),
      fault_(fault),
      is_large_(one_in(3)),
      is_lossy_(one_in(4)),
      disk_(draw(4) == 0 ? random_() : 0),
      publication_(mesh::NodeId{{std::byte{7}}}, 3, log_size_bytes(is_large_), &disk_) {
    publication_.plant(fault);
    const auto count = 1 + draw(4);
    subscribers_.resize(count);
    for (auto& subscriber : subscribers_) {
        subscriber.link = last_link_++;
        subscriber.handlers.resize(is_lossy_ ? 1 : 1 + draw(3));
        subscriber.reception = mesh::Reception(subscriber.handlers.size());
        subscriber.reception.plant(fault_);
        const bool is_lasting = !one_in(3);
        for (auto& handler : subscriber.handlers) {
            handler.key = std::to_string(subscriber.link) + "/" +
                          std::to_string(&handler - subscriber.handlers.data());
            handler.patterns = draw_patterns();
            handler.policy = one_in(2) ? mesh::Policy::block : static_cast<mesh::Policy>(draw(5));
            handler.depth = one_in(2) ? 0 : 1 + draw(6);
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
        const bool is_burst = one_in(4);
        // Of one topic and all alike, or of any.
        const auto topic = is_burst && one_in(2) ? draw_topic() : std::string();
        for (auto count = is_burst ? draw(12) : 1; count > 0; --count)
            publish(topic);
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

std::uint64_t FlowSimulation::outstanding(const SimulatedHandler& handler,
                                          bool counts_waiting_fast) const {
    std::uint64_t count = 0; // gaps take no room
    for (auto sequence = handler.acknowledged + 1; sequence <= published_.size(); ++sequence)
        if (handler.wanted.is_wanted(sequence))
            count += sequence <= handler.told
                         ? !handler.is_lost[sequence - 1]
                         : counts_waiting_fast || !published_[sequence - 1].is_fast;
    return count;
}

void FlowSimulation::publish(const std::string& topic_of_burst) {
    const bool is_one_of_many = !topic_of_burst.empty();
    const auto topic = is_one_of_many ? topic_of_burst : draw_topic();
    // The level of a topic is always the same where nothing else says it.
    const bool is_usually_fast = topic.back() % 4 == 0;
    const auto size = draw_size();
    bool has_to_wait = false;
    for (const auto& subscriber : subscribers_)
        for (const auto& handler : subscriber.handlers)
            has_to_wait =
                has_to_wait || (subscriber.is_attached && handler.policy == mesh::Policy::block &&
                                WantedCounts::matches(handler.patterns, topic) &&
                                publication_.log().first() <= handler.acknowledged + 1 &&
                                outstanding(handler, false) >= handler.window.events);
    const bool waits = publication_.waits_for(topic, size) != nullptr;
    expect(waits || !has_to_wait, "a publish does not wait for the credit of a subscription");
    const bool is_fast = is_one_of_many ? is_usually_fast : one_in(4);
    if (waits && !is_fast) {
        ++happened_.waited;
        return;
    }
    wall_ += std::chrono::microseconds(draw(3));
    static std::vector<std::byte> payload(400'000);
    const std::uint64_t sequence = published_.size() + 1;
    std::memcpy(payload.data(), &sequence, sizeof sequence);
    mesh::Draft draft{topic, {}, {}, {}, std::nullopt, mesh::Bytes(payload).first(size)};
    const auto key = is_one_of_many || one_in(3) ? std::string() : "k" + std::to_string(draw(3));
    draft.key = key;
    draft.level = is_fast ? mesh::Level::fast : mesh::Level::reliable;
    if (one_in(5))
        draft.cause = mesh::Cause{};
    std::map<const SimulatedHandler*, bool> had_outstanding;
    for (const auto& one : subscribers_)
        for (const auto& handler : one.handlers)
            had_outstanding[&handler] =
                outstanding(handler, true) > 0 || handler.window.events == 0;
    draft.is_usual = key.empty() && is_fast == is_usually_fast;
    const auto in_few_steps =
        draft.is_usual ? publication_.append_usual(topic, {}, draft.payload,
                                                   draft.cause ? &*draft.cause : nullptr, wall_)
                       : 0;
    happened_.appended_in_few_steps += in_few_steps != 0 ? 1 : 0;
    const auto appended = in_few_steps != 0 ? mesh::Result<std::uint64_t>(in_few_steps)
                                            : publication_.append(draft, wall_);
    expect(appended && *appended == sequence, "an event gets no sequence, or not the next one");
    ++happened_.published;
    const auto entry = publication_.log().at(sequence);
    const auto last_time_us = published_.empty() ? 0 : published_.back().time_us;
    const auto wall_us = static_cast<std::uint64_t>(wall_.time_since_epoch().count());
    expect(entry.time_us == std::max(wall_us, last_time_us), "an event has a wrong time");
    published_.push_back({topic, key, is_fast, entry.time_us, entry.record.size(), size});
    for (auto& subscriber : subscribers_) {
        bool is_concerned = false;
        for (auto& handler : subscriber.handlers) {
            const bool is_wanted = WantedCounts::matches(handler.patterns, topic);
            is_concerned = is_concerned || is_wanted;
            handler.wanted.note(is_wanted);
            handler.session_at.push_back(subscriber.is_attached ? subscriber.session : 0);
            handler.is_lost.push_back(false);
            handler.had_little_room.push_back(had_outstanding[&handler]);
        }
        const auto& concerned = publication_.concerned_links();
        const auto count = std::ranges::count(concerned, subscriber.link);
        expect(count == (is_concerned && subscriber.is_attached ? 1 : 0),
               "a publish does not name the links that it concerns");
    }
}

} // namespace flow_test
