#pragma once

#include "mesh/base/time.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace mesh {

/// When events go to one link: each at once as long as they are few, and in a burst many together
/// every now and then. A message costs a thread woken on each side, which a burst of messages with
/// an event in each spends most of its time with. Pure: `now` is passed in, the wall's time,
/// because that is what each event is stamped with anyhow.
class SendPace {
public:
    /// An event of about so many bytes was published. Whether to send now what there is.
    bool may_send(WallTime now, std::size_t size_bytes = 0) {
        gathered_bytes_ += size_bytes;
        // Whoever waited, for credit, did not publish more slowly; and what was sent last may have
        // been finished after this event's time was taken.
        const bool is_gap = published_at_ != WallTime{} && now > published_at_;
        const auto gap = is_gap ? std::min(now - published_at_, gap_max) : Gap{};
        published_at_ = now;
        mean_gap_ += gap * scale / 16 - mean_gap_ / 16;
        return mean_gap_ >= scale * burst_gap || is_due(now);
    }

    /// So many events of so many bytes came at the same time as the one before, which was not sent.
    void came_together(std::uint64_t events, std::size_t size_bytes) {
        gathered_bytes_ += size_bytes;
        for (std::uint64_t i = 0; i < std::min(events, settled_after) && mean_gap_ > Gap{}; ++i)
            mean_gap_ -= mean_gap_ / 16;
    }

    /// Whether what there is has waited for long enough, the closer the events the longer, or fills
    /// a batch.
    bool is_due(WallTime now) const {
        const auto waited = now - sent_at_;
        return gathered_bytes_ >= gathered_bytes_max || waited < Gap{} || waited >= gathering_max ||
               waited * mean_gap_.count() >= scale * gathering_of_1_us_gaps;
    }

    /// Whether something was published a moment ago: whoever did it most likely goes on, and sends
    /// what there is.
    bool is_busy(WallTime now) const {
        return now >= published_at_ && now - published_at_ < busy_max;
    }

    /// Whoever published waits from here on.
    void stop() { published_at_ = {}; }

    /// Whoever published was busy with sending up to now, be it to other links: that is no gap, or
    /// who has to send much would look as if there was little to send.
    void has_worked(WallTime now) { published_at_ = std::max(published_at_, now); }

    void sent(WallTime now) {
        sent_at_ = now;
        gathered_bytes_ = 0;
    }

private:
    using Gap = WallTime::duration; ///< whole microseconds

    /// Closer events than these are a burst; others gain nothing from waiting for each other.
    static constexpr Gap burst_gap{4};
    /// Longer ones count as this, so that a burst with pauses in it stays one.
    static constexpr Gap gap_max{16};

    static constexpr int scale = 256;
    static constexpr std::uint64_t settled_after = 128; ///< as many equal gaps are all that counts

    static constexpr Gap gathering_of_1_us_gaps{60};
    static constexpr Gap gathering_max{400};
    static constexpr std::size_t gathered_bytes_max = 120 * 1024; ///< about a batch
    static constexpr Gap busy_max{300};

    WallTime published_at_{};
    WallTime sent_at_{};
    std::size_t gathered_bytes_ = 0; ///< since then, as far as it is known
    Gap mean_gap_ = scale * gap_max; ///< of the last sixteen or so, times `scale`
};

} // namespace mesh
