#pragma once

#include "mesh/base/time.hpp"
#include "mesh/event/delivery.hpp"
#include "mesh/store/journal_options.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace nodes {

/// How one publisher and one subscriber are to be measured.
struct LevelsSetting {
    mesh::Level level = mesh::Level::reliable;
    std::size_t payload_size_bytes = 256;
    /// Publishes that are not done yet, at most: 1 waits for each.
    std::uint32_t in_flight = 1;
    bool is_inline = false; ///< the handler runs on the subscriber's loop
    mesh::Sync sync = mesh::Sync::normal;
    /// Where both keep their state and what lasts; a folder of the round's own.
    std::string folder;
    std::string text = {}; ///< the payload, but for its first bytes; empty: some of that size
    /// As in NodeOptions.
    std::optional<std::uint64_t> compress_from_bytes = {};
};

/// What became of the events of a round. It ends when everything is acknowledged or told as lost.
struct LevelsRound {
    std::uint64_t published = 0;
    std::uint64_t handled = 0;
    std::uint64_t lost = 0; ///< told to the subscriber
    double published_per_s = 0;
    double handled_per_s = 0; ///< until the last one is acknowledged
};

/// Publishes as fast as it goes for `time`, between two processes. Nothing when it did not come to
/// an end, or an event came in a wrong order.
std::optional<LevelsRound> run_levels_round(const LevelsSetting& setting, mesh::Duration time);

} // namespace nodes
