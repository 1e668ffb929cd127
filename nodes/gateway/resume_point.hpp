#pragma once

#include "mesh/base/time.hpp"
#include "mesh/event/event.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nodes {

/// How far a stream is with what one run of a publisher, or its journal, published.
struct Position {
    std::uint64_t source = 0;      ///< the first 8 bytes of the publisher's id
    std::uint32_t incarnation = 0; ///< 0: its journal
    std::uint64_t sequence = 0;    ///< everything up to this was there

    bool operator==(const Position&) const = default;

    bool is_of(const mesh::EventId& id) const;
};

/// Publishers that a stream's place is kept of. Beyond that, those silent longest are left out.
inline constexpr std::size_t positions_max = 64;

/// How far a stream is with every publisher, the one heard last at the end.
class Positions {
public:
    Positions() = default;

    /// At most positions_max.
    explicit Positions(std::vector<Position> positions) : positions_(std::move(positions)) {}

    void note(const mesh::EventId& id);

    /// The publisher left: its runs will not be met again, its journal may be.
    void forget_runs(const mesh::NodeId& source);

    /// Null when nothing is known of it.
    const Position* find(const mesh::EventId& id) const;

    const std::vector<Position>& all() const { return positions_; }

private:
    std::vector<Position> positions_;
};

/// Where a stream stands, as the `id` of an event in it, which comes back as `Last-Event-ID`. The
/// gateway that gave it knows its `index`; another one, or the same after a restart, goes by the
/// positions.
struct ResumePoint {
    std::uint64_t run = 0;   ///< names the process of the gateway
    std::uint64_t index = 0; ///< of the last event, among those that the process has seen
    mesh::WallTime since{};  ///< when the stream began, on the gateway's clock
    std::vector<Position> positions = {};

    bool operator==(const ResumePoint&) const = default;
};

/// `RUN-INDEX-SINCE~SOURCE.INCARNATION.SEQUENCE~...`, all in hexadecimal.
std::string to_text(const ResumePoint& point);

/// The reverse; nothing for any other text.
std::optional<ResumePoint> parse_resume_point(std::string_view text);

} // namespace nodes
