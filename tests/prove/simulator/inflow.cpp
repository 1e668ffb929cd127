#include "tests/prove/simulator/inflow.hpp"

#include "mesh/wire/batch.hpp"
#include "mesh/wire/record_reader.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace simulator {

using namespace std::chrono_literals;

mesh::Volume Inflow::window_of(std::size_t handler) const {
    const auto& room = lanes_[handler]->plan().room;
    std::uint64_t share = 0;
    for (const auto& [id, source] : sources_)
        share += is_open(source) ? 1U : 0U;
    share = std::max<std::uint64_t>(share, 1);
    return {std::max<std::uint64_t>(1, room.events / share),
            std::max<std::uint64_t>(1, room.bytes / share)};
}

Inflow::Source& Inflow::source_of(const StreamId& id, std::uint32_t run) {
    auto& source = sources_[id];
    const bool is_other_run = source.run != run;
    const bool is_new = source.feeds.empty() || (id.journal == 0 && is_other_run);
    if (is_other_run)
        sessions_.erase(source.reception.session());
    if (is_new) {
        source = {};
        source.stream = site_.truth().stream_of(id.node, id.journal, run);
        source.reception = mesh::Reception(lanes_.size());
        source.reception.plant(site_.faults().flow);
        source.reached.resize(lanes_.size());
        source.granted_max.resize(lanes_.size());
        for (std::size_t i = 0; i < lanes_.size(); ++i)
            source.feeds.push_back(
                std::make_shared<mesh::Feed>(id_of(id.node), id.journal == 0 ? run : 0,
                                             "s" + std::to_string(id.node), id.journal));
        if (id.journal != 0 && !site_.faults().has(ShellFault::place_forgotten))
            remember_places(id, source);
    }
    source.runs += is_other_run && !is_new ? 1U : 0U;
    source.run = run;
    return source;
}

void Inflow::remember_places(const StreamId& id, Source& source) const {
    const auto& places = site_.disk().content().places;
    const auto& handlers = site_.plan().nodes[site_.number()].handlers;
    for (std::size_t i = 0; i < handlers.size(); ++i)
        if (const auto place = places.find({handlers[i], id.node}); place != places.end())
            source.feeds[i]->remember(place->second.position, place->second.done);
}

mesh::Opened Inflow::open(Number publisher, std::uint32_t run, const mesh::Open& open) {
    site_.point(CrashPoint::before_opened);
    const StreamId id{publisher, open.journal};
    auto& source = source_of(id, run);
    if (source.attempt != open.attempt || !is_open(source)) {
        sessions_.erase(source.reception.session());
        const auto session = site_.dice().next();
        sessions_[session] = id;
        source.attempt = open.attempt;
        source.reception.open(session, site_.now());
    }
    mesh::Opened opened{open.attempt, source.reception.session(), {}};
    for (std::size_t i = 0; i < lanes_.size(); ++i)
        opened.subscriptions.push_back(standing_of(source, i));
    site_.point(CrashPoint::after_opened);
    return opened;
}

mesh::Volume Inflow::grant(Source& source, std::size_t handler) {
    const auto window = window_of(handler);
    source.reception.grant(static_cast<std::uint16_t>(handler), window);
    auto& most = source.granted_max[handler];
    most = {std::max(most.events, window.events), std::max(most.bytes, window.bytes)};
    return window;
}

mesh::Opened::Subscription Inflow::standing_of(Source& source, std::size_t handler) {
    const auto index = static_cast<std::uint16_t>(handler);
    const auto window = grant(source, handler);
    mesh::Opened::Subscription one;
    one.index = index;
    one.policy = lanes_[handler]->plan().policy;
    one.depth = lanes_[handler]->plan().depth;
    one.window_events = window.events;
    one.window_bytes = window.bytes;
    const auto age =
        std::chrono::duration_cast<std::chrono::microseconds>(site_.now() - started_at_);
    one.age_us = static_cast<std::uint64_t>(age.count());
    if (const auto standing = source.reception.standing(index)) {
        one.is_resumed = true;
        one.position = standing->position;
        one.events = standing->volume.events;
        one.bytes = standing->volume.bytes;
    } else if (const auto place = source.feeds[handler]->place(); place > 0) {
        one.is_remembered = true;
        one.position = place;
    }
    return one;
}

