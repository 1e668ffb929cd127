#include "tests/mesh/flow/group_simulation.hpp"

#include "tests/mesh/flow/truth.hpp"

#include <algorithm>
#include <chrono>

namespace flow_test {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t members_max = 5;
constexpr mesh::Duration away_max = 24h;

} // namespace

GroupSimulation::GroupSimulation(std::uint64_t seed, mesh::GroupFault fault)
    : random_(seed),
      is_polite_(one_in(3)),
      is_large_(one_in(3)),
      has_versions_(one_in(2)),
      is_durable_(one_in(2)) {
    if (is_durable_)
        publisher_ = std::make_unique<DurablePublisher>(fault);
    else
        publisher_ = std::make_unique<VolatilePublisher>(is_large_ ? 1 : 1024 * 1024, fault);
    for (auto count = 1 + draw(3); count > 0; --count)
        add_member();
}

void GroupSimulation::run() {
    happened_.steps = 200 + draw(300);
    for (auto steps = happened_.steps; steps > 0; --steps)
        step();
    calm_down();
    for (const auto& [name, group] : publisher_->groups().all())
        happened_.epochs += group->epoch();
}

void GroupSimulation::step() {
    const auto choice = draw(100);
    if (choice < 30) {
        for (auto count = one_in(4) ? draw(12) : 1; count > 0; --count)
            publish();
        return;
    }
    if (choice < 33)
        return pass_time(std::chrono::milliseconds(draw(one_in(8) ? 5'000 : 300)));
    if (choice < 35)
        return one_in(4) ? publisher_->save() : void();
    if (choice < 36 && members_.size() < members_max)
        return add_member();
    if (choice == 36 && !is_polite_)
        return publisher_restarts();
    if (members_.empty())
        return;
    auto& member = members_[draw(members_.size())];
    if (choice < 55)
        send(member);
    else if (choice < 67)
        deliver(member);
    else if (choice < 78)
        process(member, 1 + draw(6));
    else if (choice < 86)
        acknowledge(member);
    else if (choice < 94)
        take_control(member);
    else if (choice < 95)
        member.is_leaving = !member.is_dead;
    else if (choice < 97 && !is_polite_)
        member.is_attached && !one_in(3) ? cut(member, one_in(2)) : attach(member);
    else if (choice < 98 && !is_polite_)
        kill(member);
    else if (!member.is_attached)
        attach(member);
    if (member.is_leaving)
        leave_when_done(member);
    for (const auto& [name, group] : publisher_->groups().all())
        happened_.parts_max = std::max<std::uint64_t>(happened_.parts_max, group->parts().size());
}

void GroupSimulation::pass_time(mesh::Duration time) {
    now_ += time;
    for (const auto& member : members_)
        if (!member.is_attached && now_ - member.away_since > mesh::member_away_max)
            forget_outstanding(member.key);
    publisher_->deliveries().retire(now_, away_max);
}

void GroupSimulation::publish() {
    const std::string key = one_in(3) ? std::string() : "k" + std::to_string(draw(9));
    const std::size_t size = is_large_ && one_in(3) ? 40'000 + draw(60'000) : draw(80);
    const bool is_a = !has_versions_ || !one_in(3);
    if (publisher_->deliveries().waits_for(is_a ? "a" : "b", size, key) != nullptr)
        return;
    had_nobody_ = had_nobody_ || std::ranges::none_of(members_, &Member::is_attached);
    const auto slot = publisher_->publish(is_a, key, size, time_us_ += draw(1000));
    published_.push_back({key, slot, is_a, false});
    if (is_a && !key.empty())
        unhandled_[key].push_back(published_.size());
    ++happened_.published;
}

void GroupSimulation::publisher_restarts() {
    if (!publisher_->restart(now_, one_in(3)))
        return;
    ++happened_.restarts;
    for (auto& member : members_) {
        if (one_in(2))
            member.in_flight.clear();
        member.is_attached = false;
        member.away_since = now_;
        forget_outstanding(member.key);
    }
}

bool GroupSimulation::is_all_handled() const {
    return std::ranges::all_of(published_,
                               [](const auto& one) { return one.is_handled || !one.is_a; });
}

void GroupSimulation::calm_down() {
    is_calm_ = true;
    for (const auto& member : members_)
        if (member.is_dead)
            forget_outstanding(member.key);
    std::erase_if(members_, [](const Member& member) { return member.is_dead; });
    if (std::ranges::all_of(members_, &Member::is_leaving))
        add_member();
    work_off();
    // What is published for the youngest ones is handled from here on, and nothing else.
    const auto& patterns = publisher_->groups().all().begin()->second->patterns();
    for (int i = 0; has_versions_ && i < 8; ++i) {
        const auto key = "new " + std::to_string(i);
        const auto slot = publisher_->publish(false, key, 1, time_us_ += 1);
        published_.push_back({key, slot, false, false});
        work_off();
        expect(published_.back().is_handled == (patterns.size() == 2),
               "an event of the youngest ones is not handled, or one of others is");
    }
    // What memory alone holds is lost when nobody was there, and only then.
    if (is_durable_ || !is_large_ || !had_nobody_)
        expect(is_all_handled(), "at the end an event was handled by nobody");
    mesh::SlotMask all = 0;
    for (const auto& [name, group] : publisher_->groups().all())
        for (const auto& part : group->parts()) {
            expect((all & part.subscription->slots.mask()) == 0, "a slot has two owners");
            all |= part.subscription->slots.mask();
        }
    expect(all == mesh::all_slots, "a slot has no owner");
    if (is_polite_)
        expect(happened_.twice == 0, "an event was handled twice although everybody was polite");
}

/// Nothing goes wrong any more, until everything is handled.
void GroupSimulation::work_off() {
    bool is_dry = false;
    for (int round = 0; !is_dry; ++round) {
        expect(round < 5'000, "the calm does not come");
        publisher_->save();
        pass_time(20ms);
        is_dry = true;
        for (std::size_t i = 0; i < members_.size(); ++i) {
            auto& member = members_[i];
            if (!member.is_attached)
                attach(member);
            for (int batches = 0; send(member); ++batches)
                expect(batches < 5'000, "sending does not come to an end");
            while (!member.in_flight.empty())
                deliver(member);
            process(member, 1'000'000);
            acknowledge(member);
            while (!member.controls.empty())
                take_control(member);
            if (member.is_leaving)
                leave_when_done(member);
            is_dry = is_dry && member.lane.empty();
        }
        is_dry = is_dry && publisher_->deliveries().behind().empty();
        for (const auto& [name, group] : publisher_->groups().all())
            for (const auto& part : group->parts())
                is_dry = is_dry && part.subscription->link.has_value() &&
                         *part.subscription->link != mesh::waiting_room &&
                         (part.subscription->slots.mask() == 0 ||
                          part.subscription->patterns == group->patterns());
    }
}

} // namespace flow_test
