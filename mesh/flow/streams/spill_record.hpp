#pragma once

#include "mesh/base/bytes.hpp"
#include "mesh/base/result.hpp"
#include "mesh/flow/event_log.hpp"
#include "mesh/flow/subscription.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

namespace mesh {

/// A stretch of one subscription's events in the form in which it is put aside. Read back by the
/// same process only, so its layout is nobody else's business.
class SpillRecord {
public:
    /// Begins anew with the event of this index.
    void clear(std::uint64_t first_index);

    /// Adds the next event; its index is one more than that of the one before.
    void add(const EventLog::Entry& entry);

    bool is_empty() const { return stretch_.volume.events == 0; }

    /// The index that the next event must have to be added.
    std::uint64_t next_index() const { return stretch_.first_index + stretch_.volume.events; }

    /// What it holds; the place is for whoever put it aside to fill in.
    const Subscription::Spilled& stretch() const { return stretch_; }

    Bytes bytes() const { return bytes_; }

private:
    Subscription::Spilled stretch_;
    std::vector<std::byte> bytes_;
};

/// The events of such a record. Errors: `malformed` when it does not hold what `stretch` says.
Result<std::deque<Subscription::Kept>> read_spill_record(Bytes record,
                                                         const Subscription::Spilled& stretch);

} // namespace mesh
