// Node, the part that publishes: who waits for credit, and where events go then.

#include "tests/prove/simulator/node.hpp"

#include <algorithm>
#include <utility>

namespace simulator {

using namespace std::chrono_literals;

const mesh::Subscription* Node::waited_for(const Fact& fact) const {
    const auto& topic = site_.plan().topics[fact.topic];
    if (topic.level == mesh::Level::fast)
        return nullptr;
    const mesh::Deliveries& deliveries =
        topic.is_durable() ? static_cast<const mesh::Deliveries&>(journal_->publication())
                           : publication_;
    const auto size = std::max(fact.size_bytes, sizeof(std::uint64_t));
    const auto* one = deliveries.waits_for(topic.name, size);
    expect(one != nullptr || deliveries.slow_ones(topic.name, size).empty(),
           "a publish does not wait although somebody has no credit");
    return one;
}

void Node::wait_for_room(std::vector<Fact> facts, std::function<void()> go) {
    waiting_.push_back({std::move(facts), std::move(go)});
    site_.after(0ms, [this] { poke(); });
}

/// Whoever has room goes on, the one that has waited longest first.
void Node::poke() {
    if (std::exchange(is_poking_, true))
        return;
    for (std::size_t i = 0; i < waiting_.size();) {
        const auto& facts = waiting_[i].facts;
        if (std::ranges::any_of(facts, [&](const Fact& fact) { return waited_for(fact); })) {
            ++i;
            continue;
        }
        const auto go = std::move(waiting_[i].go);
        waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(i));
        go();
    }
    is_poking_ = false;
}

void Node::publish(const Fact& fact, std::function<void(bool)> done) {
    const bool is_durable = site_.plan().topics[fact.topic].is_durable();
    wait_for_room({fact}, [this, fact, is_durable, done = std::move(done)] {
        if (is_durable)
            commit({fact}, {}, done);
        else
            publish_of_run(fact, done);
    });
}

void Node::publish_of_run(const Fact& fact, const std::function<void(bool)>& done) {
    const auto number = site_.truth().draft(fact);
    const auto event = outgoing_of(site_.truth(), number);
    const auto sequence = publication_.append(draft_of(site_.plan(), event), site_.wall());
    expect(sequence.has_value(), "an event gets no sequence");
    site_.truth().published(run_stream_, *sequence, number);
    run_flow_.hand_on();
    site_.truth().returned(number);
    done(true);
}

void Node::commit(const std::vector<Fact>& facts, JournalShell::With with,
                  std::function<void(bool)> done) {
    std::vector<Outgoing> events;
    std::vector<std::uint64_t> numbers;
    for (const auto& fact : facts) {
        numbers.push_back(site_.truth().draft(fact));
        events.push_back(outgoing_of(site_.truth(), numbers.back()));
    }
    journal_->commit(std::move(events), std::move(with),
                     [this, numbers = std::move(numbers), done = std::move(done)](bool is_stored) {
                         if (is_stored)
                             for (const auto number : numbers)
                                 site_.truth().returned(number);
                         done(is_stored);
                     });
}

void Node::publish_own() {
    if (own_left_ == 0)
        return;
    auto& dice = site_.dice();
    --own_left_;
    is_publishing_own_ = true;
    Fact fact;
    fact.topic = dice.pick(site_.plan().nodes[site_.number()].publishes);
    fact.key = dice.draw(4);
    fact.size_bytes = 8 + dice.draw(site_.plan().payload_size_bytes_max);
    publish(fact, [this](bool) {
        // Refused, or the disk was full: nobody was promised anything.
        is_publishing_own_ = false;
        auto& random = site_.dice();
        const auto pause = site_.world().is_calm || random.one_in(3)
                               ? mesh::Duration{}
                               : random.between(0ms, site_.plan().publish_pause_max);
        site_.after(pause, [this] { publish_own(); });
    });
}

} // namespace simulator
