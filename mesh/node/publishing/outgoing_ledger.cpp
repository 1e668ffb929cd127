// Outgoing, the part that tells what became of the events that were published. The loop's thread.

#include "mesh/node/publishing/outgoing.hpp"

#include <utility>

namespace mesh {

void Outgoing::tell_ledger(std::vector<SentRow>& rows) const {
    std::vector<Deliveries::LedgerRow> all;
    with_lock([&] { all = deliveries_.ledger(); });
    for (auto& one : all) {
        SentRow row;
        row.subscription = std::move(one.key);
        row.is_durable = journal_ != 0;
        row.topic = std::move(one.topic);
        row.sent = one.sent;
        row.waiting = one.waiting;
        row.dropped = one.dropped;
        const Contract* contract = nullptr;
        if (one.link == self_link) {
            row.node = identity_.id;
            row.run = identity_.incarnation;
            contract = &identity_.contract;
        } else if (one.link) {
            for (const auto& [id, peering] : peerings_)
                if (peering.number == *one.link) {
                    row.node = id;
                    row.run = peering.peer.incarnation;
                    contract = peering.peer.contract.get();
                }
        }
        if (contract != nullptr && handler_of(one.index) < contract->handlers.size())
            row.handler = contract->handlers[handler_of(one.index)].name;
        rows.push_back(std::move(row));
    }
}

} // namespace mesh
