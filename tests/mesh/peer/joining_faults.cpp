// What happens to the nodes of a simulation: the plan of faults, and what discovery tells of them.

#include "tests/mesh/peer/joining_simulation.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

namespace joining_test {

namespace {

using namespace std::chrono_literals;

constexpr mesh::Duration listening = 150ms;

} // namespace

void JoiningSimulation::plan() {
    const bool is_together = one_in(2);
    const auto spread_ms = is_together ? 60U : 3'000U;
    for (Number i = 0; i < nodes_.size(); ++i)
        at(now_ + draw_ms(0, spread_ms), Planned{Fault::start, i});
    const auto busy_ms = 1'000 + draw(7'000);
    for (auto count = draw(14); count > 0; --count) {
        constexpr Fault faults[] = {Fault::crash, Fault::leave, Fault::leave,
                                    Fault::leave, Fault::cut,   Fault::suspect};
        const auto when = now_ + draw_ms(0, busy_ms);
        const auto node = draw(nodes_.size());
        const auto fault = faults[draw(std::size(faults))];
        at(when, Planned{fault, node});
        if ((fault == Fault::crash || fault == Fault::leave) && !one_in(3))
            at(when + draw_ms(20, 4'000), Planned{Fault::start, node});
        if (fault == Fault::cut)
            at(when + draw_ms(100, 6'000), Planned{Fault::heal, node});
    }
    for (auto count = 4 + draw(8); count > 0; --count)
        at(now_ + draw_ms(0, busy_ms + 2'000), Arrival{draw(nodes_.size())});
    at(now_ + std::chrono::milliseconds(busy_ms + 3'000),
       Planned{Fault::calm, draw(nodes_.size())});
}

void JoiningSimulation::take(const Planned& planned) {
    if (is_calm_)
        return;
    switch (planned.fault) {
    case Fault::start:
        if (!nodes_[planned.node].admission)
            start(planned.node);
        return;
    case Fault::crash:
        return stop(planned.node, false);
    case Fault::leave:
        return stop(planned.node, true);
    case Fault::cut:
        return cut();
    case Fault::heal:
        return heal();
    case Fault::suspect:
        return suspect(planned.node);
    case Fault::calm:
        say("all is calm from here on");
        if (one_in(2))
            stop(planned.node, true);
        is_calm_ = true;
        calm_at_ = now_;
        return heal();
    }
}

void JoiningSimulation::start(Number number) {
    auto& node = nodes_[number];
    ++happened_.starts;
    mesh::AdmissionOptions options;
    options.id = id_of(number);
    options.incarnation = ++node.incarnation;
    options.contract = node.contract;
    options.is_strict = one_in(5);
    options.listening = listening;
    options.fault = options_.fault;
    say(std::to_string(number) + " starts, incarnation " + std::to_string(node.incarnation) +
        (options.is_strict ? ", strict" : ""));
    node.admission.emplace(options);
    node.tick_at = {};
    node.ledgers.assign(node.contract->handlers.size(), {});
    node.view = {};
    node.is_introduced = {};
    watch_->started(number, node.incarnation, now_ + listening);
    for (Number other = 0; other < nodes_.size(); ++other)
        if (other != number && nodes_[other].admission && are_linked(number, other))
            introduce(number, other);
    told(number, node.admission->start(now_));
}

void JoiningSimulation::stop(Number number, bool is_said) {
    auto& node = nodes_[number];
    if (!node.admission)
        return;
    say(std::to_string(number) + (is_said ? " leaves" : " crashes"));
    if (is_said)
        for (const auto& message : node.admission->leave(now_).messages)
            send(number, message);
    node.admission.reset();
    watch_->stopped(number);
    for (Number other = 0; other < nodes_.size(); ++other) {
        if (other == number)
            continue;
        grow_silent(other, number);
        if (is_said && are_linked(number, other) && (is_calm_ || draw(100) >= loss_percent_))
            at(now_ + draw_ms(0, 50),
               Loss{other, number, node.incarnation, silent_since_[other][number]});
    }
}

void JoiningSimulation::cut() {
    if (side_ != 0)
        return;
    ++happened_.partitions;
    side_ = static_cast<std::uint32_t>(1 + draw((1U << nodes_.size()) - 2));
    say("the network is cut, bits of one side: " + std::to_string(side_));
    for (Number one = 0; one < nodes_.size(); ++one)
        for (Number other = 0; other < nodes_.size(); ++other)
            if (!are_linked(one, other))
                grow_silent(one, other);
}

void JoiningSimulation::heal() {
    say("the network is whole");
    side_ = 0;
    for (Number one = 0; one < nodes_.size(); ++one)
        for (Number other = 0; other < one; ++other)
            if (nodes_[one].admission && nodes_[other].admission)
                introduce(one, other);
}

/// One node takes another one for gone that is not, and sees it again.
void JoiningSimulation::suspect(Number number) {
    const auto peer = draw(nodes_.size());
    auto& node = nodes_[number];
    if (peer == number || !node.admission || node.view[peer] == 0 || !nodes_[peer].admission)
        return;
    silent_since_[number][peer] = ++silence_;
    take(Loss{number, peer, node.view[peer], silence_});
    at(now_ + draw_ms(10, 1'500), Sight{number, peer, nodes_[peer].incarnation, true});
}

/// Both will see the other one, each in its own time.
void JoiningSimulation::introduce(Number one, Number other) {
    for (const auto& [node, peer] : {std::pair{one, other}, std::pair{other, one}}) {
        silent_since_[node][peer] = 0;
        const auto kind = draw(10);
        const auto delay = kind < 6   ? draw_ms(0, 120)
                           : kind < 9 ? draw_ms(0, 1'000)
                                      : draw_ms(0, 2'500);
        const auto incarnation = nodes_[peer].incarnation;
        if (one_in(3))
            at(now_ + delay / 2, Sight{node, peer, incarnation, false});
        at(now_ + delay, Sight{node, peer, incarnation, true});
    }
}

void JoiningSimulation::grow_silent(Number node, Number peer) {
    silent_since_[node][peer] = ++silence_;
    if (nodes_[node].view[peer] != 0)
        at(now_ + draw_ms(1'000, 2'600),
           Loss{node, peer, nodes_[node].view[peer], silent_since_[node][peer]});
}

void JoiningSimulation::take(const Sight& sight) {
    auto& node = nodes_[sight.node];
    const auto& peer = nodes_[sight.peer];
    const bool is_news = sight.incarnation > node.view[sight.peer] ||
                         (sight.incarnation == node.view[sight.peer] && sight.is_introduced &&
                          !node.is_introduced[sight.peer]);
    if (!node.admission || !peer.admission || peer.incarnation != sight.incarnation || !is_news ||
        !are_linked(sight.node, sight.peer))
        return;
    node.view[sight.peer] = sight.incarnation;
    node.is_introduced[sight.peer] = sight.is_introduced;
    say(std::to_string(sight.node) + " sees " + std::to_string(sight.peer) + "/" +
        std::to_string(sight.incarnation) + (sight.is_introduced ? "" : ", not introduced yet"));
    const auto before = node.admission->standing();
    const bool was_decided = node.admission->is_decided();
    watch_->saw(sight.node, sight.peer, sight.is_introduced, now_);
    auto outcome = node.admission->seen(id_of(sight.peer), sight.incarnation,
                                        sight.is_introduced ? peer.contract : nullptr, now_);
    count(before, *node.admission, was_decided);
    told(sight.node, std::move(outcome));
}

void JoiningSimulation::take(const Loss& loss) {
    auto& node = nodes_[loss.node];
    if (!node.admission || node.view[loss.peer] != loss.incarnation ||
        silent_since_[loss.node][loss.peer] != loss.silence)
        return;
    node.view[loss.peer] = 0;
    node.is_introduced[loss.peer] = false;
    say(std::to_string(loss.node) + " loses " + std::to_string(loss.peer) + "/" +
        std::to_string(loss.incarnation));
    const auto before = node.admission->standing();
    const bool was_decided = node.admission->is_decided();
    if (nodes_[loss.peer].incarnation == loss.incarnation)
        watch_->lost(loss.node, loss.peer, now_);
    auto outcome = node.admission->gone(id_of(loss.peer), loss.incarnation, now_);
    count(before, *node.admission, was_decided);
    told(loss.node, std::move(outcome));
}

} // namespace joining_test
