#pragma once

#include "mesh/flow/draft.hpp"
#include "mesh/flow/streams/journal_publication.hpp"
#include "mesh/node/disk.hpp"
#include "mesh/node/publishing/journal_archive.hpp"
#include "mesh/node/publishing/journal_writer.hpp"
#include "mesh/node/publishing/outgoing.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace mesh {

/// The durable events of a node: from the journal to the links.
class DurableStream {
public:
    DurableStream(zmq::context_t& context, Reactor& reactor, const Identity& identity, Disk& disk,
                  std::size_t log_size_bytes_max, Outgoing::Send send, Outgoing::Doubt doubt);

    /// Names the journal, as in Open.
    std::uint64_t journal() const { return disk_.journal->id(); }

    /// Any thread. Waits for credit, if it may, and until the event is on disk. Returns its
    /// sequence. Errors: as Outgoing::publish and JournalWriter::commit.
    Result<std::uint64_t> publish(const Draft& draft, const Outgoing::Patience& patience);

    /// Any thread, but not in a transaction. Waits for credit, if it may, and for room, but not
    /// until the event is on disk: `done` is told that, as JournalWriter::commit_later says.
    void publish_later(const Draft& draft, const Outgoing::Patience& patience,
                       JournalWriter::Done done);

    /// The events together: all of them, or none. Returns the first one's sequence.
    Result<std::uint64_t> publish_all(std::span<const Draft> drafts,
                                      const Outgoing::Patience& patience);

    JournalWriter& writer() { return writer_; }

    Outgoing& links() { return links_; }

    const Outgoing& links() const { return links_; }

    /// The loop's thread, every 100 ms or so.
    void tick();

    /// The node stops: stores where everybody is, so that nothing comes twice after the next start.
    void finish() {
        save([](bool) {});
    }

private:
    void hand_on(std::span<const EventLog::Entry> events, const std::vector<std::string>& topics);

    /// What trimming the journal came to.
    struct Trimmed {
        std::uint64_t first = 0;                  ///< the oldest event that is left
        std::vector<EventLog::Entry> unprocessed; ///< those that went before everybody had them
    };

    void restore();
    std::vector<Draft> with_slots(std::span<const Draft> drafts) const;
    void name_topics(const std::vector<std::string>& topics);
    void keep(std::function<void()> serve);
    void save(std::function<void(bool is_stored)> then);
    void trim();
    Result<void> trim_to(std::uint64_t needed, Trimmed& trimmed);

    Reactor& reactor_;
    Disk& disk_;
    JournalArchive archive_;
    JournalPublication publication_; ///< links_ guards it, and archive_ with it
    Outgoing links_;
    JournalWriter writer_;
    TimePoint started_at_ = now();
    TimePoint kept_at_{};
    std::atomic<bool> is_keeping_{false};
    std::vector<std::string> retired_;
};

} // namespace mesh
