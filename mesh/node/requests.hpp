#pragma once

#include "mesh/base/log.hpp"
#include "mesh/base/node_id.hpp"
#include "mesh/base/result.hpp"
#include "mesh/base/time.hpp"
#include "mesh/event/event.hpp"
#include "mesh/flow/receiving/recent_keys.hpp"
#include "mesh/wire/question.hpp"

#include <cstddef>
#include <cstdint>
#include <future>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <string>
#include <utility>

namespace mesh {

/// The requests of a node that wait for a reply. Any thread.
class Requests {
public:
    struct Open {
        std::uint64_t number = 0; ///< travels with the event
        std::future<Result<Payload>> reply;
    };

    /// Errors, through the future: `refused` when all handlers failed, `timed_out` after the
    /// deadline, `closed`; `limit` at once when too many are open.
    Result<Open> begin(std::string topic, TimePoint deadline);

    /// So many handlers have got it: when that many failed, nobody is left to reply.
    void expect(std::uint64_t number, std::size_t handler_count);

    /// It was not published after all.
    void forget(std::uint64_t number);

    /// The first reply is the one; what comes late is counted and dropped. A reply may come twice,
    /// as it is sent over every connection that there is.
    void receive(const NodeId& from, const Reply& reply);

    /// To be called every 100 ms or so.
    void tick(TimePoint now);

    /// The deadline of one has passed: it ends now.
    void time_out(std::uint64_t number);

    /// The node is over.
    void close();

    std::uint64_t late_count() const { return late_.count(); }

private:
    static constexpr std::size_t heard_max = 1024;

    struct Waiting {
        std::string topic;
        TimePoint deadline{};
        std::promise<Result<Payload>> reply;
        std::size_t handler_count = 0;                   ///< 0: not known yet
        std::set<std::pair<NodeId, std::string>> failed; ///< nodes and handlers
        std::string error;                               ///< of who failed last
    };

    using Waitings = std::map<std::uint64_t, Waiting>;

    Waitings::node_type take_failed(Waitings::iterator one);
    bool is_repeated(const NodeId& from, const Reply& reply);

    CountedWarning late_{"reply dropped, which came after the request had ended"};

    std::mutex mutex_; ///< guards the rest
    /// Numbers of earlier runs are not met again: a reply to them is late.
    std::mt19937_64 numbers_{std::random_device{}()};
    Waitings waiting_;
    RecentKeys heard_{heard_max}; ///< the replies that came
    bool is_closed_ = false;
};

} // namespace mesh
