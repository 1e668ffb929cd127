// Outflow, the part that sends.

#include "tests/prove/simulator/outflow.hpp"

#include <algorithm>
#include <utility>

namespace simulator {

namespace {

using namespace std::chrono_literals;

constexpr mesh::LinkNumber self_link = 0;
constexpr mesh::Duration head_interval = 1s;
constexpr mesh::Duration lease_and_slack = 3s + 250ms;

std::vector<std::byte> written(const mesh::BatchPlan& plan) {
    std::vector<std::byte> bytes(plan.size_bytes());
    plan.write(bytes.data());
    return bytes;
}

} // namespace

Outflow::Peering* Outflow::find_line(LineNumber line) {
    for (auto& [peer, peering] : peerings_)
        if (peering.line == line)
            return &peering;
    return nullptr;
}

bool Outflow::on_subscribed(LineNumber line) {
    for (auto& [peer, peering] : peerings_)
        if (peering.line == line) {
            act(peer, peering, peering.link.subscribed(site_.now()));
            return true;
        }
    return false;
}

bool Outflow::on_unsubscribed(LineNumber line) {
    for (auto& [peer, peering] : peerings_)
        if (peering.line == line) {
            act(peer, peering, peering.link.unsubscribed(site_.now()));
            return true;
        }
    return false;
}

bool Outflow::on_writable(LineNumber line) {
    auto* peering = find_line(line);
    if (peering != nullptr && peering->is_serving)
        drain(*peering);
    return peering != nullptr;
}

void Outflow::hand_on() {
    const auto concerned = deliveries_.concerned_links();
    for (const auto number : concerned) {
        if (number == self_link)
            site_.after(0ms, [this] { drain_self(); });
        for (auto& [peer, peering] : peerings_)
            if (peering.number == number && peering.is_serving)
                drain(peering);
    }
}

void Outflow::drain(Peering& peering) {
    while (const auto* plan = deliveries_.plan(peering.number)) {
        site_.point(CrashPoint::before_send);
        if (!loses_batch(peering) && !site_.world().send(*peering.line, written(*plan)))
            return; // the socket is full: nothing has happened
        deliveries_.sent(peering.number);
        ++peering.sent_count;
        site_.point(CrashPoint::after_send);
    }
    if (deliveries_.has_more())
        site_.after(1ms, [this] { drain_all(); });
}

/// More than has to be borne, as ZeroMQ loses nothing within a session. It is noticed unless it is
/// the first batch, or one that defines a topic for another subscription.
bool Outflow::loses_batch(const Peering& peering) const {
    return site_.plan().loses_batches && !site_.world().is_calm && peering.sent_count > 0 &&
           peering.opened->subscriptions.size() == 1 && site_.dice().one_in(5);
}

void Outflow::drain_self() {
    if (!deliver_self_)
        return;
    while (const auto* plan = deliveries_.plan(self_link)) {
        const auto bytes = written(*plan);
        deliveries_.sent(self_link);
        deliver_self_(bytes);
    }
}

void Outflow::drain_all() {
    for (auto& [peer, peering] : peerings_)
        if (peering.is_serving)
            drain(peering);
    if (deliver_self_)
        drain_self();
}

void Outflow::check_lease(const Peering& peering) const {
    expect(!peering.link.is_serving() || site_.now() - peering.heard_at < lease_and_slack,
           "a session goes on although its subscriber has been silent for longer than the lease");
}

void Outflow::tick() {
    const bool has_lease = !site_.faults().has(ShellFault::skips_lease);
    for (auto& [peer, peering] : peerings_)
        if (has_lease || !peering.link.is_serving())
            act(peer, peering, peering.link.tick(site_.now()));
    send_heads();
}

void Outflow::send_heads() {
    for (auto& [peer, peering] : peerings_) {
        if (!peering.link.is_serving())
            continue;
        check_lease(peering);
        if (site_.now() - peering.head_sent_at < head_interval ||
            deliveries_.is_dry(peering.number))
            continue;
        mesh::Head head{peering.link.session(), {}};
        for (const auto& [index, position] : deliveries_.heads(peering.number))
            head.subscriptions.push_back({index, position});
        peering.head_sent_at = site_.now();
        site_.send(peer, head);
    }
}

bool Outflow::is_dry() const {
    return std::ranges::all_of(peerings_,
                               [&](const auto& one) {
                                   return one.second.is_serving &&
                                          deliveries_.is_dry(one.second.number);
                               }) &&
           (!deliver_self_ || deliveries_.is_dry(self_link));
}

} // namespace simulator
