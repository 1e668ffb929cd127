#include "nodes/bench/run_bench.hpp"

#include "nodes/bench/everything.hpp"
#include "nodes/bench/graph/graph_rows.hpp"
#include "nodes/bench/idle.hpp"
#include "nodes/bench/levels.hpp"
#include "nodes/bench/lines.hpp"
#include "nodes/bench/match_row.hpp"
#include "nodes/bench/meeting.hpp"
#include "nodes/bench/slow.hpp"

#include <chrono>
#include <iterator>

namespace nodes {

namespace {

using namespace std::chrono_literals;

/// Disorder is worse than loss: the level `fast` allows the one, nothing the other.
ExitCode judge(const MatchResult& result) {
    if (disordered_of(result) > 0)
        return ExitCode::finding;
    return lost_of(result) > 0 ? ExitCode::loss : ExitCode::done;
}

void run_idle(const BenchGround& ground, const BenchRequest& request, BenchReport& report,
              Progress& progress) {
    progress.expect(1);
    progress.step("idle");
    const auto idle = measure_idle(ground, request.time.value_or(10s));
    progress.clear();
    report.row("idle: a node with one handler", row_of(idle));
}

void run_discovery(const BenchGround& ground, const BenchRequest& request, BenchReport& report,
                   Progress& progress) {
    const auto counts = node_counts_of(request);
    progress.expect(counts.size() * request.rounds);
    for (const auto count : counts) {
        const auto milliseconds = measure_meeting(ground, count, request.rounds, progress);
        progress.clear();
        report.row("discovery: until all nodes, started together, know all others",
                   meeting_row(count, milliseconds));
    }
}

} // namespace

void BenchOutcome::add(std::vector<MatchResult> more) {
    for (const auto& result : more)
        if (const auto judged = judge(result);
            judged == ExitCode::finding || (judged == ExitCode::loss && code == ExitCode::done))
            code = judged;
    results.insert(results.end(), std::make_move_iterator(more.begin()),
                   std::make_move_iterator(more.end()));
}

BenchOutcome run_benchmark(const BenchGround& ground, const BenchRequest& request,
                           BenchReport& report, Progress& progress) {
    BenchOutcome outcome;
    if (request.name == "idle") {
        run_idle(ground, request, report, progress);
    } else if (request.name == "discovery") {
        run_discovery(ground, request, report, progress);
    } else if (request.name == "graph") {
        run_graph_rows(ground.signals, ground.reference, request.is_quick, report);
    } else if (request.name == "levels" || request.name == "slow") {
        StopSignals::exit_on_next(); // their processes end with this one
        const auto run = request.name == "levels" ? run_levels : run_slow;
        outcome.code = run(request.arguments, report) ? ExitCode::done : ExitCode::finding;
    } else if (request.name == "lines") {
        run_lines(ground, request.arguments, request.rounds, report, progress);
    } else if (request.name == "all") {
        outcome = run_everything(ground, request, report, progress);
    } else {
        const auto matches = matches_of(request);
        for (const auto& match : matches)
            progress.expect(steps_of(ground, match, request.rounds));
        for (const auto& match : matches)
            outcome.add(report_match(ground, match, request.rounds, report, progress));
    }
    return outcome;
}

std::vector<MatchResult> report_match(const BenchGround& ground, const Match& match,
                                      std::size_t rounds, BenchReport& report, Progress& progress) {
    auto results = run_match(ground, match, rounds, progress);
    progress.clear();
    std::vector<BenchRow> rows;
    rows.reserve(results.size());
    for (const auto& result : results)
        rows.push_back(row_of(result));
    report.rows(section_of(results.front()), rows);
    return results;
}

} // namespace nodes
