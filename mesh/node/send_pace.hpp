#pragma once

#include "mesh/base/time.hpp"

#include <algorithm>
#include <chrono>

namespace mesh {

/// When events go to one link: each at once as long as they are few, and in a burst many together
/// every now and then. A message costs a thread woken on each side, which a burst of messages with
/// an event in each spends most of its time with. Pure: `now` is passed in, the wall's time,
/// because that is what each event is stamped with anyhow.
class SendPace {
public:
    /// An event was published. Whether to send now what there is.
    bool may_send(WallTime now) {
        const auto gap = now < published_at_ ? gap_max : std::min(now - published_at_, gap_max);
        published_at_ = now;
        mean_gap_ += gap * scale / 16 - mean_gap_ / 16;
        return mean_gap_ >= scale * burst_gap || is_due(now);
    }

    /// Whether what there is has waited for long enough: the closer the events, the longer.
    bool is_due(WallTime now) const {
        const auto waited = now - sent_at_;
        return waited < Gap{} || waited >= gathering_max ||
               waited * mean_gap_.count() >= scale * gathering_of_1_us_gaps;
    }

    void sent(WallTime now) { sent_at_ = now; }

private:
    using Gap = WallTime::duration; ///< whole microseconds

    /// Closer events than these are a burst; others gain nothing from waiting for each other.
    static constexpr Gap burst_gap{4};
    static constexpr Gap gap_max{100};

    static constexpr int scale = 256;

    static constexpr Gap gathering_of_1_us_gaps{60};
    static constexpr Gap gathering_max{150};

    WallTime published_at_{};
    WallTime sent_at_{};
    Gap mean_gap_ = scale * gap_max; ///< of the last sixteen or so, times `scale`
};

} // namespace mesh
