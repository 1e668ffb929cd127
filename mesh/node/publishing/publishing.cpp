#include "mesh/node/publishing/publishing.hpp"

#include "mesh/store/instance.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace mesh {

Publishing::Publishing(zmq::context_t& context, Reactor& reactor, const Identity& identity,
                       const NodeOptions& options, Outgoing::Send send, Outgoing::Doubt doubt)
    : context_(context),
      reactor_(reactor),
      identity_(identity),
      log_size_bytes_max_(options.log_size_bytes_max),
      spill_(options.state_folder.empty() ? default_state_folder() : options.state_folder,
             options.spill_size_bytes_max),
      publication_(identity.id, identity.incarnation, options.log_size_bytes_max, &spill_),
      volatile_(context, reactor, identity, publication_, 0, std::move(send), std::move(doubt)) {}

void Publishing::keep_on(Disk& disk, Outgoing::Send send, Outgoing::Doubt doubt) {
    durable_.emplace(context_, reactor_, identity_, disk, log_size_bytes_max_, std::move(send),
                     std::move(doubt));
}

Result<Publishing::Published> Publishing::publish(const Draft& draft, bool may_wait) {
    using Waiting = Outgoing::Patience::Waiting;
    return publish(draft, {may_wait ? Waiting::as_long_as_it_takes : Waiting::not_at_all, {}},
                   false);
}

Result<Publishing::Published> Publishing::publish_by(const Draft& draft, TimePoint deadline) {
    return publish(draft, {Outgoing::Patience::Waiting::until_deadline, deadline}, false);
}

Result<Publishing::Published> Publishing::publish_and_wait(const Draft& draft, TimePoint deadline) {
    auto published = publish(draft, {Outgoing::Patience::Waiting::until_deadline, deadline}, true);
    if (!published)
        return published;
    auto& links = published->is_durable ? durable_->links() : volatile_;
    if (auto finished = links.wait_finished(published->sequence, draft.topic, deadline); !finished)
        return tl::unexpected(finished.error());
    return published;
}

Result<void> Publishing::check_journal(const Draft& draft) const {
    if (draft.level >= Level::durable && !durable_)
        return fail(ErrorCode::refused, std::string(draft.topic) +
                                            ": this node has no journal for durable events; "
                                            "declare their level before its start");
    return {};
}

Result<Publishing::Published>
Publishing::publish(const Draft& draft, const Outgoing::Patience& patience, bool is_watched) {
    if (auto checked = check_journal(draft); !checked)
        return tl::unexpected(checked.error());
    const bool is_durable = draft.level >= Level::durable;
    const auto sequence = is_durable
                              ? durable_->publish(draft, patience)
                              : volatile_.publish(draft, patience, is_watched, [&](WallTime time) {
                                    return publication_.append(draft, time);
                                });
    if (!sequence)
        return tl::unexpected(sequence.error());
    if (is_durable && is_watched)
        durable_->links().watch(*sequence, draft.topic);
    return Published{*sequence, is_durable};
}

void Publishing::publish_later(const Draft& draft, bool may_wait, Done done) {
    using Waiting = Outgoing::Patience::Waiting;
    if (draft.level < Level::durable)
        return done(publish(draft, may_wait));
    if (auto checked = check_journal(draft); !checked)
        return done(tl::unexpected(checked.error()));
    durable_->publish_later(
        draft, {may_wait ? Waiting::as_long_as_it_takes : Waiting::not_at_all, {}},
        [done = std::move(done)](const Result<std::uint64_t>& sequence) {
            done(sequence.map([](std::uint64_t number) { return Published{number, true}; }));
        });
}

Result<Publishing::Published> Publishing::publish_all(std::span<const Draft> drafts) {
    const auto is_durable = [](const Draft& draft) { return draft.level >= Level::durable; };
    const auto other = std::ranges::find_if(drafts, [&](const Draft& draft) {
        return is_durable(draft) != is_durable(drafts.front());
    });
    if (other != drafts.end())
        return fail(ErrorCode::invalid,
                    std::string(drafts.front().topic) + " and " + std::string(other->topic) +
                        ": expected events that are all durable or once, or all fast or reliable: "
                        "a journal and the memory cannot keep them together");
    const Outgoing::Patience patience{Outgoing::Patience::Waiting::as_long_as_it_takes, {}};
    if (is_durable(drafts.front())) {
        if (auto checked = check_journal(drafts.front()); !checked)
            return tl::unexpected(checked.error());
        return durable_->publish_all(drafts, patience).map([](std::uint64_t first) {
            return Published{first, true};
        });
    }
    for (const auto& draft : drafts)
        if (auto checked = check_draft(draft); !checked)
            return tl::unexpected(checked.error());
    std::uint64_t last = 0;
    const auto published = volatile_.publish_all(drafts, patience, [&](const Draft& draft) {
        auto sequence = publication_.append(draft, wall_now());
        last = sequence.value_or(last);
        return sequence;
    });
    if (!published)
        return tl::unexpected(published.error());
    return Published{last + 1 - drafts.size(), false};
}

