#pragma once

#include "mesh/base/bytes.hpp"
#include "mesh/flow/subscription.hpp"
#include "mesh/wire/batch.hpp"
#include "mesh/wire/event_record.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace mesh {

/// A batch that is decided on but not yet written: which subscriptions it serves, and which
/// stretches of the log it copies. It views the log: write it before the log changes.
class BatchPlan {
public:
    /// An empty batch whose records count from here.
    void clear(std::uint64_t base_sequence, std::uint64_t base_time_us);

    /// Moves the base of a batch that has no record yet.
    void start_at(std::uint64_t base_sequence, std::uint64_t base_time_us);

    /// Adds the record of one event. False when its time is too far from the event before: the
    /// batch ends there and the next one begins with it.
    bool add(std::uint64_t sequence, std::uint64_t time_us, Bytes record);

    /// Adds records that follow each other in the log, and the batch's last one; the first one
    /// begins where the batch does. The last one is that of `sequence`.
    void add_run(std::uint64_t sequence, std::uint64_t time_us, Bytes records);

    bool is_empty() const { return stretches_.empty(); }

    /// Its records, when they are some of the log that lie side by side; else nothing.
    Bytes records_in_place() const;

    std::size_t body_size_bytes() const { return body_size_bytes_; }

    std::uint64_t last_sequence() const { return last_sequence_; }

    /// Filled by whoever makes the plan; the base and the rest by the plan itself.
    BatchHeader header;

    /// The subscription behind each of the header's positions.
    std::vector<Subscription*> served;

    /// Size and bytes of the whole message.
    std::size_t size_bytes() const { return encoded_size(header) + body_size_bytes_; }

    void write(std::byte* at) const;

private:
    struct Stretch {
        SkipRecord skip; ///< before the bytes; none when its count is 0
        Bytes bytes;
    };

    std::vector<Stretch> stretches_;
    std::size_t body_size_bytes_ = 0;
    std::uint64_t last_sequence_ = 0;
    std::uint64_t last_time_us_ = 0;
};

} // namespace mesh
