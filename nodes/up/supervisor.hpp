#pragma once

#include "mesh/base/time.hpp"
#include "nodes/cli/signals.hpp"
#include "nodes/up/direction.hpp"
#include "nodes/up/member.hpp"
#include "nodes/up/output.hpp"
#include "nodes/up/plan.hpp"
#include "nodes/up/report.hpp"
#include "nodes/up/up_options.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace nodes {

/// Runs planned processes: starts them turn by turn, each turn when those before it are ready,
/// restarts what may be restarted, and stops all in reverse, producers first, when there is a
/// reason to. One thread, one poll.
class Supervisor {
public:
    /// All but the plan must outlive it. With a `direction` it also does what is ordered, and goes
    /// on until the direction has ended.
    Supervisor(const UpOptions& options, std::vector<PlannedProcess> plan, Output& output,
               RunReport& report, StopSignals& signals, Direction* direction = nullptr);

    /// Returns when no process is left, with the exit code of the program.
    int run();

    /// Does to a process what was ordered, if that can be: who is told to start may run already.
    void carry_out(Direction::Act act, std::size_t index);

private:
    enum class Phase { starting, running, stopping };

    void wait();
    std::optional<int> take_signals();
    void note_exits();
    void note_exit(Member& member, const ExitStatus& status);
    void advance();

    void start_turns();
    bool start(Member& member);
    void restart_due();
    void judge_starts();

    void take_orders();
    void show() const;
    void order_start(Member& member);
    void order_stop(Member& member);
    void judge_ordered_stops();

    void begin_stop(const std::string& reason);
    void stop_turns();
    void fail(const std::string& what);

    bool is_over() const;
    bool is_turn_settled(std::size_t turn) const;
    bool has_ended(const std::string& service) const;
    std::string expected_by(const Member& member) const;
    std::optional<mesh::TimePoint> next_deadline() const;
    void say(const std::string& line);

    const UpOptions& options_;
    Output& output_;
    StopSignals& signals_;
    Direction* direction_;        ///< may be null
    std::vector<Member> members_; ///< in the order of the plan
    std::size_t turn_count_ = 0;

    mesh::TimePoint now_;
    Phase phase_ = Phase::starting;
    std::size_t next_turn_ = 0;
    std::optional<mesh::TimePoint> run_until_;
    std::optional<std::size_t> stopping_turn_;
    std::optional<mesh::TimePoint> kill_at_;
    int signal_count_ = 0;
    std::optional<std::string> failure_; ///< the first one
};

} // namespace nodes
