#pragma once

#include "mesh/flow/streams/journal_publication.hpp"
#include "mesh/flow/streams/publication.hpp"
#include "tests/mesh/flow/fake_archive.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace flow_test {

/// A publisher of two topics, `a` and `b`, whose stream is of this run or in a journal.
class SimulatedPublisher {
public:
    virtual ~SimulatedPublisher() = default;

    virtual mesh::Deliveries& deliveries() = 0;
    virtual const mesh::Groups& groups() const = 0;

    /// Appends an event, and says which slot it has.
    virtual mesh::KeySlot publish(bool is_a, std::string_view key, std::size_t size_bytes,
                                  std::uint64_t time_us) = 0;

    /// Stores what has changed; nothing to do for a stream that dies with the run.
    virtual void save() {}

    /// Dies, and comes back with what is stored. With `loses_a_row` not with all of it. False when
    /// nothing can come back.
    virtual bool restart(mesh::TimePoint /*now*/, bool /*loses_a_row*/) { return false; }
};

class VolatilePublisher final : public SimulatedPublisher {
public:
    VolatilePublisher(std::size_t log_size_bytes_max, mesh::GroupFault fault)
        : publication_(mesh::NodeId{}, 1, log_size_bytes_max) {
        publication_.plant(fault);
    }

    mesh::Deliveries& deliveries() override { return publication_; }

    const mesh::Groups& groups() const override { return publication_.groups(); }

    mesh::KeySlot publish(bool is_a, std::string_view key, std::size_t size_bytes,
                          std::uint64_t time_us) override {
        const std::vector<std::byte> payload(size_bytes);
        mesh::Draft draft{is_a ? "a" : "b", key, {}, {}, std::nullopt, payload};
        const auto sequence = publication_.append(
            draft, mesh::WallTime(std::chrono::microseconds(static_cast<std::int64_t>(time_us))));
        return slot_of(publication_.log().at(sequence.value()));
    }

private:
    mesh::Publication publication_;
};

class DurablePublisher final : public SimulatedPublisher {
public:
    explicit DurablePublisher(mesh::GroupFault fault) : fault_(fault) { begin(); }

    mesh::Deliveries& deliveries() override { return *publication_; }

    const mesh::Groups& groups() const override { return publication_->groups(); }

    mesh::KeySlot publish(bool is_a, std::string_view key, std::size_t size_bytes,
                          std::uint64_t time_us) override {
        const auto slot = key.empty() ? publication_->best_slot(is_a ? "a" : "b") : std::nullopt;
        const auto entry = archive_.store(is_a ? 0 : 1, time_us, size_bytes, key, slot);
        publication_->append(entry);
        return slot_of(entry);
    }

    void save() override {
        const auto rows = publication_->take_changed();
        for (const auto& row : rows)
            stored_[row.key] = row;
        for (const auto& key : publication_->take_removed())
            stored_.erase(key);
        publication_->note_stored(rows, true);
    }

    bool restart(mesh::TimePoint now, bool loses_a_row) override {
        if (loses_a_row && stored_.size() > 1)
            stored_.erase(std::prev(stored_.end()));
        begin();
        for (const auto& [key, row] : stored_)
            publication_->restore(row, now);
        return true;
    }

private:
    void begin() {
        constexpr std::size_t memory_size_bytes = 256 * 1024;
        publication_ = std::make_unique<mesh::JournalPublication>(mesh::NodeId{}, archive_.last(),
                                                                  memory_size_bytes, archive_);
        publication_->plant(fault_);
        publication_->add_topic("a");
        publication_->add_topic("b");
    }

    mesh::GroupFault fault_;
    FakeArchive archive_;
    std::map<std::string, mesh::RememberedSubscription> stored_;
    std::unique_ptr<mesh::JournalPublication> publication_;
};

} // namespace flow_test
