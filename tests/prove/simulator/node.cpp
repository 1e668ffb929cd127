#include "tests/prove/simulator/node.hpp"

#include <algorithm>
#include <utility>

namespace simulator {

namespace {

using namespace std::chrono_literals;

constexpr mesh::Duration tick_interval = 100ms;
constexpr mesh::Duration gone_after = 2500ms;
constexpr mesh::Duration late_min = 500ms;

} // namespace

Node::Node(const Site& site)
    : site_(site),
      spill_(0),
      publication_(id_of(site.number()), site.run(), site.plan().memory_bytes, &spill_),
      run_flow_(site, publication_, 0),
      run_stream_(site.truth().stream_of(site.number(), 0, site.run())),
      inflow_(site, lanes_,
              [this](std::uint64_t journal, std::uint16_t index, const mesh::Progress& done,
                     mesh::Volume window) {
                  auto& flow = journal == 0 ? run_flow_ : journal_->links();
                  flow.acknowledge_self(index, done, window);
              }),
      peers_(site.plan().nodes.size()),
      own_left_(site.plan().published_max),
      ticked_at_(site.now()) {
    publication_.plant(site.faults().flow);
    const auto& plan = site.plan().nodes[site.number()];
    if (plan.publishes.empty())
        own_left_ = 0;
    // Places are kept there too.
    journal_.emplace(site);
    for (const auto handler : plan.handlers)
        lanes_.push_back(std::make_unique<Lane>(
            site, handler,
            LaneHooks{[this](const Fact& fact, auto done) { publish(fact, std::move(done)); },
                      [this](const auto& facts, auto go) { wait_for_room(facts, std::move(go)); },
                      [this](const auto& facts, auto with, auto done) {
                          commit(facts, std::move(with), std::move(done));
                      },
                      [this] { inflow_.note_progress(); }}));
    each_flow([this](Outflow& flow) { flow.set_freed([this] { poke(); }); });
}

void Node::begin() {
    each_flow([this](Outflow& flow) { serve_own_handlers(flow); });
    site_.after(site_.dice().between(0ms, tick_interval), [this] { tick(); });
    if (own_left_ > 0)
        site_.after(site_.dice().between(0ms, 1s), [this] { publish_own(); });
}

void Node::serve_own_handlers(Outflow& flow) {
    const auto self = site_.number();
    if (!site_.plan().is_linked(self, self, flow.journal() != 0))
        return;
    const auto opened = inflow_.open(self, site_.run(), {1, flow.journal()});
    std::vector<mesh::SubscriptionRequest> requests;
    for (const auto& one : opened.subscriptions) {
        const auto& handler = lanes_[one.index]->plan();
        mesh::SubscriptionRequest request;
        request.key = handler.key;
        request.index = one.index;
        request.patterns = handler.patterns;
        request.policy = one.policy;
        request.depth = one.depth;
        request.window = {one.window_events, one.window_bytes};
        requests.push_back(std::move(request));
    }
    flow.serve_self(opened.session, requests,
                    [this](const std::vector<std::byte>& bytes) { inflow_.receive(bytes); });
}

void Node::tick() {
    look_around();
    run_flow_.tick();
    journal_->tick();
    ticked_at_ = site_.now();
    site_.after(tick_interval, [this] { tick(); });
}

/// Who is there, as beacons would tell it sooner or later.
void Node::look_around() {
    const auto late = site_.now() - ticked_at_;
    for (Number peer = 0; peer < peers_.size(); ++peer) {
        auto& one = peers_[peer];
        auto& world = site_.world();
        if (peer == site_.number())
            continue;
        if (late > late_min)
            one.heard_at += late; // judge yourself first
        const bool is_heard =
            !world.is_cut(site_.number(), peer) && world.silence(peer) == mesh::Duration{};
        if (is_heard) {
            one.heard_at = site_.now();
            if (one.run != world.machines[peer].run && (world.is_calm || site_.dice().one_in(3)))
                meet(peer);
        } else if (one.run != 0 && site_.now() - one.heard_at > gone_after) {
            lose(peer);
        }
    }
}

void Node::meet(Number peer) {
    auto& one = peers_[peer];
    one.run = site_.world().machines[peer].run;
    inflow_.meet_run(peer, one.run);
    each_flow([&](Outflow& flow) {
        if (site_.plan().is_linked(site_.number(), peer, flow.journal() != 0))
            flow.update_peer(peer, one.run);
    });
}

void Node::lose(Number peer) {
    peers_[peer].run = 0;
    inflow_.pause(peer);
    each_flow([&](Outflow& flow) { flow.remove_peer(peer); });
}

void Node::receive(Number from, std::uint32_t run, const mesh::ControlBody& body) {
    if (peers_[from].run != run)
        return;
    if (const auto* open = std::get_if<mesh::Open>(&body))
        return site_.send(from, inflow_.open(from, run, *open));
    if (const auto* head = std::get_if<mesh::Head>(&body))
        return inflow_.on_head(from, *head);
    each_flow([&](Outflow& flow) {
        if (const auto* opened = std::get_if<mesh::Opened>(&body))
            flow.on_opened(from, *opened);
        else if (const auto* acknowledge = std::get_if<mesh::Acknowledge>(&body))
            flow.on_acknowledge(from, *acknowledge);
        else if (const auto* rewind = std::get_if<mesh::Rewind>(&body))
            flow.on_rewind(from, *rewind);
        else if (const auto* reopen = std::get_if<mesh::Reopen>(&body))
            flow.on_reopen(from, *reopen);
    });
}

void Node::on_subscribed(LineNumber line) {
    if (!run_flow_.on_subscribed(line))
        journal_->links().on_subscribed(line);
}

void Node::on_unsubscribed(LineNumber line) {
    if (!run_flow_.on_unsubscribed(line))
        journal_->links().on_unsubscribed(line);
}

void Node::on_writable(LineNumber line) {
    if (!run_flow_.on_writable(line))
        journal_->links().on_writable(line);
}

bool Node::is_settled() const {
    return own_left_ == 0 && what_is_left().empty();
}

std::string Node::what_is_left() const {
    for (const auto& waiting : waiting_)
        for (const auto& fact : waiting.facts)
            if (const auto* one = waited_for(fact))
                return "node " + std::to_string(site_.number()) + " waits for the credit of " +
                       one->key + ", sent " + std::to_string(one->sent.events) + " done " +
                       std::to_string(one->done.volume.events) + " pending " +
                       std::to_string(one->pending.events) + " window " +
                       std::to_string(one->window.events);
    if (is_publishing_own_)
        return "a publish did not come back";
    if (!std::ranges::all_of(lanes_, [](const auto& lane) { return lane->is_idle(); }))
        return "a handler is not done, journal " +
               std::to_string(site_.disk().content().last - site_.disk().content().trimmed_to) +
               " of " + std::to_string(site_.plan().journal_events_max) +
               (site_.plan().journal_trims ? " trims" : " refuses");
    if (!run_flow_.is_dry())
        return "a link of a run is not dry";
    return journal_->is_dry() ? std::string() : "a link of a journal is not dry";
}

} // namespace simulator
