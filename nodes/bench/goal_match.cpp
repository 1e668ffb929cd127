#include "nodes/bench/goal_match.hpp"

#include "nodes/bench/match_row.hpp"
#include "nodes/bench/statistics.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace nodes {

namespace {

constexpr Contender ipc_inline{false, Transport::ipc, mesh::Level::reliable, true};
constexpr Contender ipc_lane{false, Transport::ipc, mesh::Level::reliable, false};
constexpr Contender tcp_inline{false, Transport::tcp, mesh::Level::reliable, true};
constexpr Contender tcp_lane{false, Transport::tcp, mesh::Level::reliable, false};

/// The ratio of one figure of the contender of that number.
MatchGoal ratio_goal(std::string measure, double limit, std::size_t number,
                     double Round::*figure = &Round::rate) {
    return {{std::move(measure), limit, figure == &Round::rate, "x"},
            [number, figure](const std::vector<MatchResult>& results) -> std::optional<double> {
                const auto all = ratios(results.at(number), figure);
                return all.empty() ? std::nullopt : std::optional(median_of(all));
            }};
}

/// How much later the handler of one contender has its events than that of another.
MatchGoal delay_goal(std::string measure, double limit, std::size_t later, std::size_t sooner) {
    return {{std::move(measure), limit, false, "us"},
            [later, sooner](const std::vector<MatchResult>& results) -> std::optional<double> {
                const auto one = figures(results.at(later).rounds, &Round::p50_us);
                const auto other = figures(results.at(sooner).rounds, &Round::p50_us);
                std::vector<double> delays;
                for (std::size_t i = 0; i < one.size(); ++i)
                    delays.push_back(one[i] - other[i]);
                return median_of(delays);
            }};
}

Match match_of(const char* bench, const char* bench_case, std::uint64_t size, mesh::Duration time,
               std::vector<Contender> contenders) {
    return {bench,
            {parse_bench_case(bench_case).value(), size, 0, time},
            std::move(contenders),
            ReferenceTransport::tcp};
}

GoalMatch latency_match(double rate, double p50_limit, mesh::Duration time) {
    auto match = match_of("latency", "1:1", 64, time, {ipc_inline, tcp_inline, ipc_lane, tcp_lane});
    match.load.rate = rate;
    match.reference_transport = ReferenceTransport::same;
    const auto at = fmt::format("at {:.0f}/s", rate);
    return {std::move(match),
            {ratio_goal("latency p50 " + at + ", inline, ipc", p50_limit, 0, &Round::p50_us),
             ratio_goal("latency p99 " + at + ", inline, ipc", 1.5, 0, &Round::p99_us),
             ratio_goal("latency p50 " + at + ", inline, tcp", p50_limit, 1, &Round::p50_us),
             ratio_goal("latency p99 " + at + ", inline, tcp", 1.5, 1, &Round::p99_us),
             delay_goal("a lane adds to p50 " + at + ", ipc", 10, 2, 0),
             delay_goal("a lane adds to p50 " + at + ", tcp", 10, 3, 1)}};
}

} // namespace

std::vector<GoalMatch> goal_matches(mesh::Duration time) {
    std::vector<GoalMatch> matches;
    matches.push_back(
        {match_of("throughput", "1:1", 64, time, {ipc_inline, tcp_inline, ipc_lane}),
         {ratio_goal("1:1, 64 B, inline, ipc*", 5.5, 0),
          ratio_goal("1:1, 64 B, inline, tcp", 4.5, 1), ratio_goal("1:1, 64 B, lane, ipc*", 4, 2),
          ratio_goal("processor time an event, ipc*", 0.25, 0, &Round::processor_us_per_event),
          ratio_goal("processor time an event, tcp", 0.25, 1, &Round::processor_us_per_event)}});
    const auto add = [&](const char* bench, const char* bench_case, std::uint64_t size,
                         const char* measure, double limit) {
        matches.push_back({match_of(bench, bench_case, size, time, {ipc_inline}),
                           {ratio_goal(measure, limit, 0)}});
    };
    add("throughput", "1:1", 16, "1:1, 16 B, inline, ipc*", 3);
    add("throughput", "1:1", 256, "1:1, 256 B, inline, ipc*", 3);
    add("throughput", "1:1", 1024, "1:1, 1 KiB, inline, ipc*", 3);
    add("throughput", "1:1", 16384, "1:1, 16 KiB, inline, ipc*", 1.5);
    add("throughput", "emitted", 64, "emitted, 64 B, inline, ipc*", 3);
    add("throughput", "topics:100", 64, "100 topics in turn, inline, ipc*", 3);
    add("fanout", "1:8", 64, "1:8, 64 B, inline, ipc*", 4.5);
    add("fanout", "1:8", 1024, "1:8, 1 KiB, inline, ipc*", 4);
    add("mesh", "mesh:8", 64, "8 nodes all to all, 64 B, inline, ipc*", 4);
    for (const auto& [rate, limit] :
         std::array<std::pair<double, double>, 3>{{{1e4, 1.1}, {1e5, 1.2}, {1e6, 1.2}}})
        matches.push_back(latency_match(rate, limit, time));
    return matches;
}

} // namespace nodes
