// Incoming, the part that tells what became of the events that came.

#include "mesh/node/receiving/incoming.hpp"

namespace mesh {

void Incoming::tell_ledger(std::vector<HandledRow>& rows) {
    for (std::size_t i = 0; i < handlers_.size(); ++i) {
        const auto& contract = handlers_[i]->spec().contract;
        std::map<std::pair<HandlerLedger::Key, std::string>, HandledRow> all;
        handlers_[i]->with_ledger([&](const HandlerLedger& ledger) {
            for (const auto& [key, account] : ledger.accounts()) {
                for (const auto& [topic, tally] : account.topics) {
                    auto& row = all[{key, topic}];
                    row.handled = tally.handled;
                    row.dead = tally.dead;
                    row.ignored = tally.ignored;
                }
                if (account.lost > 0)
                    all[{key, ""}].lost = account.lost;
            }
            for (const auto& [id, source] : sources_) {
                const bool is_durable = id.journal != 0;
                source.in_hand.each(i, heard_patterns(contract),
                                    [&, node = id.node, incarnation = source.incarnation](
                                        const std::string& topic, std::uint64_t sequence) {
                                        const auto run = is_durable ? ledger.run_of(node, sequence)
                                                                    : incarnation;
                                        ++all[{{node, run, is_durable}, topic}].in_hand;
                                    });
            }
        });
        for (auto& [key, row] : all) {
            std::tie(row.source, row.run, row.is_durable) = key.first;
            row.handler = contract.name;
            row.topic = key.second;
            rows.push_back(std::move(row));
        }
    }
}

} // namespace mesh
