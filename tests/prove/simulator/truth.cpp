#include "tests/prove/simulator/truth.hpp"

#include <algorithm>

namespace simulator {

std::size_t Truth::stream_of(Number node, std::uint64_t journal, std::uint32_t incarnation) {
    const auto [found, is_new] =
        numbers_.try_emplace({node, journal != 0 ? 0 : incarnation}, streams_.size());
    if (is_new) {
        streams_.push_back({node, journal != 0, false, false, {}});
        accounts_.emplace_back(plan_.handlers.size());
    }
    return found->second;
}

std::uint64_t Truth::draft(const Fact& fact) {
    facts_.push_back(fact);
    return facts_.size() - 1;
}

void Truth::published(std::size_t stream, std::uint64_t sequence, std::uint64_t fact) {
    auto& events = streams_[stream].events;
    if (is_released_ && sequence <= events.size()) {
        events[sequence - 1] = fact; // a sequence that is used again
    } else {
        expect(sequence == events.size() + 1, "an event has not the next sequence of its stream");
        events.push_back(fact);
    }
    expect(!facts_[fact].stream.has_value(), "an event is published twice");
    if (const auto& handler = facts_[fact].handler)
        ++emissions_[{*handler, facts_[fact].cause, facts_[fact].topic}];
    facts_[fact].stream = stream;
    facts_[fact].sequence = sequence;
    ++sums_.published;
}

void Truth::returned(std::uint64_t fact) {
    expect(facts_[fact].stream.has_value(), "a publish came back and nothing holds the event");
    facts_[fact].is_returned = true;
}

Truth::Account& Truth::account(std::size_t stream, Number handler) {
    return accounts_[stream][handler];
}

void Truth::begins(std::size_t stream, Number handler, std::uint64_t least, std::uint64_t most) {
    auto& one = account(stream, handler);
    if (one.begin)
        return;
    // It may have been attached before, and not been stored.
    one.begin_least = one.begin_most ? std::min(one.begin_least, least) : least;
    one.begin_most = std::max(one.begin_most.value_or(0), most);
}

void Truth::is_known(std::size_t stream, Number handler, std::uint64_t position) {
    auto& one = account(stream, handler);
    if (one.begin)
        return;
    one.begin = position;
    one.settled_to = position;
    if (!is_released_ && one.begin_most)
        expect(position >= one.begin_least && position <= *one.begin_most,
               "a subscription begins at another place than it has to");
}

bool Truth::is_known(std::size_t stream, Number handler) const {
    return accounts_[stream][handler].begin.has_value();
}

void Truth::takes(std::size_t stream, Number handler, std::uint64_t before, std::uint64_t after,
                  std::uint64_t lost, const std::vector<std::uint64_t>& sequences) {
    const auto& source = streams_[stream];
    auto& one = account(stream, handler);
    if (is_released_)
        return;
    if (!one.begin) {
        expect(!source.is_journal, "a subscription is served before it is stored");
        is_known(stream, handler, before);
    }
    expect(after <= source.events.size(), "a batch goes beyond the last event of its stream");
    std::uint64_t missing = 0;
    auto next = sequences.begin();
    for (auto sequence = before + 1; sequence <= after; ++sequence) {
        const bool is_there = next != sequences.end() && *next == sequence;
        next += is_there ? 1 : 0;
        if (is_there || !wants(source, handler, sequence))
            continue;
        ++missing;
        settle(one, sequence); // told, and counted below
    }
    expect(next == sequences.end(), "a batch holds events from outside its positions");
    if (lost < missing || (lost > missing && !source.is_damaged))
        throw Violation("a gap of " + std::to_string(missing) + " is told as one of " +
                        std::to_string(lost));
    expect(lost == 0 || !source.is_journal || source.may_lose,
           "a durable event is told as lost, and nothing let it go");
    sums_.lost += lost;
}

void Truth::settle(Account& account, std::uint64_t sequence) {
    if (account.is_settled.size() < sequence)
        account.is_settled.resize(sequence);
    account.is_settled[sequence - 1] = 1;
}

void Truth::dealt(std::size_t stream, Number handler, std::uint64_t sequence) {
    settle(account(stream, handler), sequence);
    ++sums_.dealt;
}

std::uint64_t Truth::settled_to(std::size_t stream, Number handler) {
    auto& one = account(stream, handler);
    const auto& source = streams_[stream];
    while (one.settled_to < source.events.size()) {
        const auto next = one.settled_to + 1;
        const bool is_settled = next <= one.is_settled.size() && one.is_settled[next - 1] != 0;
        if (!is_settled && wants(source, handler, next))
            break;
        one.settled_to = next;
    }
    return one.settled_to;
}

void Truth::acknowledged(std::size_t stream, Number handler, std::uint64_t position) {
    if (is_released_ || !account(stream, handler).begin)
        return;
    expect(position <= settled_to(stream, handler),
           "an event counts as acknowledged that nobody has dealt with");
}

bool Truth::is_owed(std::size_t stream, Number handler, std::uint64_t sequence) const {
    const auto& one = accounts_[stream][handler];
    return one.begin && sequence > *one.begin && wants(streams_[stream], handler, sequence);
}

std::uint32_t Truth::emissions(Number handler, std::uint64_t cause, Number topic) const {
    const auto found = emissions_.find({handler, cause, topic});
    return found == emissions_.end() ? 0 : found->second;
}

bool Truth::has_all(std::size_t stream, Number handler) {
    return !account(stream, handler).begin ||
           settled_to(stream, handler) == streams_[stream].events.size();
}

} // namespace simulator
