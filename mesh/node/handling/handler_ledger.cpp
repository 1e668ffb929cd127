#include "mesh/node/handling/handler_ledger.hpp"

#include "mesh/base/quick_hash.hpp"

#include <algorithm>
#include <utility>

namespace mesh {

namespace {

constexpr std::size_t accounts_max = 1024;
constexpr std::size_t topics_max = 1024;

} // namespace

std::uint32_t HandlerLedger::run_of(const NodeId& source, std::uint64_t sequence) const {
    const auto known = journal_runs_.find(source);
    if (known == journal_runs_.end())
        return 0;
    const auto& run = known->second;
    return sequence <= run.after || run.from_before.contains(sequence) ? 0 : run.number;
}

void HandlerLedger::begin_run(const NodeId& source, std::uint32_t run, std::uint64_t after,
                              std::set<std::uint64_t> in_hand) {
    journal_runs_[source] = {run, after, std::move(in_hand)};
    if (journal_runs_.size() > accounts_max)
        journal_runs_.erase(journal_runs_.begin());
    last_key_ = nullptr;
}

void HandlerLedger::begin(const Key& key) {
    accounts_.erase(key);
    last_key_ = nullptr;
}

HandlerLedger::Account& HandlerLedger::account_of(const NodeId& source, std::uint32_t incarnation,
                                                  std::uint64_t sequence) {
    const bool is_durable = incarnation == 0;
    if (!is_durable && last_key_ != nullptr && std::get<1>(*last_key_) == incarnation &&
        !std::get<2>(*last_key_) && std::get<0>(*last_key_) == source)
        return *last_account_;
    const Key key{source, is_durable ? run_of(source, sequence) : incarnation, is_durable};
    if (last_key_ != nullptr && *last_key_ == key)
        return *last_account_;
    const auto [found, is_new] = accounts_.try_emplace(key);
    found->second.used = ++uses_;
    if (is_new && accounts_.size() > accounts_max) {
        accounts_.erase(std::ranges::min_element(accounts_, {},
                                                 [](const auto& one) { return one.second.used; }));
        is_incomplete_ = true;
    }
    last_key_ = &found->first;
    last_account_ = &found->second;
    last_tallies_.fill(nullptr);
    return found->second;
}

HandlerLedger::Tally& HandlerLedger::tally_of(std::string_view topic, const EventId& id) {
    auto& topics = account_of(id.source, id.incarnation, id.sequence).topics;
    auto& known = last_tallies_[quick_hash(topic) % last_tallies_.size()];
    if (known != nullptr && is_same_text(known->first, topic))
        return known->second;
    auto found = topics.find(topic);
    if (found == topics.end())
        found = topics.try_emplace(topics.size() < topics_max ? std::string(topic) : "").first;
    known = &*found;
    return found->second;
}

void HandlerLedger::note(const Event& event, Settled settled) {
    if (settled == Settled::not_yet || (!aside_.empty() && aside_.contains(event.id)))
        return;
    auto& tally = tally_of(event.topic, event.id);
    switch (settled) {
    case Settled::not_yet:
        break;
    case Settled::handled:
        count_handled(tally);
        break;
    case Settled::dead:
        ++tally.dead;
        break;
    case Settled::ignored:
        ++tally.ignored;
        break;
    }
}

void HandlerLedger::count_handled(Tally& tally) {
    ++tally.handled;
    if (fault_ != LedgerFault::none && ++handled_count_ % 10 == 0)
        fault_ == LedgerFault::counts_twice ? ++tally.handled : --tally.handled;
}

void HandlerLedger::note_handled(std::string_view topic, const EventId& first,
                                 std::uint64_t count) {
    auto& tally = tally_of(topic, first);
    if (fault_ == LedgerFault::none)
        tally.handled += count;
    else
        for (std::uint64_t i = 0; i < count; ++i)
            count_handled(tally);
}

void HandlerLedger::note_lost(const NodeId& source, std::uint32_t incarnation, std::uint64_t until,
                              std::uint64_t count) {
    account_of(source, incarnation, until).lost += count;
}

} // namespace mesh
