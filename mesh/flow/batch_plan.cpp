#include "mesh/flow/batch_plan.hpp"

#include <cstring>
#include <limits>

namespace mesh {

void BatchPlan::clear(std::uint64_t base_sequence, std::uint64_t base_time_us) {
    header.positions.clear();
    header.topics.clear();
    served.clear();
    stretches_.clear();
    body_size_bytes_ = 0;
    start_at(base_sequence, base_time_us);
}

void BatchPlan::start_at(std::uint64_t base_sequence, std::uint64_t base_time_us) {
    header.base_sequence = base_sequence;
    header.base_time_us = base_time_us;
    last_sequence_ = base_sequence;
    last_time_us_ = base_time_us;
}

bool BatchPlan::add(std::uint64_t sequence, std::uint64_t time_us, Bytes record) {
    constexpr std::uint64_t limit = std::numeric_limits<std::uint32_t>::max();
    // The record holds its distance from the record before it in the log, whether that one is in
    // the batch or not; a skip makes up for those that are not.
    const auto own_delta_us = time_delta_us(record);
    const auto skipped = sequence - last_sequence_ - 1;
    const auto skipped_time_us = time_us - own_delta_us - last_time_us_;
    if (skipped > limit || skipped_time_us > limit)
        return false;
    if (skipped != 0 || skipped_time_us != 0) {
        const SkipRecord skip{static_cast<std::uint32_t>(skipped),
                              static_cast<std::uint32_t>(skipped_time_us)};
        stretches_.push_back({skip, record});
        body_size_bytes_ += skip_record_size_bytes;
    } else if (!stretches_.empty() &&
               stretches_.back().bytes.data() + stretches_.back().bytes.size() == record.data()) {
        auto& bytes = stretches_.back().bytes;
        bytes = Bytes(bytes.data(), bytes.size() + record.size());
    } else {
        stretches_.push_back({{}, record});
    }
    body_size_bytes_ += record.size();
    last_sequence_ = sequence;
    last_time_us_ = time_us;
    return true;
}

void BatchPlan::add_run(std::uint64_t sequence, std::uint64_t time_us, Bytes records) {
    stretches_.push_back({{}, records});
    body_size_bytes_ += records.size();
    last_sequence_ = sequence;
    last_time_us_ = time_us;
}

Bytes BatchPlan::records_in_place() const {
    const bool is_whole = stretches_.size() == 1 && stretches_.front().skip.count == 0 &&
                          stretches_.front().skip.time_delta_us == 0;
    return is_whole ? stretches_.front().bytes : Bytes();
}

void BatchPlan::write(std::byte* at) const {
    encode(header, at);
    at += encoded_size(header);
    for (const auto& [skip, bytes] : stretches_) {
        if (skip.count != 0 || skip.time_delta_us != 0) {
            encode(skip, at);
            at += skip_record_size_bytes;
        }
        std::memcpy(at, bytes.data(), bytes.size()); // std::ranges::copy goes byte by byte (GCC 12)
        at += bytes.size();
    }
}

} // namespace mesh
