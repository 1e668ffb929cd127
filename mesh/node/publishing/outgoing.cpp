#include "mesh/node/publishing/outgoing.hpp"

#include <algorithm>
#include <cassert>
#include <memory>
#include <utility>

namespace mesh {

namespace {

// With more links than this a publishing thread leaves the sending to the loop.
constexpr std::size_t direct_links_max = 16;

// Of a batch for this node's own handlers that is read in the log: a chunk of that has 256 KiB.
constexpr std::size_t in_place_size_bytes_min = std::size_t{64} * 1024;

// How often the loop looks whether whoever publishes still does, so that the end of a burst is not
// left over; and how often it sees to all links meanwhile.
constexpr Duration busy_check_interval = std::chrono::microseconds(300);
constexpr WallTime::duration busy_pass_interval{1'000};

} // namespace

Outgoing::Outgoing(zmq::context_t& context, Reactor& reactor, const Identity& identity,
                   Deliveries& deliveries, std::uint64_t journal, Send send, Doubt doubt)
    : context_(context),
      reactor_(reactor),
      identity_(identity),
      deliveries_(deliveries),
      journal_(journal),
      send_(std::move(send)),
      doubt_(std::move(doubt)) {}

void Outgoing::with_lock(const std::function<void()>& work) const {
    const std::lock_guard lock(mutex_);
    work();
}

/// True when the loop has to be woken, because something is left to it.
bool Outgoing::send_or_gather(const std::vector<LinkNumber>& concerned, WallTime time,
                              std::size_t size_bytes) {
    settle_burst();
    published_at_.store(time, std::memory_order_relaxed);
    bool has_to_wake = false;
    bool has_sent = false;
    bool is_burst = !concerned.empty();
    const bool is_direct = lines_.size() <= direct_links_max;
    for (const auto number : concerned) {
        if (number == self_link || !is_direct) {
            has_to_wake = true;
            is_burst = false;
            continue;
        }
        auto& line = lines_.at(number);
        if (line.pace.may_send(time, size_bytes)) {
            is_burst = false;
            if (!line.is_writable)
                look(line); // it may be by now
            has_sent = drain(number, line) || has_sent;
            line.pace.sent(time);
            if (line.is_writable)
                continue;
        }
        // The loop looks whether it is left over.
        has_to_wake = has_to_wake || !std::exchange(line.is_gathering, true);
    }
    if (has_sent) {
        const auto done = wall_now();
        for (const auto number : concerned)
            if (const auto line = lines_.find(number); line != lines_.end())
                line->second.pace.has_worked(done);
    }
    if (is_burst) {
        burst_.time = time;
        burst_.links = concerned;
    }
    return has_to_wake && !is_loop_signalled_.exchange(true);
}

void Outgoing::settle_burst() {
    burst_.time = {};
    if (burst_.events == 0)
        return;
    for (const auto number : burst_.links)
        if (const auto line = lines_.find(number); line != lines_.end())
            line->second.pace.came_together(burst_.events, burst_.size_bytes);
    burst_.events = 0;
    burst_.size_bytes = 0;
}

/// Whoever publishes has to wait: what can go goes now, and the loop sees to the rest. True when it
/// has to be woken.
bool Outgoing::send_rest() {
    bool has_to_wake = is_serving_self_;
    for (auto& [number, line] : lines_) {
        if (lines_.size() <= direct_links_max)
            drain(number, line);
        line.pace.stop();
        published_at_.store({}, std::memory_order_relaxed);
        has_to_wake = has_to_wake || !deliveries_.is_dry(number);
    }
    return has_to_wake && !is_loop_signalled_.exchange(true);
}

bool Outgoing::drain(LinkNumber number, Line& line) {
    burst_.time = {}; // what comes next has to be seen to anew
    bool has_sent = false;
    while (line.is_serving && line.is_writable) {
        const auto* plan = deliveries_.plan(number);
        if (plan == nullptr)
            break;
        const bool is_sent =
            line.socket->send(plan->size_bytes(), [&](std::byte* at) { plan->write(at); });
        has_sent = has_sent || is_sent;
        if (is_sent)
            deliveries_.sent(number);
        else
            line.is_writable = false; // until the socket is told something
    }
    return has_sent;
}

void Outgoing::look(Line& line) {
    // To look takes the signal away, so a full socket is looked at only when it will be tried. To
    // try it before would cost a batch, and to plan for one who stands still costs everybody else.
    if (line.is_writable || line.socket->is_signalled()) {
        line.is_writable = true;
        line.socket->look();
    }
    const auto news = line.socket->take_news();
    line.is_subscribed = line.is_subscribed || news.is_subscribed;
    line.is_unsubscribed = line.is_unsubscribed || news.is_unsubscribed;
    has_news_ = has_news_ || news.is_subscribed || news.is_unsubscribed;
}

bool Outgoing::wait_dry(TimePoint deadline, Whom whom) {
    std::unique_lock lock(mutex_);
    const auto is_dry = [&] {
        return opening_count_ == 0 &&
               (whom == Whom::known ? deliveries_.owed() : deliveries_.behind()).empty();
    };
    progress_.wait_until(lock, deadline, [&] { return is_closed_ || is_dry(); });
    return is_dry();
}

bool Outgoing::wait_subscribers(std::string_view topic, std::size_t count, TimePoint deadline) {
    std::unique_lock lock(mutex_);
    const auto is_met = [&] { return deliveries_.subscriber_count(topic) >= count; };
    progress_.wait_until(lock, deadline, [&] { return is_closed_ || is_met(); });
    return is_met();
}

bool Outgoing::close_if_dry() {
    {
        const std::lock_guard lock(mutex_);
        if (opening_count_ != 0 || !deliveries_.behind().empty())
            return false;
        is_closed_ = true;
    }
    progress_.notify_all();
    return true;
}

std::size_t Outgoing::subscriber_count(std::string_view topic) const {
    const std::lock_guard lock(mutex_);
    return deliveries_.subscriber_count(topic);
}

std::vector<std::string> Outgoing::behind() const {
    const std::lock_guard lock(mutex_);
    return deliveries_.behind();
}

std::vector<Unacknowledged> Outgoing::unacknowledged() const {
    const std::lock_guard lock(mutex_);
    return deliveries_.unacknowledged();
}

std::map<std::string, std::uint64_t> Outgoing::published_counts() const {
    const std::lock_guard lock(mutex_);
    return deliveries_.published_counts();
}

void Outgoing::close() {
    {
        const std::lock_guard lock(mutex_);
        is_closed_ = true;
    }
    progress_.notify_all();
}

void Outgoing::collect(std::vector<int>& fds) {
    const auto time = wall_now();
    is_loop_signalled_ = false;
    drain_self();
    // Whoever publishes sends, and would only wait for this thread to let go of the lock.
    const auto since = time - published_at_.load(std::memory_order_relaxed);
    const bool is_busy = since >= WallTime::duration{} && since < busy_check_interval;
    if (is_busy && time >= passed_at_ && time - passed_at_ < busy_pass_interval)
        return check_again();
    passed_at_ = time;
    bool has_more = false;
    bool is_left = false;
    {
        const std::lock_guard lock(mutex_);
        for (auto& [number, line] : lines_) {
            if (line.is_serving && line.pace.is_busy(time) &&
                !(line.is_gathering && line.is_writable && line.pace.is_due(time))) {
                is_left = true;
                continue;
            }
            if (line.is_serving && line.is_writable) {
                line.is_gathering = false;
                drain(number, line);
                line.pace.sent(time);
                has_more = has_more || deliveries_.has_more();
                if (line.is_writable && deliveries_.is_dry(number))
                    continue; // nothing to learn from this socket now
            }
            // From here on the socket's signal says when to go on. Another thread's send may have
            // taken it, so look before waiting.
            line.is_gathering = false;
            look(line);
            if (line.is_writable)
                drain(number, line);
            fds.push_back(line.socket->fd());
        }
    }
    if (has_more)
        reactor_.wake();
    else if (is_left)
        check_again();
    take_news();
}

void Outgoing::check_again() {
    if (!std::exchange(has_check_, true))
        reactor_.after(busy_check_interval, [this] { has_check_ = false; });
}

void Outgoing::readable(int fd) {
    {
        const std::lock_guard lock(mutex_);
        for (auto& [number, line] : lines_)
            if (line.socket->fd() == fd) {
                line.is_gathering = false;
                look(line);
                if (line.is_writable)
                    drain(number, line);
            }
    }
    take_news();
}

void Outgoing::drain_self() {
    while (is_serving_self_) {
        ReceivedBatch batch;
        {
            const std::lock_guard lock(mutex_);
            const auto* plan = deliveries_.plan(self_link);
            if (plan == nullptr)
                return;
            batch = own_batch(*plan);
            deliveries_.sent(self_link);
        }
        deliver_self_(std::move(batch));
    }
}

/// Many events are read where they lie in the log; few are copied, or whoever is slow with them
/// would keep much more of it. Under the lock.
ReceivedBatch Outgoing::own_batch(const BatchPlan& plan) const {
    const auto records = plan.records_in_place();
    if (plan.header.topics.empty() && records.size() >= in_place_size_bytes_min)
        if (auto owner = deliveries_.owner_of(records))
            return {std::move(owner), {plan.header, records}};
    auto bytes = std::make_shared<std::vector<std::byte>>(plan.size_bytes());
    plan.write(bytes->data());
    auto batch = decode_batch(*bytes);
    assert(batch);
    return {std::move(bytes), std::move(*batch)};
}

} // namespace mesh
