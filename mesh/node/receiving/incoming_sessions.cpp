// Incoming, the part that deals with sessions: which publisher has one, and where handlers stand.

#include "mesh/base/log.hpp"
#include "mesh/node/receiving/incoming.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <set>
#include <utility>

namespace mesh {

namespace {

// Publishers that went away without a word, and where this node stood with them.
constexpr std::size_t paused_sources_max = 256;

} // namespace

Volume Incoming::window_of(const StreamId& id, std::size_t handler) const {
    // What this node says to itself while it stops still has to be handled.
    if (is_closing_ && id.node != identity_.id)
        return {};
    // The room of a handler is divided among its publishers.
    const auto& room = handlers_[handler]->spec().room;
    const auto publishers = std::ranges::count_if(sources_, [&](const auto& one) {
        return is_open(one.second) && one.second.reaches[handler];
    });
    const auto share = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(publishers));
    return {std::max<std::uint64_t>(1, room.events / share),
            std::max<std::uint64_t>(1, room.bytes / share)};
}

bool Incoming::is_open(const Source& source) const {
    return sessions_.contains(source.reception.session());
}

Opened Incoming::open(const Peer& publisher, const Open& open) {
    return open_session({publisher.id, open.journal}, publisher.incarnation, *publisher.contract,
                        open);
}

Opened Incoming::open_self(std::uint64_t journal) {
    return open_session({identity_.id, journal}, identity_.incarnation, identity_.contract,
                        {.attempt = ++self_attempt_});
}

void Incoming::remember(const std::vector<Place>& places, const std::vector<Place>& marks) {
    for (const auto& one : places)
        remembered_[{{one.source, one.journal}, one.handler}].place = one.position;
    for (const auto& one : marks)
        remembered_[{{one.source, one.journal}, one.handler}].marks.insert(one.position);
}

Incoming::Source& Incoming::source_of(const StreamId& id, std::uint32_t incarnation,
                                      const Contract& contract) {
    auto& source = sources_[id];
    const bool is_other_run = source.incarnation != incarnation;
    // A journal goes on from run to run, and so do the handlers in it.
    const bool is_new = source.feeds.empty() || (id.journal == 0 && is_other_run);
    if (is_other_run)
        sessions_.erase(source.reception.session());
    if (is_new) {
        source = {};
        source.reception = Reception(handlers_.size());
        for (const auto& handler : handlers_) {
            source.feeds.push_back(std::make_shared<Feed>(
                id.node, id.journal == 0 ? incarnation : 0, contract.service, id.journal));
            const auto known = remembered_.find({id, handler->spec().contract.name});
            if (known != remembered_.end())
                source.feeds.back()->remember(known->second.place, known->second.marks);
            source.reaches.push_back(reaches(contract, handler->spec().contract));
        }
    }
    source.incarnation = incarnation;
    if (is_new || is_other_run)
        for (std::size_t i = 0; i < handlers_.size(); ++i)
            begin_account(id, source, i, is_new);
    return source;
}

void Incoming::begin_account(const StreamId& id, const Source& source, std::size_t handler,
                             bool is_new) {
    // Parts of a group stand at different places: beyond the hindmost, others may have events of an
    // earlier run in hand.
    std::optional<std::uint64_t> hindmost;
    for (const auto index : source.reception.served(static_cast<std::uint16_t>(handler)))
        if (const auto standing = source.reception.standing(index))
            hindmost = std::min(hindmost.value_or(standing->position), standing->position);
    std::set<std::uint64_t> in_hand;
    if (id.journal != 0 && hindmost)
        source.in_hand.each(handler, heard_patterns(handlers_[handler]->spec().contract),
                            [&](const std::string&, std::uint64_t sequence) {
                                if (sequence > *hindmost)
                                    in_hand.insert(sequence);
                            });
    handlers_[handler]->with_ledger([&](HandlerLedger& ledger) {
        if (is_new)
            ledger.begin({id.node, source.incarnation, id.journal != 0});
        // What it has had of a journal came from earlier runs of the publisher.
        if (id.journal != 0)
            ledger.begin_run(id.node, source.incarnation, hindmost.value_or(0), std::move(in_hand));
    });
}

Opened Incoming::open_session(const StreamId& id, std::uint32_t incarnation,
                              const Contract& contract, const Open& open) {
    auto& source = source_of(id, incarnation, contract);
    // An Open may arrive twice; it is one session.
    const bool is_repeated = source.attempt == open.attempt && is_open(source);
    if (!is_repeated) {
        forget_foreign(id, source, open.foreign);
        sessions_.erase(source.reception.session());
        const auto session = session_numbers_();
        sessions_[session] = id;
        source.attempt = open.attempt;
        source.is_outdated = false;
        source.reception.open(session, now());
    }
    Opened opened{open.attempt, source.reception.session(), {}};
    for (std::size_t i = 0; i < handlers_.size(); ++i)
        if (handlers_[i]->listens() && !handlers_[i]->is_resting())
            add_standings(opened, id, source, i);
    return opened;
}

