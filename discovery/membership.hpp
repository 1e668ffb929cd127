#pragma once

#include "discovery/beacon.hpp"
#include "mesh/base/node_id.hpp"
#include "mesh/base/time.hpp"

#include <cstddef>
#include <cstdint>
#include <map>

namespace discovery {

/// Which beacons are news. Judges by what is in them: own ones, those of other realms, repeated
/// and outdated ones are none. Who is alive is the node's own judgement, fed by what passes here.
/// Pure: it owns no socket and reads no clock.
class Membership {
public:
    Membership(mesh::NodeId self, std::uint64_t realm) : self_(self), realm_(realm) {}

    enum class Verdict {
        foreign,  ///< another realm, or this node itself
        old,      ///< heard before, or from an earlier run
        known,    ///< the next sign of life of a member
        newcomer, ///< the first beacon of a run
        leaving,  ///< a member says that it goes
    };

    Verdict hear(const Beacon& beacon, mesh::TimePoint now);

    /// Runs heard of in the last minute.
    std::size_t size() const { return members_.size(); }

private:
    struct Member {
        std::uint32_t incarnation = 0;
        std::uint64_t number = 0;
        bool has_left = false;
        mesh::TimePoint heard_at{};
    };

    void make_room(mesh::TimePoint now);

    mesh::NodeId self_;
    std::uint64_t realm_;
    std::map<mesh::NodeId, Member> members_;
};

} // namespace discovery
