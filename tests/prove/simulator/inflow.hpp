#pragma once

#include "mesh/flow/receiving/reception.hpp"
#include "mesh/node/handling/feed.hpp"
#include "mesh/wire/control.hpp"
#include "tests/prove/simulator/lane.hpp"
#include "tests/prove/simulator/world.hpp"

#include <compare>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

namespace simulator {

/// What comes to a node, as mesh/node's Incoming treats it: a session a stream, which handlers take
/// a batch, and when to acknowledge.
class Inflow {
public:
    using AcknowledgeSelf = std::function<void(std::uint64_t journal, std::uint16_t index,
                                               const mesh::Progress& done, mesh::Volume window)>;

    Inflow(const Site& site, std::vector<std::unique_ptr<Lane>>& lanes,
           AcknowledgeSelf acknowledge_self)
        : site_(site), lanes_(lanes), acknowledge_self_(std::move(acknowledge_self)) {}

    /// `run`: of the publisher.
    mesh::Opened open(Number publisher, std::uint32_t run, const mesh::Open& open);

    void receive(const std::vector<std::byte>& bytes);
    void on_head(Number from, const mesh::Head& head);
    void meet_run(Number publisher, std::uint32_t run);
    void pause(Number publisher);

    /// Something moved: what is due is said soon.
    void note_progress();

private:
    struct StreamId {
        Number node = 0;
        std::uint64_t journal = 0; ///< 0: of one run

        auto operator<=>(const StreamId&) const = default;
    };

    struct Source {
        std::uint32_t run = 0;
        std::uint32_t runs = 0; ///< of the publisher, before that one
        std::optional<std::uint64_t> attempt;
        std::size_t stream = 0; ///< in the truth
        mesh::Reception reception{0};
        std::vector<std::shared_ptr<mesh::Feed>> feeds;
        std::vector<std::optional<std::uint64_t>> reached; ///< by the batches that were taken
        std::vector<mesh::Volume> granted_max;             ///< by handler
    };

    Source& source_of(const StreamId& id, std::uint32_t run);
    Source* source_of_batch(const mesh::BatchHeader& header);
    void remember_places(const StreamId& id, Source& source) const;
    mesh::Opened::Subscription standing_of(Source& source, std::size_t handler);
    mesh::Volume grant(Source& source, std::size_t handler);
    mesh::Volume window_of(std::size_t handler) const;

    bool is_open(const Source& source) const {
        return sessions_.contains(source.reception.session());
    }

    void check(Source& source, const mesh::Batch& batch, const mesh::Reception::Taken& taken);
    void check_room(const Source& source, std::size_t handler) const;
    void pump();
    void acknowledge(const StreamId& id, Source& source);
    void ask_rewinds(const StreamId& id, Source& source);

    Site site_;
    std::vector<std::unique_ptr<Lane>>& lanes_;
    AcknowledgeSelf acknowledge_self_;
    mesh::TimePoint started_at_ = site_.now();
    std::map<StreamId, Source> sources_;
    std::unordered_map<std::uint64_t, StreamId> sessions_;
    bool is_pumping_ = false;
    std::uint64_t timer_ = 0; ///< the timers before it do not count any more
};

} // namespace simulator