Result<void> Publishing::wait_for_room(const Draft& draft) {
    auto& links = durable_ && draft.level >= Level::durable ? durable_->links() : volatile_;
    return links.wait_for_room({&draft, 1}, {Outgoing::Patience::Waiting::as_long_as_it_takes, {}});
}

bool Publishing::wait_dry(TimePoint deadline, Whom whom) {
    return volatile_.wait_dry(deadline, whom) &&
           (!durable_ ||
            (durable_->writer().wait_idle(deadline) && durable_->links().wait_dry(deadline, whom)));
}

bool Publishing::close_if_dry() {
    // What is handled because of a durable event may be said in this run only, so that ends last.
    return (!durable_ || (durable_->writer().is_idle() && durable_->links().close_if_dry())) &&
           volatile_.close_if_dry();
}

bool Publishing::wait_subscribers(std::string_view topic, Level level, std::size_t count,
                                  TimePoint deadline) {
    auto& links = durable_ && level >= Level::durable ? durable_->links() : volatile_;
    return links.wait_subscribers(topic, count, deadline);
}

std::size_t Publishing::subscriber_count(std::string_view topic, Level level) const {
    return links_for(level).subscriber_count(topic);
}

std::vector<Unacknowledged> Publishing::unacknowledged() const {
    auto all = volatile_.unacknowledged();
    for (auto& one : all)
        one.is_owed = false; // it ends with this run
    if (durable_)
        std::ranges::move(durable_->links().unacknowledged(), std::back_inserter(all));
    return all;
}

std::map<std::string, std::uint64_t> Publishing::published_counts() const {
    auto counts = volatile_.published_counts();
    if (durable_)
        for (const auto& [topic, count] : durable_->links().published_counts())
            counts[topic] += count;
    return counts;
}

std::map<std::string, DeliveryCounts> Publishing::delivery_counts() const {
    std::map<std::string, DeliveryCounts> counts;
    volatile_.with_lock([&] { counts = publication_.delivery_counts(); });
    return counts;
}

void Publishing::close() {
    each([](Outgoing& links) { links.close(); });
}

void Publishing::update_peer(const Peer& peer, bool is_wanted) {
    each([&](Outgoing& links) { links.update_peer(peer, is_wanted); });
}

void Publishing::remove_peer(const NodeId& id, bool has_left) {
    each([&](Outgoing& links) { links.remove_peer(id, has_left); });
}

void Publishing::serve_self(std::uint64_t journal, std::uint64_t session,
                            const std::vector<SubscriptionRequest>& requests,
                            std::function<void(ReceivedBatch)> deliver) {
    auto& links = journal == 0 ? volatile_ : durable_->links();
    links.serve_self(session, requests, std::move(deliver));
}

void Publishing::on_opened(const NodeId& id, const Opened& opened) {
    each([&](Outgoing& links) { links.on_opened(id, opened); });
}

void Publishing::on_acknowledge(const NodeId& id, const Acknowledge& acknowledge) {
    each([&](Outgoing& links) { links.on_acknowledge(id, acknowledge); });
}

void Publishing::on_rewind(const NodeId& id, const Rewind& rewind) {
    each([&](Outgoing& links) { links.on_rewind(id, rewind); });
}

void Publishing::on_reopen(const NodeId& id, const Reopen& reopen) {
    each([&](Outgoing& links) { links.on_reopen(id, reopen); });
}

void Publishing::acknowledge_self(std::uint64_t journal, SubscriptionIndex index,
                                  const Progress& progress, Volume window) {
    auto& links = journal == 0 ? volatile_ : durable_->links();
    links.acknowledge_self(index, progress, window);
}

bool Publishing::is_linked(const NodeId& id) const {
    return volatile_.is_linked(id) && (!durable_ || durable_->links().is_linked(id));
}

void Publishing::tell_ledger(std::vector<SentRow>& rows) const {
    volatile_.tell_ledger(rows);
    if (durable_)
        durable_->links().tell_ledger(rows);
}

void Publishing::collect(std::vector<int>& fds) {
    each([&](Outgoing& links) { links.collect(fds); });
}

void Publishing::readable(int fd) {
    each([&](Outgoing& links) { links.readable(fd); });
}

void Publishing::tick() {
    volatile_.tick();
    if (durable_)
        durable_->tick();
}

} // namespace mesh
