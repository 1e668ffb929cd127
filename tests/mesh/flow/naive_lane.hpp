#pragma once

#include "mesh/flow/receiving/lane_schedule.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace tests {

/// What a lane has to do, said as plainly as possible: it looks at every event each time.
class NaiveLane {
public:
    explicit NaiveLane(mesh::LaneOptions options) : options_(options) {}

    void add(int name, std::string key, std::int32_t priority);

    /// The event to begin, and its attempt.
    std::optional<std::pair<int, std::uint32_t>> take(mesh::TimePoint now);

    void put_back(int name);
    void done(int name);
    void failed(int name, std::optional<mesh::TimePoint> due);
    void postpone(int name, mesh::TimePoint until);

    /// The names of what was dropped.
    std::vector<int> clear();

    std::optional<mesh::TimePoint> next_due() const;
    std::size_t waiting_count() const;

private:
    struct Event {
        int name = 0; ///< also its arrival
        std::string key;
        std::int32_t priority = 0;
        std::uint32_t attempts = 0;
        bool is_running = false;
        bool has_failed = false;
        mesh::TimePoint not_before{};
    };

    bool may_begin(const Event& event) const;
    bool is_before(const Event& a, const Event& b) const;
    void choose_turns();

    mesh::LaneOptions options_;
    std::map<int, Event> events_;
    std::map<std::string, int> turns_; ///< of each key with failures: the one to be tried again
    mesh::TimePoint now_{};
};

} // namespace tests
