#pragma once

#include "mesh/flow/receiving/lane_schedule.hpp"
#include "mesh/flow/receiving/reception.hpp"
#include "mesh/node/handling/feed.hpp"
#include "tests/prove/simulator/world.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace simulator {

/// Whether a handler says something on a topic because of an event.
bool emits_on(Number handler, std::uint64_t fact, Number topic);

/// What a handler's lane asks of its node.
struct LaneHooks {
    /// Waits for credit, and publishes: one event, drafted when its turn comes.
    std::function<void(const Fact&, std::function<void(bool)> done)> publish;

    /// Waits for the credit of them all.
    std::function<void(const std::vector<Fact>&, std::function<void()> go)> wait_for_room;

    /// Commits events and changes together.
    std::function<void(const std::vector<Fact>&, std::function<Disk::Transaction()> with,
                       std::function<void(bool)> done)>
        commit;

    std::function<void()> progressed;
};

/// The events of one handler as mesh/node's HandlerRunner treats them: taken apart as they come by
/// one worker, or spread over several, in the order of the lane, with new attempts.
class Lane {
public:
    Lane(const Site& site, Number handler, LaneHooks hooks)
        : site_(site),
          handler_(handler),
          plan_(site.plan().handlers[handler]),
          hooks_(std::move(hooks)),
          schedule_(plan_.lane) {}

    const HandlerPlan& plan() const { return plan_; }

    /// A stretch of a batch is for this handler. `stream`: in the truth.
    void push(const std::shared_ptr<mesh::Feed>& feed, std::size_t stream,
              const mesh::ReceivedBatch& received, const mesh::Reception::Taken& taken);

    /// What came of a stream and is not dealt with.
    mesh::Volume held(std::size_t stream) const;

    bool is_idle() const;

private:
    struct Item {
        std::shared_ptr<mesh::Feed> feed;
        std::size_t stream = 0;
        bool is_event = true; ///< else only a step of progress: a gap, or a batch's end
        bool is_once = false;
        std::uint64_t sequence = 0;
        std::uint64_t fact = 0;
        std::string key;
        std::size_t size_bytes = 0;
        mesh::Progress after;
        mesh::Completion::Ticket ticket = 0;
    };

    /// An event that a worker has in hand.
    struct Task {
        Item item;
        mesh::Slot slot = 0;
        std::uint32_t attempt = 1;
        bool is_dead = false;
        std::vector<Fact> emissions;
    };

    using TaskPointer = std::shared_ptr<Task>;

    void push_plain(std::vector<Item> items, const std::shared_ptr<mesh::Feed>& feed,
                    const mesh::Reception::Taken& taken);
    void spread(std::vector<Item> items, const std::shared_ptr<mesh::Feed>& feed,
                const mesh::Reception::Taken& taken);
    void work();
    void begin(const TaskPointer& task);
    void handled(const TaskPointer& task);
    void failed(const TaskPointer& task);
    void emit(const TaskPointer& task, std::size_t next);
    void commit(const TaskPointer& task);
    void commit_apart(const TaskPointer& task);
    Disk::Transaction place_of(const Task& task) const;
    Disk::Transaction effect_of(const Task& task) const;
    void keep_place(const Task& task) const;
    void finish(const TaskPointer& task);
    void check_order(const Item& item);
    std::vector<Fact> emissions_of(const Item& item) const;

    Site site_;
    Number handler_;
    const HandlerPlan& plan_;
    LaneHooks hooks_;
    std::deque<Item> queue_; ///< plain
    mesh::LaneSchedule schedule_;
    std::deque<Item> items_; ///< by slot
    mesh::TimePoint due_{};  ///< somebody is to look then
    std::uint32_t busy_ = 0;
    std::map<std::size_t, mesh::Volume> held_; ///< by stream
    /// The last event that was dealt with, of each stream and key.
    std::map<std::pair<std::size_t, std::string>, std::uint64_t> last_;
};

} // namespace simulator