void Inflow::receive(const std::vector<std::byte>& bytes) {
    // The bytes live as long as what views them.
    const auto owner = std::make_shared<const std::vector<std::byte>>(bytes);
    auto decoded = mesh::decode_batch(*owner);
    if (!decoded && site_.world().is_traced())
        site_.world().say(site_.number(),
                          decoded.error().detail + ", " + std::to_string(bytes.size()) + " bytes");
    expect(decoded.has_value(), "a batch cannot be decoded");
    const auto& header = decoded->header;
    auto* const of_session = source_of_batch(header);
    if (of_session == nullptr)
        return;
    auto& source = *of_session;
    site_.point(CrashPoint::before_take);
    const auto received = std::make_shared<const mesh::ReceivedBatch>(
        mesh::ReceivedBatch{owner, std::move(*decoded)});
    const auto taken = source.reception.take(received->batch.header);
    expect(taken.empty() || sessions_.contains(received->batch.header.session),
           "a batch of a session that is over is taken");
    for (std::size_t i = 0; i < lanes_.size(); ++i) {
        const auto one = std::ranges::find(taken, i, &mesh::Reception::Taken::index);
        if (one == taken.end()) {
            if (!received->batch.header.topics.empty())
                source.feeds[i]->define(received->batch, lanes_[i]->plan().patterns);
            continue;
        }
        source.feeds[i]->define(received->batch, lanes_[i]->plan().patterns);
        check(source, received->batch, *one);
        lanes_[i]->push(source.feeds[i], source.stream, *received, *one);
        check_room(source, i);
    }
    site_.point(CrashPoint::after_take);
    note_progress();
}

Inflow::Source* Inflow::source_of_batch(const mesh::BatchHeader& header) {
    const auto found = sessions_.find(header.session);
    if (found != sessions_.end() && found->second.node == number_of(header.source)) {
        auto& source = sources_.at(found->second);
        const bool is_of_run = header.incarnation == (found->second.journal == 0 ? source.run : 0);
        return is_of_run ? &source : nullptr;
    }
    if (site_.faults().has(ShellFault::old_batches_taken))
        for (auto& [id, source] : sources_)
            if (id.node == number_of(header.source) &&
                (id.journal == 0) == (header.incarnation != 0))
                return &source;
    return nullptr;
}

/// Holds what a handler takes against what was really published.
void Inflow::check(Source& source, const mesh::Batch& batch, const mesh::Reception::Taken& taken) {
    auto& truth = site_.truth();
    auto& reached = source.reached[taken.index];
    expect(!reached || *reached == taken.before,
           "a handler takes a stretch that does not begin where the last one ended");
    reached = taken.after.position;
    std::vector<std::uint64_t> sequences;
    mesh::RecordReader reader(batch.body, batch.header.base_sequence, batch.header.base_time_us);
    for (;;) {
        const auto record = reader.next();
        expect(record.has_value(), "a record cannot be read");
        if (!*record || reader.sequence() > taken.after.position)
            break;
        const auto* topic = source.feeds[taken.index]->topic((*record)->topic);
        expect(topic != nullptr, "an event has a topic that its session did not define");
        if (reader.sequence() <= taken.before || !topic->is_wanted)
            continue;
        std::uint64_t written = 0;
        std::memcpy(&written, (*record)->payload.data(), sizeof written);
        const auto& fact = truth.fact(written);
        if (!truth.is_released()) {
            expect(fact.stream == source.stream && fact.sequence == reader.sequence(),
                   "an event is not the one that its publisher gave this sequence");
            const auto key = fact.key == 0 ? "" : "k" + std::to_string(fact.key);
            expect((*record)->key == key, "an event has another key");
        }
        expect(*topic->name == site_.plan().topics[fact.topic].name, "an event has another topic");
        sequences.push_back(reader.sequence());
    }
    const auto handler = site_.plan().nodes[site_.number()].handlers[taken.index];
    if (site_.world().is_traced())
        site_.world().say(site_.number(), "handler " + std::to_string(handler) + " takes stream " +
                                              std::to_string(source.stream) + " after " +
                                              std::to_string(taken.before) + " to " +
                                              std::to_string(taken.after.position) + ": " +
                                              std::to_string(sequences.size()) + " events, lost " +
                                              std::to_string(taken.lost));
    truth.takes(source.stream, handler, taken.before, taken.after.position, taken.lost, sequences);
}

