#include "nodes/bench/everything.hpp"

#include "nodes/bench/crew.hpp"
#include "nodes/bench/goal_match.hpp"
#include "nodes/bench/idle.hpp"
#include "nodes/bench/meeting.hpp"
#include "nodes/bench/statistics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <utility>

namespace nodes {

namespace {

using namespace std::chrono_literals;

constexpr mesh::Duration idle_time = 10s;
constexpr double idle_mib_max = 6;
constexpr double idle_threads_max = 4;

// So that all of it takes less than ten minutes.
constexpr std::size_t meeting_rounds_max = 3;

/// How many nodes meet, and in how many milliseconds they should.
constexpr std::array<std::pair<std::size_t, double>, 4> meetings{
    {{8, 15}, {32, 80}, {64, 400}, {128, 2000}}};

class Everything {
public:
    Everything(const BenchGround& ground, const BenchRequest& request, BenchReport& report,
               Progress& progress)
        : ground_(ground), request_(request), report_(report), progress_(progress) {}

    BenchOutcome run() {
        const auto matches = goal_matches(request_.time.value_or(1s));
        for (const auto& match : matches)
            progress_.expect(steps_of(ground_, match.match, request_.rounds));
        progress_.expect(1 + meetings.size() * meeting_rounds());
        for (const auto& match : matches)
            run(match);
        idle();
        for (const auto& [nodes, limit] : meetings)
            meet(nodes, limit);
        report_.rows("goals: times the reference's, of the same round; * its transport is tcp",
                     rows_);
        return std::move(outcome_);
    }

private:
    std::size_t meeting_rounds() const {
        return std::min<std::size_t>(request_.rounds, meeting_rounds_max);
    }

    /// Goes on where something does not come to an end: the others count all the same.
    template <class Work>
    bool try_to(Work work) {
        try {
            work();
            return true;
        } catch (const BenchStopped&) {
            throw;
        } catch (const BenchUnfinished&) {
            progress_.clear();
            outcome_.code = ExitCode::timed_out;
            return false;
        }
    }

    void run(const GoalMatch& match) {
        std::vector<MatchResult> results;
        const bool is_done = try_to([&] {
            results = report_match(ground_, match.match, request_.rounds, report_, progress_);
        });
        for (const auto& goal : match.goals)
            rows_.push_back(row_of(goal.goal, is_done ? goal.value(results) : std::nullopt));
        outcome_.add(std::move(results));
    }

    void idle() {
        progress_.step("idle");
        std::optional<IdleNode> idle;
        try_to([&] { idle = measure_idle(ground_, idle_time); });
        const Goal memory{"private memory of an idle node", idle_mib_max, false, "MiB"};
        const Goal threads{"threads of an idle node", idle_threads_max, false, ""};
        rows_.push_back(row_of(memory, idle ? std::optional(idle->private_mib) : std::nullopt));
        rows_.push_back(row_of(threads, idle ? std::optional(idle->threads) : std::nullopt));
    }

    void meet(std::size_t node_count, double milliseconds_max) {
        std::optional<double> milliseconds;
        try_to([&] {
            milliseconds =
                median_of(measure_meeting(ground_, node_count, meeting_rounds(), progress_));
        });
        progress_.clear();
        const auto measure = fmt::format("all see all, {} nodes", node_count);
        rows_.push_back(row_of({measure, milliseconds_max, false, "ms"}, milliseconds));
    }

    const BenchGround& ground_;
    const BenchRequest& request_;
    BenchReport& report_;
    Progress& progress_;
    BenchOutcome outcome_;
    std::vector<BenchRow> rows_;
};

} // namespace

BenchOutcome run_everything(const BenchGround& ground, const BenchRequest& request,
                            BenchReport& report, Progress& progress) {
    return Everything(ground, request, report, progress).run();
}

} // namespace nodes
