#pragma once

#include "mesh/base/bytes.hpp"
#include "nodes/bench/part.hpp"

#include <cstdint>
#include <vector>

namespace nodes {

/// Counts the events of a round, and looks whether each sender's come once and in their order.
/// Belongs to the handler's thread.
class Receiving {
public:
    explicit Receiving(const Part& part);

    /// Takes one event. True with the last one of the last sender.
    bool take(mesh::Bytes payload);

    std::uint64_t received() const { return received_; }

    /// Events that came again, or behind a later one.
    std::uint64_t disordered() const { return disordered_; }

    /// How long the events were on their way, in nanoseconds, of a part that sends at a rate: at
    /// most so many of them took at most that long. The first tenth of the events does not count.
    std::int64_t latency_ns(double fraction);

private:
    bool is_timed_;
    std::vector<std::uint64_t> next_; ///< of each sender
    std::size_t senders_left_;
    std::uint64_t received_ = 0;
    std::uint64_t disordered_ = 0;
    std::vector<std::int64_t> latencies_ns_;
};

} // namespace nodes
