#include "mesh/node/receiving/incoming.hpp"

#include <algorithm>
#include <utility>

namespace mesh {

namespace {

using namespace std::chrono_literals;

constexpr Duration timer_min = 1ms;

} // namespace

Incoming::Incoming(Reactor& reactor, const Identity& identity, const Cut& cut,
                   std::vector<std::unique_ptr<HandlerRunner>>& handlers, Send send,
                   AcknowledgeSelf acknowledge_self)
    : reactor_(reactor),
      identity_(identity),
      cut_(cut),
      handlers_(handlers),
      send_(std::move(send)),
      acknowledge_self_(std::move(acknowledge_self)) {}

void Incoming::receive(std::shared_ptr<const void> owner, Bytes message) {
    auto decoded = decode_batch(message);
    if (!decoded)
        return malformed_(decoded.error().detail);
    receive({std::move(owner), std::move(*decoded)});
}

void Incoming::receive(ReceivedBatch batch) {
    const auto& header = batch.batch.header;
    if (is_shut_ && header.source != identity_.id)
        return;
    if (!cut_.is_empty() && cut_.holds(header.source, now()))
        return;
    const auto session = sessions_.find(header.session);
    if (session == sessions_.end() || session->second.node != header.source)
        return stale_("from " + short_text(header.source));
    auto& source = sources_.at(session->second);
    // What a journal holds belongs to no run.
    if (header.incarnation != (session->second.journal == 0 ? source.incarnation : 0))
        return stale_("from " + short_text(header.source));
    source.is_heard = true;
    const auto received = std::make_shared<const ReceivedBatch>(std::move(batch));
    const auto taken = source.reception.take(received->batch.header);
    // What this node published itself was shown then.
    if (tap_ && !taken.empty() && received->batch.header.source != identity_.id)
        show(source, *received, taken);
    source.in_hand.define(received->batch.header);
    for (const auto& one : taken) {
        if (one.number >= source.feeds.size() || !source.feeds[one.number] || one.is_other)
            begin_feed(source, one);
        const auto handler = handler_of(one.index);
        source.in_hand.add(handler, source.feeds[one.number], received, one);
        handlers_[handler]->push(source.feeds[one.number], received, one);
    }
    if (!received->batch.header.topics.empty())
        for (std::size_t i = 0; i < source.feeds.size(); ++i) {
            const bool has_taken =
                std::ranges::any_of(taken, [&](const auto& one) { return one.number == i; });
            auto& handler = *handlers_[handler_of(source.reception.index(i))];
            if (!has_taken && source.feeds[i] && handler.listens())
                handler.push_topics(source.feeds[i], received);
        }
    note_progress();
}

void Incoming::show(Source& source, const ReceivedBatch& received,
                    const std::vector<Reception::Taken>& taken) {
    const auto& header = received.batch.header;
    for (const auto& [number, topic] : header.topics) {
        if (source.tapped_topics.size() <= number)
            source.tapped_topics.resize(number + std::size_t{1});
        source.tapped_topics[number] = topic;
    }
    // A batch for a part is for it alone, and parts do not come in the order of their events.
    const auto number = taken.front().number;
    auto& shown_to = number < handlers_.size() ? source.shown_to : source.parts_shown_to[number];
    if (taken.front().is_other)
        shown_to = taken.front().before; // of the seat's next one, which may stand further back
    RecordReader reader(received.batch.body, header.base_sequence, header.base_time_us);
    const auto shown = std::ranges::min(taken, {}, &Reception::Taken::before).before;
    for (auto record = reader.next(); record && *record; record = reader.next()) {
        const auto topic = (*record)->topic;
        if (reader.sequence() <= std::max(shown, shown_to) || topic >= source.tapped_topics.size())
            continue;
        tap_(event_of(**record, reader, source.tapped_topics[topic], *source.feeds.front()));
        shown_to = reader.sequence();
    }
}

void Incoming::on_head(const NodeId& from, const Head& head) {
    const auto session = sessions_.find(head.session);
    if (session == sessions_.end() || session->second.node != from)
        return;
    auto& reception = sources_.at(session->second).reception;
    bool is_broken = false;
    for (const auto& one : head.subscriptions)
        is_broken = reception.hear_head(one.index, one.position, now()) || is_broken;
    if (is_broken)
        send_(from, Reopen{head.session});
}

bool Incoming::is_linked(const NodeId& id) const {
    const auto works = [&](const auto& item) {
        return is_open(item.second) && item.second.reception.is_linked();
    };
    const auto found = sources_.find(StreamId{id, 0});
    return found != sources_.end() && works(*found) &&
           std::ranges::all_of(sources_, [&](const auto& item) {
               return item.first.node != id || !is_open(item.second) || works(item);
           });
}

std::vector<std::pair<NodeId, std::uint32_t>> Incoming::take_heard() {
    std::vector<std::pair<NodeId, std::uint32_t>> heard;
    for (auto& [id, source] : sources_)
        if (std::exchange(source.is_heard, false))
            heard.emplace_back(id.node, source.incarnation);
    return heard;
}

void Incoming::note_progress() {
    if (!has_progress_.exchange(true, std::memory_order_acq_rel) && !reactor_.is_inside())
        reactor_.wake();
}

void Incoming::update_progress(Source& source) {
    for (std::size_t i = 0; i < source.feeds.size(); ++i)
        if (source.feeds[i])
            source.reception.processed(i, source.feeds[i]->progress());
    source.in_hand.settle();
}

void Incoming::pump() {
    if (!has_progress_.exchange(false, std::memory_order_acquire))
        return;
    const auto time = now();
    for (auto& [id, source] : sources_) {
        if (!is_open(source))
            continue;
        update_progress(source);
        ask_rewinds(id, source, time);
        if (source.reception.is_acknowledgement_due(time))
            acknowledge(id, source, time);
    }
    arm();
}

void Incoming::ask_rewinds(const StreamId& id, Source& source, TimePoint time) {
    Rewind rewind{source.reception.session(), {}};
    for (const auto index : source.reception.rewinds(time)) {
        const auto standing = source.reception.standing(index).value_or(Progress{});
        rewind.subscriptions.push_back(
            {index, standing.position, standing.volume.events, standing.volume.bytes});
    }
    if (!rewind.subscriptions.empty())
        send_(id.node, rewind);
}

void Incoming::acknowledge(const StreamId& id, Source& source, TimePoint time) {
    Acknowledge message{source.reception.session(), {}};
    auto all = source.reception.acknowledge(time);
    // Whoever shares may have no part of the events now: what it grants is said all the same.
    for (std::size_t i = 0; i < handlers_.size(); ++i) {
        const auto handler = static_cast<std::uint16_t>(i);
        if (is_shared(i) && source.reaches[i] && source.reception.served(handler).empty())
            all.emplace_back(handler, Progress{});
    }
    for (const auto& [index, progress] : all) {
        const auto window = window_of(id, handler_of(index));
        source.reception.grant(handler_of(index), window);
        if (id.node == identity_.id)
            acknowledge_self_(id.journal, index, progress, window);
        else
            message.subscriptions.push_back({index, progress.position, progress.volume.events,
                                             progress.volume.bytes, window.events, window.bytes});
    }
    if (id.node != identity_.id)
        send_(id.node, message);
}

void Incoming::arm() {
    auto due = TimePoint::max();
    for (const auto& [id, source] : sources_)
        if (is_open(source))
            due = std::min(due, source.reception.next_due());
    if (timer_)
        reactor_.cancel(*timer_);
    timer_.reset();
    if (due == TimePoint::max())
        return;
    timer_ = reactor_.after(std::max(due - now(), timer_min), [this] {
        timer_.reset();
        note_progress();
        pump();
    });
}

void Incoming::close_windows() {
    is_closing_ = true;
    const auto time = now();
    for (auto& [id, source] : sources_)
        if (is_open(source)) {
            update_progress(source);
            acknowledge(id, source, time);
        }
}

void Incoming::shut() {
    close_windows();
    is_shut_ = true;
}

bool Incoming::is_dry() {
    note_progress();
    pump();
    return std::ranges::all_of(handlers_, [](const auto& handler) { return handler->is_idle(); });
}

} // namespace mesh
