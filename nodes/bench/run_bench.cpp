#include "nodes/bench/run_bench.hpp"

#include "nodes/bench/idle.hpp"
#include "nodes/bench/match_row.hpp"

#include <array>
#include <chrono>

namespace nodes {

namespace {

using namespace std::chrono_literals;

constexpr std::array<std::string_view, 5> names{"throughput", "latency", "fanout", "mesh", "idle"};

/// Disorder is worse than loss: the level `fast` allows the one, nothing the other.
ExitCode judge(const MatchResult& result) {
    if (disordered_of(result) > 0)
        return ExitCode::finding;
    return lost_of(result) > 0 ? ExitCode::loss : ExitCode::done;
}

} // namespace

ExitCode run_benchmark(const BenchGround& ground, const BenchRequest& request, BenchReport& report,
                       Progress& progress) {
    check_bench_name(request.name, names);
    if (request.name == "idle") {
        progress.expect(1);
        progress.step("idle");
        const auto idle = measure_idle(ground, request.time.value_or(10s));
        progress.clear();
        report.row("idle: a node with one handler", row_of(idle));
        return ExitCode::done;
    }
    const auto matches = matches_of(request);
    for (const auto& match : matches)
        progress.expect(steps_of(ground, match, request.rounds));
    auto code = ExitCode::done;
    for (const auto& match : matches) {
        const auto results = run_match(ground, match, request.rounds, progress);
        progress.clear();
        for (const auto& result : results) {
            report.row(section_of(result), row_of(result));
            if (const auto judged = judge(result);
                code != ExitCode::finding && judged != ExitCode::done)
                code = judged;
        }
    }
    return code;
}

} // namespace nodes
