#include "tests/prove/simulator/outflow.hpp"

#include <algorithm>
#include <utility>

namespace simulator {

namespace {

using namespace std::chrono_literals;

constexpr mesh::LinkNumber self_link = 0;

mesh::Progress progress_of(const auto& one) {
    return {one.position, {one.events, one.bytes}};
}

} // namespace

Outflow::Outflow(const Site& site, mesh::Deliveries& deliveries, std::uint64_t journal)
    : site_(site),
      deliveries_(deliveries),
      journal_(journal),
      stream_(site.truth().stream_of(site.number(), journal, site.run())),
      started_at_(site.now()),
      run_first_(journal == 0 ? 1 : site.disk().content().last + 1) {}

void Outflow::update_peer(Number peer, std::uint32_t run) {
    auto& peering = peerings_[peer];
    if (peering.number == 0) {
        peering.number = ++last_number_;
        const std::uint64_t stream = journal_ == 0 ? 0 : std::uint64_t{1} << 63U;
        peering.link = mesh::Link(stream | (std::uint64_t{peering.number} << 32U));
    }
    const bool is_other_run = std::exchange(peering.run, run) != run;
    if (is_other_run && peering.link.is_dialled())
        act(peer, peering, peering.link.want(false, site_.now()));
    peering.link.encourage();
    act(peer, peering, peering.link.want(true, site_.now()));
}

void Outflow::remove_peer(Number peer) {
    const auto found = peerings_.find(peer);
    if (found == peerings_.end())
        return;
    act(peer, found->second, found->second.link.want(false, site_.now()));
    peerings_.erase(found);
}

void Outflow::act(Number peer, Peering& peering, mesh::Link::Action action) {
    switch (action) {
    case mesh::Link::Action::none:
        return;
    case mesh::Link::Action::dial:
        peering.opened.reset();
        peering.line = site_.world().dial(site_.number(), peer);
        [[fallthrough]];
    case mesh::Link::Action::ask_again:
        site_.send(peer, mesh::Open{peering.link.attempt(), journal_});
        return;
    case mesh::Link::Action::serve:
        return serve(peer, peering);
    case mesh::Link::Action::give_up:
    case mesh::Link::Action::close:
        return close(peering);
    }
}

void Outflow::close(Peering& peering) {
    deliveries_.detach(peering.number, site_.now());
    peering.is_serving = false;
    if (peering.line)
        site_.world().close(*std::exchange(peering.line, std::nullopt));
    freed_();
}

void Outflow::serve(Number peer, Peering& peering) {
    const auto& plan = site_.plan();
    std::vector<mesh::SubscriptionRequest> requests;
    for (const auto& one : peering.opened->subscriptions) {
        const auto& handler = plan.handlers[plan.nodes[peer].handlers.at(one.index)];
        mesh::SubscriptionRequest request;
        request.key = handler.key;
        request.index = one.index;
        request.patterns = handler.patterns;
        request.policy = one.policy;
        request.depth = one.depth;
        request.window = {one.window_events, one.window_bytes};
        if (one.is_resumed)
            request.start.resume = progress_of(one);
        if (one.is_remembered)
            request.start.handled = one.position;
        request.start.is_lasting = one.is_lasting;
        request.start.age = std::chrono::microseconds(one.age_us);
        requests.push_back(std::move(request));
    }
    const auto age = site_.now() - started_at_;
    note_begins(requests, peer, age <= 5s);
    if (site_.world().is_traced())
        for (const auto& request : requests)
            site_.world().say(site_.number(),
                              "serves " + request.key + " of stream " + std::to_string(stream_) +
                                  (request.start.resume
                                       ? ", from " + std::to_string(request.start.resume->position)
                                       : std::string()) +
                                  ", handled " + std::to_string(request.start.handled));
    peering.heard_at = site_.now();
    // Nobody knows of an event that was never there, unless the end of a journal got lost.
    expect(deliveries_.foreign(requests, age).empty() || site_.truth().is_released(),
           "a subscriber is believed to know more than it can");
    site_.point(CrashPoint::before_attach);
    deliveries_.attach(peering.number, peering.opened->session, requests, site_.wall(), age);
    const auto session = peering.opened->session;
    if (before_serving_)
        before_serving_([this, peer, session] { begin(peer, session); });
    else
        begin(peer, session);
}

void Outflow::note_begins(const std::vector<mesh::SubscriptionRequest>& requests, Number peer,
                          bool is_first_contact) {
    const auto last = site_.truth().last(stream_);
    const bool may_lose = site_.truth().may_lose_some(stream_);
    for (const auto& request : requests) {
        const auto handler = site_.plan().nodes[peer].handlers[request.index];
        if (request.start.handled > 0 && may_lose)
            site_.truth().is_damaged(stream_); // between there and here nobody counted
        if (!request.start.resume)
            site_.truth().begins(stream_, handler, run_first_ - 1,
                                 is_first_contact && !may_lose ? run_first_ - 1 : last);
    }
}

void Outflow::begin(Number peer, std::uint64_t session) {
    const auto found = peerings_.find(peer);
    if (found == peerings_.end() || !found->second.link.is_serving() ||
        found->second.link.session() != session)
        return;
    auto& peering = found->second;
    site_.point(CrashPoint::after_serve);
    peering.is_serving = true;
    peering.sent_count = 0;
    peering.head_sent_at = site_.now();
    drain(peering);
    freed_();
}

void Outflow::serve_self(std::uint64_t session,
                         const std::vector<mesh::SubscriptionRequest>& requests,
                         std::function<void(const std::vector<std::byte>&)> deliver) {
    note_begins(requests, site_.number(), true);
    deliveries_.detach(self_link, site_.now());
    deliveries_.attach(self_link, session, requests, site_.wall(), mesh::Duration{});
    const auto begin = [this, deliver = std::move(deliver)] {
        deliver_self_ = deliver;
        drain_self();
    };
    if (before_serving_)
        before_serving_(begin);
    else
        begin();
}

void Outflow::on_opened(Number from, const mesh::Opened& opened) {
    const auto found = peerings_.find(from);
    if (found == peerings_.end() || opened.attempt != found->second.link.attempt())
        return;
    auto& peering = found->second;
    if (!peering.opened)
        peering.opened = opened;
    act(from, peering, peering.link.opened(opened.attempt, opened.session, site_.now()));
}

void Outflow::on_acknowledge(Number from, const mesh::Acknowledge& acknowledge) {
    const auto found = peerings_.find(from);
    if (found == peerings_.end() || !found->second.link.is_serving())
        return;
    auto& peering = found->second;
    if (acknowledge.session != peering.link.session() && !site_.faults().has(ShellFault::no_fence))
        return;
    peering.link.acknowledged(site_.now());
    peering.heard_at = site_.now();
    site_.point(CrashPoint::before_acknowledged_is_noted);
    for (const auto& one : acknowledge.subscriptions) {
        const bool is_news = deliveries_.acknowledge(peering.number, one.index, progress_of(one),
                                                     {one.window_events, one.window_bytes});
        if (is_news)
            note_acknowledged(from, mesh::handler_of(one.index), progress_of(one));
    }
    site_.point(CrashPoint::after_acknowledged_is_noted);
    if (peering.is_serving)
        drain(peering);
    freed_();
}

void Outflow::note_acknowledged(Number peer, std::uint16_t index, const mesh::Progress& done) {
    const auto handler = site_.plan().nodes[peer].handlers[index];
    if (site_.world().is_traced())
        site_.world().say(site_.number(), "hears that handler " + std::to_string(handler) +
                                              " is at " + std::to_string(done.position) +
                                              " of stream " + std::to_string(stream_));
    site_.truth().acknowledged(stream_, handler, done.position);
}

void Outflow::acknowledge_self(std::uint16_t index, const mesh::Progress& progress,
                               mesh::Volume window) {
    if (deliveries_.acknowledge(self_link, index, progress, window))
        note_acknowledged(site_.number(), index, progress);
    site_.after(0ms, [this] { drain_self(); });
    freed_();
}

void Outflow::on_rewind(Number from, const mesh::Rewind& rewind) {
    const auto found = peerings_.find(from);
    if (found == peerings_.end() || rewind.session != found->second.link.session())
        return;
    for (const auto& one : rewind.subscriptions)
        deliveries_.rewind(found->second.number, one.index, progress_of(one));
    if (found->second.is_serving)
        drain(found->second);
}

void Outflow::on_reopen(Number from, const mesh::Reopen& reopen) {
    if (const auto found = peerings_.find(from); found != peerings_.end())
        act(from, found->second, found->second.link.reopen(reopen.session, site_.now()));
}

} // namespace simulator