/// What a node holds unhandled is bounded by the credit that it granted.
void Inflow::check_room(const Source& source, std::size_t handler) const {
    const auto held = lanes_[handler]->held(source.stream);
    auto most = source.granted_max[handler];
    // A new run of a publisher does not know what is still held of what the old one sent.
    most = {most.events * (1 + source.runs), most.bytes * (1 + source.runs)};
    expect(held.events <= most.events, "more events came than there was credit for");
    expect(held.bytes <= most.bytes || held.events <= 1 + source.runs,
           "more bytes came than there was credit for");
}

void Inflow::on_head(Number from, const mesh::Head& head) {
    const auto found = sessions_.find(head.session);
    if (found == sessions_.end() || found->second.node != from)
        return;
    auto& reception = sources_.at(found->second).reception;
    bool is_broken = false;
    for (const auto& one : head.subscriptions)
        is_broken = reception.hear_head(one.index, one.position, site_.now()) || is_broken;
    if (site_.world().is_traced())
        for (const auto& one : head.subscriptions)
            site_.world().say(site_.number(), "hears of a head of node " + std::to_string(from) +
                                                  ": " + std::to_string(one.index) + " at " +
                                                  std::to_string(one.position));
    if (is_broken)
        site_.send(from, mesh::Reopen{head.session});
}

void Inflow::meet_run(Number publisher, std::uint32_t run) {
    for (const auto& [id, source] : sources_)
        if (id.node == publisher && source.run != run)
            sessions_.erase(source.reception.session());
}

void Inflow::pause(Number publisher) {
    for (const auto& [id, source] : sources_)
        if (id.node == publisher)
            sessions_.erase(source.reception.session());
}

void Inflow::note_progress() {
    if (std::exchange(is_pumping_, true))
        return;
    site_.after(0ms, [this] {
        is_pumping_ = false;
        pump();
    });
}

void Inflow::pump() {
    const auto time = site_.now();
    auto due = mesh::TimePoint::max();
    for (auto& [id, source] : sources_) {
        if (!is_open(source))
            continue;
        for (std::size_t i = 0; i < source.feeds.size(); ++i)
            source.reception.processed(static_cast<std::uint16_t>(i), source.feeds[i]->progress());
        ask_rewinds(id, source);
        if (source.reception.is_acknowledgement_due(time))
            acknowledge(id, source);
        due = std::min(due, source.reception.next_due());
    }
    if (due != mesh::TimePoint::max())
        site_.after(std::max<mesh::Duration>(due - time, 1ms), [this, timer = ++timer_] {
            if (timer == timer_)
                pump();
        });
}

void Inflow::acknowledge(const StreamId& id, Source& source) {
    site_.point(CrashPoint::before_acknowledge);
    mesh::Acknowledge message{source.reception.session(), {}};
    for (const auto& [index, progress] : source.reception.acknowledge(site_.now())) {
        const auto window = grant(source, index);
        if (id.node == site_.number())
            acknowledge_self_(id.journal, mesh::handler_of(index), progress, window);
        else
            message.subscriptions.push_back({index, progress.position, progress.volume.events,
                                             progress.volume.bytes, window.events, window.bytes});
    }
    if (id.node != site_.number())
        site_.send(id.node, message);
    site_.point(CrashPoint::after_acknowledge);
}

void Inflow::ask_rewinds(const StreamId& id, Source& source) {
    mesh::Rewind rewind{source.reception.session(), {}};
    for (const auto index : source.reception.rewinds(site_.now())) {
        const auto standing = source.reception.standing(index).value_or(mesh::Progress{});
        rewind.subscriptions.push_back(
            {index, standing.position, standing.volume.events, standing.volume.bytes});
    }
    if (!rewind.subscriptions.empty() && id.node != site_.number())
        site_.send(id.node, rewind);
}

} // namespace simulator
