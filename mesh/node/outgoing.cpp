#include "mesh/node/outgoing.hpp"

#include "mesh/store/instance.hpp"

#include <utility>

namespace mesh {

namespace {

constexpr LinkNumber self_link = 0;

std::string listed(const std::vector<std::string>& keys) {
    std::string text;
    for (const auto& key : keys)
        text += (text.empty() ? "" : ", ") + key;
    return text;
}

// With more links than this a publishing thread leaves the sending to the loop.
constexpr std::size_t direct_links_max = 16;

} // namespace

Outgoing::Outgoing(zmq::context_t& context, Reactor& reactor, const Identity& identity,
                   const NodeOptions& options, Send send, Doubt doubt)
    : context_(context),
      reactor_(reactor),
      identity_(identity),
      send_(std::move(send)),
      doubt_(std::move(doubt)),
      spill_(options.state_folder.empty() ? default_state_folder() : options.state_folder,
             options.spill_size_bytes_max),
      publication_(identity.id, identity.incarnation, options.log_size_bytes_max, &spill_) {}

Result<std::uint64_t> Outgoing::publish(const Draft& draft, bool may_wait) {
    return publish(draft, may_wait ? Waiting::as_long_as_it_takes : Waiting::not_at_all, {}, false);
}

Result<std::uint64_t> Outgoing::publish_and_wait(const Draft& draft, TimePoint deadline) {
    const auto sequence = publish(draft, Waiting::until_deadline, deadline, true);
    if (!sequence)
        return sequence;
    std::unique_lock lock(mutex_);
    Publication::Unfinished unfinished;
    progress_.wait_until(lock, deadline, [&] {
        unfinished = publication_.unfinished(*sequence);
        return is_closed_ || unfinished.open.empty();
    });
    publication_.stop_watching(*sequence);
    const auto what = std::string(draft.topic) + " (" + std::to_string(*sequence) + ")";
    if (!unfinished.open.empty())
        return fail(ErrorCode::timed_out,
                    what + " is published, not finished: " + listed(unfinished.open));
    if (!unfinished.lost.empty())
        return fail(ErrorCode::refused,
                    what + " is published, but lost to: " + listed(unfinished.lost));
    return sequence;
}

Result<std::uint64_t> Outgoing::publish(const Draft& draft, Waiting waiting, TimePoint deadline,
                                        bool is_watched) {
    bool has_to_wake = false;
    std::uint64_t sequence = 0;
    {
        std::unique_lock lock(mutex_);
        if (is_closed_)
            return fail(ErrorCode::closed, "the node is stopping");
        const bool takes_credit = draft.level != Level::fast;
        const auto size = draft.payload.size();
        while (takes_credit && publication_.waits_for(draft.topic, size) != nullptr) {
            if (is_closed_)
                return fail(ErrorCode::closed, "the node is stopping");
            const auto no_credit = [&] {
                return std::string(draft.topic) + ": no credit from " +
                       listed(publication_.slow_ones(draft.topic, size));
            };
            if (waiting == Waiting::not_at_all)
                return fail(ErrorCode::would_wait, no_credit());
            if (reactor_.is_inside())
                break;
            if (waiting == Waiting::as_long_as_it_takes)
                progress_.wait(lock);
            else if (progress_.wait_until(lock, deadline) == std::cv_status::timeout)
                return fail(ErrorCode::timed_out, no_credit() + "; nothing was published");
        }
        const auto appended = publication_.append(draft, wall_now());
        if (!appended)
            return tl::unexpected(appended.error());
        sequence = *appended;
        if (is_watched)
            publication_.watch_last();
        const bool is_direct = lines_.size() <= direct_links_max;
        // A copy: draining plans batches, and that is the publication's matter too.
        const auto concerned = publication_.concerned_links();
        for (const auto number : concerned) {
            if (number == self_link || !is_direct) {
                has_to_wake = true;
                continue;
            }
            auto& line = lines_.at(number);
            const bool was_writable = line.is_writable;
            drain(number, line);
            has_to_wake = has_to_wake || (was_writable && !line.is_writable);
        }
        has_to_wake = has_to_wake && !std::exchange(is_loop_signalled_, true);
    }
    if (has_to_wake)
        reactor_.wake();
    return sequence;
}

void Outgoing::drain(LinkNumber number, Line& line) {
    while (line.is_serving && line.is_writable) {
        const auto* plan = publication_.plan(number);
        if (plan == nullptr)
            return;
        const bool is_sent =
            line.socket->send(plan->size_bytes(), [&](std::byte* at) { plan->write(at); });
        if (is_sent)
            publication_.sent(number);
        else
            line.is_writable = false; // until the loop has seen otherwise
    }
}

void Outgoing::look(Line& line) {
    const auto news = line.socket->look();
    line.is_writable = news.is_writable;
    line.is_subscribed = line.is_subscribed || news.is_subscribed;
    line.is_unsubscribed = line.is_unsubscribed || news.is_unsubscribed;
    has_news_ = has_news_ || news.is_subscribed || news.is_unsubscribed;
}

bool Outgoing::wait_dry(TimePoint deadline) {
    std::unique_lock lock(mutex_);
    const auto is_dry = [this] { return opening_count_ == 0 && publication_.behind().empty(); };
    progress_.wait_until(lock, deadline, [&] { return is_closed_ || is_dry(); });
    return is_dry();
}

bool Outgoing::wait_subscribers(std::string_view topic, std::size_t count, TimePoint deadline) {
    std::unique_lock lock(mutex_);
    const auto is_met = [&] { return publication_.subscriber_count(topic) >= count; };
    progress_.wait_until(lock, deadline, [&] { return is_closed_ || is_met(); });
    return is_met();
}

bool Outgoing::close_if_dry() {
    {
        const std::lock_guard lock(mutex_);
        if (opening_count_ != 0 || !publication_.behind().empty())
            return false;
        is_closed_ = true;
    }
    progress_.notify_all();
    return true;
}

std::size_t Outgoing::subscriber_count(std::string_view topic) const {
    const std::lock_guard lock(mutex_);
    return publication_.subscriber_count(topic);
}

std::vector<std::string> Outgoing::behind() const {
    const std::lock_guard lock(mutex_);
    return publication_.behind();
}

std::map<std::string, std::uint64_t> Outgoing::published_counts() const {
    const std::lock_guard lock(mutex_);
    return publication_.published_counts();
}

std::map<std::string, DeliveryCounts> Outgoing::delivery_counts() const {
    const std::lock_guard lock(mutex_);
    return publication_.delivery_counts();
}

void Outgoing::close() {
    {
        const std::lock_guard lock(mutex_);
        is_closed_ = true;
    }
    progress_.notify_all();
}

void Outgoing::collect(std::vector<int>& fds) {
    {
        const std::lock_guard lock(mutex_);
        is_loop_signalled_ = false;
    }
    drain_self();
    {
        const std::lock_guard lock(mutex_);
        for (auto& [number, line] : lines_) {
            if (line.is_serving && line.is_writable) {
                drain(number, line);
                if (line.is_writable && publication_.is_dry(number))
                    continue; // nothing to learn from this socket now
            }
            // Another thread's send may have taken the socket's signal, so look before waiting.
            look(line);
            if (line.is_writable)
                drain(number, line);
            fds.push_back(line.socket->fd());
        }
    }
    take_news();
}

void Outgoing::readable(int fd) {
    {
        const std::lock_guard lock(mutex_);
        for (auto& [number, line] : lines_)
            if (line.socket->fd() == fd) {
                look(line);
                if (line.is_writable)
                    drain(number, line);
            }
    }
    take_news();
}

void Outgoing::drain_self() {
    for (;;) {
        std::vector<std::byte> batch;
        {
            const std::lock_guard lock(mutex_);
            const auto* plan = publication_.plan(self_link);
            if (plan == nullptr)
                return;
            batch.resize(plan->size_bytes());
            plan->write(batch.data());
            publication_.sent(self_link);
        }
        deliver_self_(std::move(batch));
    }
}

} // namespace mesh