/// The publisher's journal is an older copy of the one that handlers know: what they had behind
/// these places, in numbers that are given to other events now, does not count.
void Incoming::forget_foreign(const StreamId& id, Source& source,
                              const std::vector<Open::Foreign>& rows) {
    for (const auto& row : rows) {
        const auto handler = handler_of(row.index);
        if (handler >= handlers_.size())
            continue;
        log(LogLevel::warning, "the journal of " + source.feeds[handler]->service +
                                   " is an older copy of the one that handler " +
                                   handlers_[handler]->spec().contract.name +
                                   " knows: it goes on behind event " +
                                   std::to_string(row.position));
        const auto before = source.feeds[handler];
        auto feed = std::make_shared<Feed>(before->source, before->incarnation, before->service,
                                           before->journal);
        feed->remember(std::min(before->place(), row.position), before->marks_to(row.position));
        if (before->place() > 0 && moved_back_)
            moved_back_(
                {id.node, id.journal, handlers_[handler]->spec().contract.name, feed->place()});
        for (std::size_t i = 0; i < source.feeds.size(); ++i)
            if (source.feeds[i] && handler_of(source.reception.index(i)) == handler) {
                source.feeds[i]->disown();
                source.feeds[i] = nullptr;
            }
        source.feeds[handler] = std::move(feed);
        source.reception.forget(handler);
        source.in_hand.drop(handler);
        begin_account(id, source, handler, true);
    }
}

bool Incoming::is_shared(std::size_t handler) const {
    const auto& spec = handlers_[handler]->spec();
    // A tool shares only if it says so; and what is remembered, every replica has to hear.
    const auto otherwise = identity_.is_observer ? GroupMode::each : GroupMode::share;
    return spec.every == Duration{} && spec.group.value_or(otherwise) == GroupMode::share;
}

bool Incoming::is_sharing() const {
    for (const auto& [id, source] : sources_)
        for (std::size_t i = 0; i < handlers_.size(); ++i)
            if (id.node != identity_.id && is_open(source) && source.reaches[i] && is_shared(i))
                return true;
    return false;
}

void Incoming::begin_feed(Source& source, const Reception::Taken& taken) {
    const auto& first = *source.feeds.front();
    if (taken.number >= source.feeds.size())
        source.feeds.resize(taken.number + 1);
    // A place says that everything up to it is handled, which it cannot where replicas share: there
    // events of level `once` come at least once.
    const auto journal = seat_of(taken.index) == 0 ? first.journal : 0;
    auto feed = std::make_shared<Feed>(first.source, first.incarnation, first.service, journal);
    if (const auto& before = source.feeds[taken.number]; before && journal != 0)
        feed->remember(before->place(), {});
    source.feeds[taken.number] = std::move(feed);
}

void Incoming::add_standings(Opened& opened, const StreamId& id, Source& source,
                             std::size_t handler) {
    const auto index = static_cast<std::uint16_t>(handler);
    const auto window = window_of(id, handler);
    source.reception.grant(index, window);
    Opened::Subscription one;
    one.index = index;
    one.is_shared = is_shared(handler);
    // A tool keeps its place only as a member of a group, which has a name.
    one.is_lasting = !identity_.is_observer || one.is_shared;
    const auto& spec = handlers_[handler]->spec();
    // A tool holds nobody up, and what it is too slow for is lost only beyond the log.
    one.policy = identity_.is_observer ? Policy::drop_oldest : spec.policy;
    one.depth = identity_.is_observer ? 0 : spec.room.events;
    one.from = spec.from;
    one.window_events = window.events;
    one.window_bytes = window.bytes;
    const auto age = std::chrono::duration_cast<std::chrono::microseconds>(now() - started_at_);
    one.age_us = static_cast<std::uint64_t>(age.count());
    const auto known = source.reception.served(index);
    if (known.empty()) {
        if (const auto place = source.feeds[handler]->place(); place > 0) {
            one.is_remembered = true;
            one.position = place;
        }
        opened.subscriptions.push_back(one);
    }
    for (const auto place : known) {
        const auto standing = source.reception.standing(place).value_or(Progress{});
        one.index = place;
        one.is_resumed = true;
        one.position = standing.position;
        one.events = standing.volume.events;
        one.bytes = standing.volume.bytes;
        opened.subscriptions.push_back(one);
    }
}

void Incoming::change_handler(std::size_t handler,
                              const std::function<void(std::uint64_t journal)>& reopen_self) {
    for (auto& [id, source] : sources_) {
        update_progress(source);
        source.reception.restart(static_cast<std::uint16_t>(handler));
        source.in_hand.drop(handler);
        if (!is_open(source) || !source.reaches[handler])
            continue;
        if (id.node == identity_.id) {
            reopen_self(id.journal);
            continue;
        }
        source.is_outdated = true;
        send_(id.node, Reopen{source.reception.session()});
    }
}

void Incoming::tick() {
    for (const auto& [id, source] : sources_)
        if (source.is_outdated && is_open(source))
            send_(id.node, Reopen{source.reception.session()});
}

void Incoming::meet_run(const NodeId& id, std::uint32_t incarnation) {
    for (const auto& [stream, source] : sources_)
        if (stream.node == id && source.incarnation != incarnation)
            sessions_.erase(source.reception.session());
}

void Incoming::forget(const NodeId& id) {
    std::erase_if(sources_, [&](const auto& item) {
        if (item.first.node == id)
            sessions_.erase(item.second.reception.session());
        return item.first.node == id;
    });
}

void Incoming::pause(const NodeId& id) {
    for (auto& [stream, source] : sources_) {
        if (stream.node != id)
            continue;
        sessions_.erase(source.reception.session());
        source.paused_at = now();
    }
    while (sources_.size() > sessions_.size() + paused_sources_max) {
        auto oldest = sources_.end();
        for (auto one = sources_.begin(); one != sources_.end(); ++one)
            if (!is_open(one->second) &&
                (oldest == sources_.end() || one->second.paused_at < oldest->second.paused_at))
                oldest = one;
        sources_.erase(oldest);
    }
}

} // namespace mesh
