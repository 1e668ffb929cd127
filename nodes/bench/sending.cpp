#include "nodes/bench/sending.hpp"

#include "nodes/bench/numbered_payload.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

namespace nodes {

namespace {

using namespace std::chrono_literals;

constexpr std::string_view seed_topic = "seed";

/// What is still to be emitted when the time is over, about.
constexpr std::uint64_t emissions_waiting = 65'536;
constexpr std::uint64_t seeds_waiting_min = 1'024;

} // namespace

std::vector<std::string> topics_of(std::uint32_t sender, std::uint32_t count) {
    const auto name = "load." + std::to_string(sender);
    if (count == 1)
        return {name};
    std::vector<std::string> topics;
    for (std::uint32_t i = 0; i < count; ++i)
        topics.push_back(name + "." + std::to_string(i));
    return topics;
}

std::string pattern_of(std::uint32_t sender, std::uint32_t topic_count) {
    return "load." + std::to_string(sender) + (topic_count == 1 ? "" : ".*");
}

Sending::Sending(const Part& part, mesh::Node& node)
    : part_(part),
      node_(node),
      topics_(topics_of(part.number, part.topics)),
      payload_(mesh::Payload::text(std::string(part.payload_size_bytes, 'x'))) {
    has_emitted_ = part.emitted_per_event == 0;
    if (has_emitted_ || part.process.receivers == 0)
        return;
    node.on(std::string(seed_topic),
            [this, payload = payload_](const mesh::Event& event, mesh::Emitter& emit) mutable {
                const bool is_last = !event.payload.empty();
                const std::uint64_t count = is_last ? 1 : part_.emitted_per_event;
                for (std::uint64_t i = 0; i < count; ++i) {
                    const auto number = is_last ? NumberedPayload::last : sent_++;
                    NumberedPayload::of(part_.number, number, 0).write_to(payload.bytes);
                    emit(topics_.front(), payload);
                }
                if (is_last)
                    has_emitted_ = true;
            })
        .emits({topics_.front()})
        .credit(std::max(seeds_waiting_min, emissions_waiting / part.emitted_per_event));
}

bool Sending::wait_linked(mesh::Duration patience) {
    const auto deadline = mesh::now() + patience;
    for (const auto& topic : topics_)
        if (!node_.wait_subscribers(topic, part_.process.receivers, deadline - mesh::now()))
            return false;
    return true;
}

bool Sending::run(Pace& pace, mesh::Duration patience) {
    if (part_.emitted_per_event > 0) {
        for (std::uint64_t i = 0; pace.wait(i); ++i)
            refused_ += node_.publish(seed_topic, {}) ? 0 : 1;
        refused_ += node_.publish(seed_topic, mesh::Payload::text("last")) ? 0 : 1;
    } else {
        for (; pace.wait(sent_); ++sent_)
            publish(sent_, pace.due_ns());
        publish(NumberedPayload::last, 0);
    }
    const auto deadline = mesh::now() + patience;
    while (mesh::now() < deadline && (pending_ > 0 || !has_emitted_))
        std::this_thread::sleep_for(1ms);
    return pending_ == 0 && has_emitted_ && refused_ == 0 && node_.wait_dry(deadline - mesh::now());
}

void Sending::publish(std::uint64_t number, std::int64_t due_ns) {
    NumberedPayload::of(part_.number, number, due_ns).write_to(payload_.bytes);
    const auto& topic = topics_[number % topics_.size()];
    if (part_.level < mesh::Level::durable) {
        if (!node_.publish(topic, payload_))
            ++refused_;
        return;
    }
    // Many share what a commit costs; the node bounds how many.
    ++pending_;
    node_.publish_later(topic, payload_, {}, [this](const mesh::Result<void>& result) {
        refused_ += result ? 0 : 1;
        --pending_;
    });
}

} // namespace nodes
