#pragma once

#include "mesh/base/result.hpp"
#include "mesh/event/event.hpp"
#include "mesh/flow/receiving/completion.hpp"
#include "mesh/flow/subscription.hpp"
#include "mesh/node/handling/shared_progress.hpp"
#include "mesh/wire/batch.hpp"
#include "mesh/wire/event_record.hpp"
#include "mesh/wire/record_reader.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mesh {

/// One publisher's events on their way to one handler. The loop's thread reads its progress; who
/// takes the batches apart, always the same thread, defines the topics.
class Feed {
public:
    /// `of_journal`: which one of the publisher's the events are in; 0: they are of one run.
    Feed(NodeId from, std::uint32_t run, std::string name, std::uint64_t of_journal = 0)
        : source(from), incarnation(run), service(std::move(name)), journal(of_journal) {}

    const NodeId source;
    const std::uint32_t incarnation;
    const std::string service;
    const std::uint64_t journal;

    /// Of an event that is handled once more: called when it is dealt with, in the transaction that
    /// holds what the handler did. Set before anything else; else empty.
    std::function<Result<void>()> settle;

    /// Of one event that was a dead letter: it was counted when it came.
    bool is_retry = false;

    /// Any thread.
    Progress progress() const { return progress_.get(); }

    /// Everything up to here is dealt with, in order. Who handles the events, one thread.
    void advance(const Progress& progress) { progress_.set(progress); }

    /// For events that finish in any order: pieces that reach `afters` when they are finished.
    /// Returns the first one's ticket; the others count on from it. Any thread.
    Completion::Ticket expect(std::span<const Progress> afters);
    void finish(Completion::Ticket ticket);

    /// What is expected and not finished will come again.
    void restart();

    /// Whether the event is dealt with. Any thread.
    bool is_finished(std::uint64_t sequence) const;

    // Events of level `once` are dealt with for good when that is on disk, see AtomicStretch.

    /// What earlier runs have dealt with: everything up to `place`, and the marks beyond it.
    void remember(std::uint64_t place, std::set<std::uint64_t> marks);

    /// Any thread.
    bool is_kept(std::uint64_t sequence) const;
    std::uint64_t place() const;
    bool has_marks() const;
    std::set<std::uint64_t> marks_to(std::uint64_t last) const;

    /// Its events are of another history than those that follow: that they are dealt with is not
    /// to be kept. Any thread.
    void disown() { is_disowned_ = true; }

    bool is_disowned() const { return is_disowned_; }

    /// Everything up to `place` is on disk, and these beyond it.
    void keep(std::uint64_t place, std::span<const std::uint64_t> marks);

    /// Of who expects: what was expected last, and how often the handler had rested then.
    Progress expected;
    std::uint64_t rests = 0;

    struct Topic {
        std::shared_ptr<const std::string> name;
        bool is_wanted = false;
    };

    /// Notes the topics that a batch defines; `patterns` are what the handler listens to.
    void define(const Batch& batch, const std::vector<Pattern>& patterns);

    /// The topic of a record, or null when nothing defined its number, which is logged.
    const Topic* topic(std::uint16_t number) const {
        if (number < topics_.size() && topics_[number])
            return &*topics_[number];
        note_undefined(number);
        return nullptr;
    }

private:
    void note_undefined(std::uint16_t number) const;

    std::atomic<bool> is_disowned_{false};
    std::vector<std::optional<Topic>> topics_; ///< by number, as the session defined them

    SharedProgress progress_; ///< set by one thread, or under the mutex

    mutable std::mutex mutex_; ///< guards the rest
    Completion completion_;
    std::uint64_t place_ = 0;
    std::set<std::uint64_t> marks_; ///< beyond place_
};

/// An event as it came. What looks at its payload asks for the plain one first, so that an event
/// that waits takes no more memory than it took on the wire.
struct ArrivedEvent : Event {
    bool is_compressed = false; ///< as in EventRecord
};

/// What all events of a feed have in common.
inline ArrivedEvent event_from(const Feed& feed) {
    ArrivedEvent event;
    event.id = {feed.source, feed.incarnation, 0};
    event.service = feed.service;
    return event;
}

/// Makes of an event of the feed the one of the record that `reader` has just read. Its views live
/// as long as the arguments.
inline void set_event(ArrivedEvent& event, const EventRecord& record, const RecordReader& reader,
                      std::string_view topic) {
    event.topic = topic;
    event.id.sequence = reader.sequence();
    event.time = WallTime(std::chrono::microseconds(reader.time_us()));
    event.key = record.key;
    event.content_type = record.content_type.empty() ? default_content_type : record.content_type;
    event.headers = record.headers;
    if (record.cause || event.cause)
        event.cause = record.cause;
    event.payload = record.payload;
    event.is_compressed = record.is_compressed;
}

/// The event of a record that `reader` has just read.
inline ArrivedEvent event_of(const EventRecord& record, const RecordReader& reader,
                             std::string_view topic, const Feed& feed) {
    auto event = event_from(feed);
    set_event(event, record, reader, topic);
    return event;
}

/// Counts and logs that a batch from `feed` holds records that cannot be read.
void note_malformed(const Feed& feed, const Error& error);

} // namespace mesh
