#pragma once

#include "mesh/flow/receiving/reception.hpp"
#include "mesh/node/handling/feed.hpp"
#include "mesh/wire/event_record.hpp"
#include "mesh/wire/record_reader.hpp"

namespace mesh {

/// Calls `take` with each event of the batch that is for the handler: its record, the reader, and
/// its topic. False when `take` returned false.
template <class Take>
bool for_each_wanted(const Feed& feed, const ReceivedBatch& received, const Reception::Taken& taken,
                     Take take) {
    const auto& header = received.batch.header;
    RecordReader reader(received.batch.body, header.base_sequence, header.base_time_us);
    EventRecord record;
    for (;;) {
        const auto read = reader.read(record);
        if (read == RecordReader::Read::malformed)
            note_malformed(feed, reader.malformed_error());
        if (read != RecordReader::Read::event || reader.sequence() > taken.after.position)
            return true;
        const auto* topic = feed.topic(record.topic);
        if (topic == nullptr || reader.sequence() <= taken.before || !topic->is_wanted)
            continue;
        if (!take(record, reader, *topic))
            return false;
    }
}

inline void count_record(Progress& progress, const RecordReader& reader) {
    progress.position = reader.sequence();
    ++progress.volume.events;
    progress.volume.bytes += reader.record_size_bytes();
}

} // namespace mesh
