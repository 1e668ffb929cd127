#include "tests/mesh/peer/joining_simulation.hpp"

#include <algorithm>
#include <chrono>
#include <ostream>
#include <utility>

namespace joining_test {

namespace {

using namespace std::chrono_literals;

constexpr mesh::TimePoint beginning{1h};
constexpr mesh::Duration settling_max = 20s;
constexpr std::uint64_t steps_max = 200'000;

double seconds_since(mesh::TimePoint since, mesh::TimePoint now) {
    return std::chrono::duration<double>(now - since).count();
}

std::string text_of(const mesh::StandingVersion& version) {
    return "epoch " + std::to_string(version.epoch) + " " +
           std::string(mesh::to_text(version.state)) + " idle " +
           std::to_string(version.idle_count);
}

std::string text_of(const mesh::ControlBody& body) {
    if (const auto* join = std::get_if<mesh::Join>(&body))
        return "Join epoch " + std::to_string(join->standing.epoch) + " " +
               std::string(mesh::to_text(join->standing.state)) + " idle " +
               std::to_string(join->standing.idle.size());
    const auto& answer = std::get<mesh::JoinAnswer>(body);
    return std::string(answer.is_held ? "held " : "JoinAnswer ") + "to " + text_of(answer.to) +
           ": epoch " + std::to_string(answer.standing.epoch) + " " +
           std::string(mesh::to_text(answer.standing.state)) + " idle " +
           std::to_string(answer.standing.idle.size()) + ", mentions " +
           std::to_string(answer.mentions.size());
}

} // namespace

JoiningSimulation::JoiningSimulation(const Options& options)
    : random_(options.seed), options_(options), nodes_(2 + draw(nodes_max - 1)), now_(beginning) {
    const auto contracts = draw_contracts(random_, nodes_.size());
    for (Number i = 0; i < nodes_.size(); ++i) {
        nodes_[i].contract = contracts[i];
        nodes_[i].ledgers.resize(contracts[i]->handlers.size());
        say("node " + std::to_string(i) + ": service " + contracts[i]->service);
        for (const auto& handler : contracts[i]->handlers) {
            std::string text = "    " + handler.name + " on";
            for (const auto& on : handler.on)
                text += " " + on.text();
            for (const auto& on : handler.after)
                text += " after " + on.text();
            text += " emits";
            for (const auto& emits : mesh::emitted_patterns(*contracts[i], handler))
                text += " " + emits.text();
            say(text + (contracts[i]->loops.empty() ? "" : " (a loop is allowed)"));
        }
    }
    watch_.emplace(contracts);
    const std::uint64_t losses[] = {0, 0, 5, 25};
    loss_percent_ = losses[draw(4)];
    double_percent_ = one_in(2) ? 0 : 10;
    is_slow_ = one_in(2);
    plan();
}

void JoiningSimulation::run() {
    while (!events_.empty()) {
        const auto entry = events_.top();
        events_.pop();
        if (is_calm_ && entry.at > calm_at_ + settling_max)
            break;
        if (happened_.steps > steps_max)
            throw Violation("it does not come to an end");
        now_ = entry.at;
        std::visit([this](const auto& event) { take(event); }, entry.event);
    }
    check_end();
}

void JoiningSimulation::check_end() const {
    std::vector<const mesh::Admission*> admissions;
    for (const auto& node : nodes_)
        admissions.push_back(node.admission ? &*node.admission : nullptr);
    watch_->check_calm(admissions);
    for (const auto& node : nodes_) {
        for (std::size_t h = 0; h < node.ledgers.size() && node.admission; ++h) {
            const auto& ledger = node.ledgers[h];
            if (ledger.handled + ledger.waiting != ledger.arrived ||
                (node.admission->runs(h) && ledger.waiting > 0))
                throw Violation("an admitted handler leaves events unhandled");
        }
        if (node.admission && !node.admission->is_told())
            throw Violation("a node has not told everybody where it stands");
    }
}

void JoiningSimulation::at(mesh::TimePoint time, Event event) {
    events_.push({time, ++order_, std::move(event)});
}

void JoiningSimulation::say(const std::string& text) const {
    if (options_.trace != nullptr)
        *options_.trace << seconds_since(beginning, now_) << " s  " << text << '\n';
}

mesh::Duration JoiningSimulation::draw_ms(std::uint64_t from, std::uint64_t to) {
    return std::chrono::microseconds(from * 1000 + draw((to - from) * 1000 + 1));
}

mesh::Duration JoiningSimulation::draw_delay() {
    if (!is_calm_ && is_slow_ && one_in(8))
        return draw_ms(50, 1500);
    return one_in(3) ? draw_ms(1, 40) : draw_ms(0, 2);
}

bool JoiningSimulation::are_linked(Number one, Number other) const {
    return (side_ >> one & 1U) == (side_ >> other & 1U);
}

void JoiningSimulation::send(Number from, const mesh::Admission::Outcome::Message& message) {
    for (Number to = 0; to < nodes_.size(); ++to) {
        if (id_of(to) != message.to)
            continue;
        ++happened_.messages;
        const bool is_lost = !are_linked(from, to) || (!is_calm_ && draw(100) < loss_percent_);
        say(std::to_string(from) + " -> " + std::to_string(to) + (is_lost ? " LOST " : " ") +
            text_of(message.body));
        if (is_lost) {
            ++happened_.lost;
            return;
        }
        const Message sent{from, nodes_[from].incarnation, to, message.body};
        at(now_ + draw_delay(), sent);
        if (!is_calm_ && draw(100) < double_percent_)
            at(now_ + draw_delay() + draw_ms(0, 500), sent);
    }
}

void JoiningSimulation::count(const mesh::Standing& before, const mesh::Admission& after,
                              bool was_decided) {
    const auto& standing = after.standing();
    if (before.state == mesh::JoinState::pending && standing.state == mesh::JoinState::active) {
        ++happened_.admissions;
        happened_.readmissions += was_decided ? 1 : 0;
    }
    if (before.state == mesh::JoinState::pending && standing.state == mesh::JoinState::quarantined)
        ++happened_.quarantines;
    if (was_decided && standing.idle.size() > before.idle.size())
        ++happened_.yields;
    if (standing != before && is_calm_)
        happened_.settling = now_ - calm_at_;
}

void JoiningSimulation::told(Number number, mesh::Admission::Outcome outcome) {
    auto& node = nodes_[number];
    ++happened_.steps;
    for (const auto& line : outcome.lines) {
        happened_.given_up += line.find("does not answer") != std::string::npos ? 1 : 0;
        say(std::to_string(number) + " prints " + line);
    }
    if (options_.trace != nullptr)
        say(std::to_string(number) + " is " + node.admission->snapshot());
    watch_->look(number, *node.admission, now_);
    if (outcome.has_changed)
        handle_waiting(node);
    for (const auto& message : outcome.messages)
        send(number, message);
    if (node.admission->is_refused() && node.admission->is_told()) {
        ++happened_.refusals;
        stop(number, one_in(2));
        return;
    }
    if (const auto due = node.admission->due()) {
        const auto wanted = std::max(*due, now_) + draw_ms(0, 20);
        if (node.tick_at <= now_ || wanted < node.tick_at) {
            node.tick_at = wanted;
            at(wanted, Tick{number});
        }
    }
}

void JoiningSimulation::handle_waiting(Node& node) {
    for (std::size_t h = 0; h < node.ledgers.size(); ++h) {
        if (!node.admission->runs(h))
            continue;
        auto& ledger = node.ledgers[h];
        happened_.emissions += ledger.waiting;
        ledger.handled += std::exchange(ledger.waiting, 0);
    }
}

void JoiningSimulation::take(const Message& message) {
    auto& node = nodes_[message.to];
    if (!node.admission || !are_linked(message.from, message.to))
        return;
    const auto before = node.admission->standing();
    const bool was_decided = node.admission->is_decided();
    if (nodes_[message.from].incarnation == message.incarnation &&
        node.view[message.from] == message.incarnation && node.is_introduced[message.from])
        watch_->heard(message.to, message.from, message.body, now_);
    say(std::to_string(message.to) + " hears " + std::to_string(message.from) + ": " +
        text_of(message.body));
    const auto from = id_of(message.from);
    mesh::Admission::Outcome outcome;
    if (const auto* join = std::get_if<mesh::Join>(&message.body))
        outcome = node.admission->received(from, message.incarnation, *join, now_);
    else if (const auto* answer = std::get_if<mesh::JoinAnswer>(&message.body))
        outcome = node.admission->received(from, message.incarnation, *answer, now_);
    count(before, *node.admission, was_decided);
    told(message.to, std::move(outcome));
}

void JoiningSimulation::take(const Tick& tick) {
    auto& node = nodes_[tick.node];
    if (!node.admission || node.tick_at != now_)
        return;
    const auto before = node.admission->standing();
    const bool was_decided = node.admission->is_decided();
    auto outcome = node.admission->tick(now_);
    count(before, *node.admission, was_decided);
    told(tick.node, std::move(outcome));
}

void JoiningSimulation::take(const Arrival& arrival) {
    auto& node = nodes_[arrival.node];
    if (!node.admission)
        return;
    const auto h = draw(node.ledgers.size());
    auto& ledger = node.ledgers[h];
    ++ledger.arrived;
    ++happened_.steps;
    if (node.admission->runs(h)) {
        ++ledger.handled;
        ++happened_.emissions;
    } else {
        ++ledger.waiting;
    }
}

} // namespace joining_test
