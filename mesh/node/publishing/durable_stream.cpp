#include "mesh/node/publishing/durable_stream.hpp"

#include "mesh/base/log.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

namespace mesh {

namespace {

using namespace std::chrono_literals;

// Places that are stored late cost events that come twice after a crash, and nothing else.
constexpr Duration keeping_interval = 1s;

// Until what could not be stored is tried again.
constexpr Duration keeping_pause = 200ms;

constexpr std::size_t reading_size_bytes = 1024 * 1024;

std::uint64_t wall_us() {
    return static_cast<std::uint64_t>(wall_now().time_since_epoch().count());
}

} // namespace

DurableStream::DurableStream(zmq::context_t& context, Reactor& reactor, const Identity& identity,
                             Disk& disk, std::size_t log_size_bytes_max, Outgoing::Send send,
                             Outgoing::Doubt doubt)
    : reactor_(reactor),
      disk_(disk),
      archive_(disk),
      publication_(identity.id, disk.journal->last(), log_size_bytes_max, archive_),
      links_(context, reactor, identity, publication_, disk.journal->id(), std::move(send),
             std::move(doubt)),
      writer_(disk, [this](auto events, const auto& topics) { hand_on(events, topics); }) {
    name_topics(writer_.topics());
    restore();
    links_.set_before_serving([this](auto serve) { keep(std::move(serve)); });
    if (disk.journal->lost_count() > 0)
        log(LogLevel::error, disk.database->path() + ": " +
                                 std::to_string(disk.journal->lost_count()) +
                                 " events at the end were stored and are gone");
}

void DurableStream::restore() {
    const auto rows = disk_.subscriptions->load();
    if (!rows)
        throw std::runtime_error(rows.error().detail);
    for (const auto& row : *rows) {
        // Nobody knows where it was, nor for certain whose it is: it begins with what there is.
        if (row.is_damaged)
            publication_.restore_damaged();
        const auto position = row.is_damaged ? disk_.journal->first() - 1 : row.position;
        RememberedSubscription known{row.key,   {},        position, row.group,
                                     row.owner, row.index, row.slots};
        for (const auto& text : row.patterns)
            if (auto pattern = Pattern::parse(text))
                known.patterns.push_back(std::move(*pattern));
        publication_.restore(known, now());
    }
}

Result<std::uint64_t> DurableStream::publish(const Draft& draft,
                                             const Outgoing::Patience& patience) {
    // What a handler of this node says in its transaction; there was room before that began.
    if (DiskHold::is_held_here(disk_))
        return writer_.append_part({&draft, 1});
    // Credit first: nobody waits for others while he holds the disk.
    if (auto room = links_.wait_for_room({&draft, 1}, patience); !room)
        return tl::unexpected(room.error());
    return writer_.commit(with_slots({&draft, 1}));
}

void DurableStream::publish_later(const Draft& draft, const Outgoing::Patience& patience,
                                  JournalWriter::Done done) {
    if (DiskHold::is_held_here(disk_))
        return done(
            fail(ErrorCode::refused,
                 std::string(draft.topic) +
                     ": who writes to the store waits for nobody; publish it with `publish`, "
                     "as a part of the transaction"));
    if (auto room = links_.wait_for_room({&draft, 1}, patience); !room)
        return done(tl::unexpected(room.error()));
    writer_.commit_later(with_slots({&draft, 1}).front(), !reactor_.is_inside(), std::move(done));
}

Result<std::uint64_t> DurableStream::publish_all(std::span<const Draft> drafts,
                                                 const Outgoing::Patience& patience) {
    if (DiskHold::is_held_here(disk_))
        return writer_.append_part(drafts);
    if (auto room = links_.wait_for_room(drafts, patience); !room)
        return tl::unexpected(room.error());
    return writer_.commit(with_slots(drafts));
}

/// Those without a key go to members of groups that have room now: the record says which slot.
std::vector<Draft> DurableStream::with_slots(std::span<const Draft> drafts) const {
    std::vector<Draft> placed(drafts.begin(), drafts.end());
    links_.with_lock([&] {
        for (auto& draft : placed)
            if (draft.key.empty())
                draft.slot = publication_.best_slot(draft.topic);
    });
    return placed;
}

void DurableStream::name_topics(const std::vector<std::string>& topics) {
    while (publication_.topic_count() < topics.size())
        publication_.add_topic(topics[publication_.topic_count()]);
}

void DurableStream::hand_on(std::span<const EventLog::Entry> events,
                            const std::vector<std::string>& topics) {
    links_.with_lock([&] { name_topics(topics); });
    links_.hand_on(events.size(), [&](std::size_t i) { publication_.append(events[i]); });
}

void DurableStream::keep(std::function<void()> serve) {
    bool has_new = false;
    links_.with_lock([&] { has_new = publication_.has_new(); });
    if (!has_new)
        return serve();
    // From here on it counts as known, whatever dies.
    save([this, serve = std::move(serve)](bool is_stored) {
        reactor_.post([this, is_stored, serve] {
            if (is_stored)
                return keep(serve); // another one may have come meanwhile
            reactor_.after(keeping_pause, [this, serve] { keep(serve); });
        });
    });
}

void DurableStream::save(std::function<void(bool)> then) {
    std::vector<RememberedSubscription> changed;
    std::vector<std::string> gone = std::exchange(retired_, {});
    links_.with_lock([&] {
        changed = publication_.take_changed();
        std::ranges::move(publication_.take_removed(), std::back_inserter(gone));
    });
    std::vector<KnownSubscription> rows;
    for (const auto& one : changed) {
        auto& row = rows.emplace_back(KnownSubscription{one.key, {}, one.position, wall_us()});
        for (const auto& pattern : one.patterns)
            row.patterns.push_back(pattern.text());
        row.group = one.group;
        row.owner = one.owner;
        row.index = one.index;
        row.slots = one.slots;
    }
    writer_.post(
        // What is gone may have come again: it is removed first.
        [this, rows = std::move(rows), gone]() -> Result<void> {
            for (const auto& key : gone)
                if (auto removed = disk_.subscriptions->remove(key); !removed)
                    return removed;
            return disk_.subscriptions->save(rows);
        },
        [this, changed = std::move(changed), gone,
         then = std::move(then)](const Result<void>& result) {
            static CountedWarning unsaved("where subscriptions are cannot be stored");
            if (!result)
                unsaved(result.error().detail);
            links_.with_lock([&] {
                publication_.note_stored(changed, result.has_value());
                if (!result)
                    publication_.note_not_removed(gone);
            });
            reactor_.wake(); // who had to wait for this may be sent something
            then(result.has_value());
        });
}

void DurableStream::tick() {
    for (auto& key : links_.tick())
        retired_.push_back(std::move(key));
    bool has_new = false;
    links_.with_lock([&] { has_new = publication_.has_new(); });
    if ((!has_new && now() - kept_at_ < keeping_interval) || is_keeping_.exchange(true))
        return;
    kept_at_ = now();
    save([this](bool) { is_keeping_ = false; });
    trim();
}

void DurableStream::trim() {
    std::uint64_t needed = 0;
    const auto age = now() - started_at_;
    links_.with_lock([&] { needed = publication_.first_needed(wall_now(), age); });
    auto trimmed = std::make_shared<Trimmed>();
    writer_.post([this, needed, trimmed] { return trim_to(needed, *trimmed); },
                 [this, trimmed](const Result<void>& result) {
                     static CountedWarning untrimmed("the journal cannot be trimmed");
                     if (!result)
                         return untrimmed(result.error().detail);
                     links_.with_lock([&] {
                         archive_.trimmed(trimmed->first);
                         publication_.forget(trimmed->unprocessed, trimmed->first - 1);
                     });
                 });
}

Result<void> DurableStream::trim_to(std::uint64_t needed, Trimmed& trimmed) {
    auto& journal = *disk_.journal;
    std::uint64_t last = 0;
    auto tried = disk_.database->transaction([&]() -> Result<void> {
        const auto would = journal.trim(wall_us(), needed - 1);
        if (!would)
            return tl::unexpected(would.error());
        last = would->last >= would->first ? would->last : 0;
        if (last >= needed) // look at what somebody loses, before it goes
            return fail(ErrorCode::refused, "events that are not processed");
        return {};
    });
    if (!tried && last < needed)
        return tried;
    if (!tried) {
        for (auto from = std::max(needed, journal.first()); from <= last;) {
            const auto stretch = journal.read(from, reading_size_bytes);
            if (!stretch) {
                const auto next = journal.next_readable(from);
                if (!next)
                    return tl::unexpected(next.error());
                from = *next;
                continue;
            }
            for (const auto& event : stretch->events)
                if (event.sequence <= last) {
                    EventLog::Entry entry{event.sequence, event.time_us, event.topic, event.record};
                    entry.slot = slot_of(entry);
                    entry.record = {};
                    trimmed.unprocessed.push_back(entry);
                }
            from = stretch->events.back().sequence + 1;
        }
        if (const auto gone = journal.trim(wall_us(), needed - 1); !gone)
            return tl::unexpected(gone.error());
    }
    trimmed.first = journal.first();
    return {};
}

} // namespace mesh
