#pragma once

#include "mesh/event/event.hpp"
#include "mesh/flow/completion.hpp"
#include "mesh/flow/subscription.hpp"
#include "mesh/wire/batch.hpp"
#include "mesh/wire/event_record.hpp"

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mesh {

/// A batch that arrived, with what keeps its bytes alive.
struct ReceivedBatch {
    std::shared_ptr<const void> owner;
    Batch batch;
};

/// One publisher's events on their way to one handler. The loop's thread reads its progress; who
/// takes the batches apart, always the same thread, defines the topics.
class Feed {
public:
    Feed(NodeId from, std::uint32_t run, std::string name)
        : source(from), incarnation(run), service(std::move(name)) {}

    const NodeId source;
    const std::uint32_t incarnation;
    const std::string service;

    /// Any thread.
    Progress progress() const;

    /// Everything up to here is dealt with, in order.
    void advance(const Progress& progress);

    /// For events that finish in any order: pieces that reach `afters` when they are finished.
    /// Returns the first one's ticket; the others count on from it. Any thread.
    Completion::Ticket expect(std::span<const Progress> afters);
    void finish(Completion::Ticket ticket);

    /// What is expected and not finished will come again.
    void restart();

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

    std::vector<std::optional<Topic>> topics_; ///< by number, as the session defined them

    mutable std::mutex mutex_; ///< guards the rest
    Progress progress_;
    Completion completion_;
};

/// The event of a record that `reader` has just read. Its views live as long as the arguments.
inline Event event_of(const EventRecord& record, const RecordReader& reader, std::string_view topic,
                      const Feed& feed) {
    Event event;
    event.topic = topic;
    event.id = {feed.source, feed.incarnation, reader.sequence()};
    event.service = feed.service;
    event.time = WallTime(std::chrono::microseconds(reader.time_us()));
    event.key = record.key;
    if (!record.content_type.empty())
        event.content_type = record.content_type;
    event.headers = record.headers;
    event.cause = record.cause;
    event.payload = record.payload;
    return event;
}

/// Counts and logs that a batch from `feed` holds records that cannot be read.
void note_malformed(const Feed& feed, const Error& error);

} // namespace mesh
