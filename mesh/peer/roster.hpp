#pragma once

#include "mesh/base/endpoint.hpp"
#include "mesh/base/node_id.hpp"
#include "mesh/base/time.hpp"
#include "mesh/event/contract.hpp"
#include "mesh/peer/peer.hpp"
#include "mesh/wire/control.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mesh {

/// Who is there, who answers, who is gone. One record a node, whether it was found by beacon, by
/// an address that somebody gave, or because it dialled first.
/// Pure: `now` is passed in, and what has to be done comes back. One thread uses it.
class Roster {
public:
    Roster(NodeId self, std::size_t peers_max) : self_(self), peers_max_(peers_max) {}

    struct Step {
        enum class Kind {
            greet,   ///< send hello to `peer`, or to `address` when it is set
            changed, ///< `peer` has another state, address or contract
        };
        Kind kind;
        Peer peer;                       ///< as it is now
        std::optional<Endpoint> address; ///< of a node whose id is not known yet
        bool wants_contract = false;
    };

    /// Greets this address until somebody answers there, and again after he is gone. An address
    /// that is only hearsay is given up after ten greetings, and when its node goes.
    void add_address(const Endpoint& address, bool is_hearsay);

    /// The address is this node's own, or nobody's.
    void drop_address(const Endpoint& address);

    /// The node `id` answered at the address, which may be another name of its own.
    void answered(const Endpoint& address, NodeId id);

    std::vector<Step> sight(const Sighting& sighting, TimePoint now);

    /// A hello, whose sender is at `host`, with its contract if it is known by now.
    std::vector<Step> meet(NodeId id, std::uint32_t incarnation, const Hello& hello,
                           const std::string& host, std::shared_ptr<const Contract> contract,
                           TimePoint now);

    /// Any other sign of life of a known run.
    void hear(NodeId id, std::uint32_t incarnation, TimePoint now);

    /// Its connection broke: ask at once whether it is still there.
    std::vector<Step> doubt(NodeId id, TimePoint now);

    std::vector<Step> leave(NodeId id, std::uint32_t incarnation);

    /// The newest run of the node that was here, be it gone.
    std::optional<std::uint32_t> newest_run(const NodeId& id) const;

    /// To be called every 100 ms or so. `lateness` is how much this node itself was held up
    /// lately: its own delay is nobody's silence.
    std::vector<Step> tick(TimePoint now, Duration lateness);

    /// Whether somebody is still to be introduced: tick every 20 ms or so then.
    bool is_settling() const { return joining_count() > 0; }

    /// Peers that are not gone, in order of service, instance and id.
    std::vector<Peer> peers() const;

    /// The same in no order, without copies; until this object is used again.
    std::vector<const Peer*> view() const {
        std::vector<const Peer*> all;
        all.reserve(records_.size());
        for (const auto& [id, record] : records_)
            all.push_back(&record.peer);
        return all;
    }

    std::size_t size() const { return records_.size(); }

    const Peer* find(NodeId id) const;

    /// Addresses that peers can be told: those of active peers.
    std::vector<std::string> addresses() const;

private:
    struct Record {
        Peer peer;
        TimePoint heard_at{};
        TimePoint greeted_at{};
        Duration greet_delay{};
        bool is_greeted = false;
        bool is_unheard = false; ///< it does not know of this node yet
    };

    struct Address {
        bool is_hearsay = false;
        unsigned greeted_count = 0; ///< since the last answer
        TimePoint greeted_at{};
        std::optional<NodeId> answered_by;
    };

    Record* admit(NodeId id, std::uint32_t incarnation, TimePoint now);
    Step greet(Record& record, TimePoint now);
    void release_addresses(const NodeId& id);
    std::ptrdiff_t joining_count() const;
    static Duration patience_with(const Record& record, Duration crowd);
    Duration crowd_patience() const;
    static Step changed(const Record& record);

    bool is_first_caller(const NodeId& id) const { return self_ < id; }

    NodeId self_;
    std::size_t peers_max_;
    std::map<NodeId, Record> records_;
    std::map<NodeId, std::uint32_t> gone_; ///< the last run of those that left, oldest forgotten
    std::map<Endpoint, Address> addresses_;
};

} // namespace mesh
