#pragma once

#include "mesh/base/bytes.hpp"
#include "mesh/base/node_id.hpp"
#include "mesh/base/result.hpp"
#include "mesh/wire/subscription_index.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace mesh {

/// Version of batches and event records.
inline constexpr std::uint8_t batch_version = 1;

/// A batch is closed when it holds this much. Measured 2026-10: 128 KiB beat 32 KiB and 256 KiB.
inline constexpr std::size_t batch_size_bytes_target = 128 * 1024;

/// Largest batch: one event of the largest size beside a full batch, and its header.
inline constexpr std::size_t batch_size_bytes_max = 2 * 1024 * 1024;

/// How far a batch takes one subscription.
struct BatchPosition {
    SubscriptionIndex subscription = 0;
    std::uint64_t before = 0; ///< where the subscription must stand to take the batch
    std::uint64_t after = 0;  ///< where it stands once it has
    std::uint64_t lost = 0;   ///< wanted events after `before` that it will never get
    std::uint32_t events = 0; ///< wanted events among the records
    std::uint32_t bytes = 0;  ///< what these records take: what credit counts

    bool operator==(const BatchPosition&) const = default;
};

/// From now on `number` means `topic` in this session.
struct TopicDefinition {
    std::uint16_t number = 0;
    std::string_view topic;

    bool operator==(const TopicDefinition&) const = default;
};

/// What stands before the event records of one message. Layout: docs/wire_format.md, "Batch".
struct BatchHeader {
    NodeId source;
    std::uint32_t incarnation = 0;
    std::uint64_t session = 0;       ///< drawn by the subscriber, agreed on over control
    std::uint64_t base_sequence = 0; ///< the first record has the sequence after it
    std::uint64_t base_time_us = 0;  ///< what the first record's time counts from, Unix epoch
    std::vector<BatchPosition> positions;
    std::vector<TopicDefinition> topics;

    bool operator==(const BatchHeader&) const = default;
};

std::size_t encoded_size(const BatchHeader& header);

/// Writes the header to `at`, which has room for `encoded_size(header)` bytes.
void encode(const BatchHeader& header, std::byte* at);

/// A header and the records behind it, viewing the message.
struct Batch {
    BatchHeader header;
    Bytes body;
};

/// A batch that arrived, with what keeps its bytes alive.
struct ReceivedBatch {
    std::shared_ptr<const void> owner;
    Batch batch;
};

/// Errors: `malformed` for anything that is no batch, `unsupported_version` for another version.
/// The records are not looked at: RecordReader does.
Result<Batch> decode_batch(Bytes message);

} // namespace mesh
