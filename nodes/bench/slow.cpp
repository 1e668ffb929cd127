#include "nodes/bench/slow.hpp"

#include "nodes/bench/bench_request.hpp"
#include "nodes/bench/slow_round.hpp"
#include "nodes/bench/statistics.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nodes {

namespace {

using mesh::Policy;

// What a publisher may use beside its log.
constexpr std::size_t beside_log_mib = 32;

constexpr std::array<std::pair<std::string_view, Policy>, 5> policies{{
    {"block", Policy::block},
    {"drop-oldest", Policy::drop_oldest},
    {"drop-newest", Policy::drop_newest},
    {"latest", Policy::latest},
    {"spill", Policy::spill},
}};

/// All rounds of one policy as one line. False when something was neither received nor told, or the
/// publisher needed more memory than it may. The rates are for reading: they depend on the machine.
bool run(BenchReport& report, std::string_view name, Policy policy, std::size_t rounds,
         std::uint64_t event_count) {
    std::vector<double> ratios;
    std::vector<double> solo_rates;
    std::vector<double> rates;
    std::int64_t memory_kib_max = 0;
    bool is_exact = true;
    Frozen last{};
    for (std::size_t i = 0; i < rounds; ++i) {
        const auto solo = run_slow_round(policy, Beside::nobody, event_count);
        const auto beside = run_slow_round(policy, Beside::frozen, event_count);
        if (!solo || !beside) {
            std::cerr << "dagmesh: " << name << ": round " << i + 1 << " did not come to an end\n";
            return false;
        }
        solo_rates.push_back(solo->rate);
        rates.push_back(beside->rate);
        ratios.push_back(beside->rate / solo->rate);
        memory_kib_max = std::max(memory_kib_max, beside->publisher_private_kib_max);
        last = beside->frozen;
        is_exact = is_exact && last.received + last.lost == last.published;
    }
    const bool keeps_all = policy == Policy::block || policy == Policy::spill;
    const bool is_kept = !keeps_all || last.lost == 0;
    const bool is_small =
        memory_kib_max <= static_cast<std::int64_t>(log_size_mib + beside_log_mib) * 1024;
    const auto ratio = spread_of(ratios);
    report.row("slow: the healthy one's rate beside a frozen one and alone, and what became of the "
               "frozen one's events",
               {{"bench", "slow", true},
                {"policy", std::string(name)},
                {"solo_rate", median_of(solo_rates)},
                {"beside_rate", median_of(rates)},
                {"ratio", ratio.median},
                {"ratio_min", ratio.min},
                {"ratio_max", ratio.max},
                {"frozen_published", static_cast<double>(last.published)},
                {"frozen_received", static_cast<double>(last.received)},
                {"frozen_told_lost", static_cast<double>(last.lost)},
                {"events_are", is_exact && is_kept ? "exact" : "not exact"},
                {"publisher_private_mib", static_cast<double>(memory_kib_max) / 1024},
                {"publisher_private_mib_max", static_cast<double>(log_size_mib + beside_log_mib)}});
    return is_exact && is_kept && is_small;
}

} // namespace

bool run_slow(const std::vector<std::string>& words, BenchReport& report) {
    const std::string_view only = words.empty() ? "all" : std::string_view(words[0]);
    std::vector<std::string_view> known{"all"};
    for (const auto& policy : policies)
        known.push_back(policy.first);
    check_bench_name(only, known);
    const std::size_t rounds = words.size() > 1 ? std::strtoul(words[1].c_str(), nullptr, 10) : 5;
    const std::uint64_t event_count =
        words.size() > 2 ? std::strtoull(words[2].c_str(), nullptr, 10) : 3'000'000;
    bool is_fine = true;
    for (const auto& [name, policy] : policies)
        if (only == "all" || only == name)
            is_fine = run(report, name, policy, rounds, event_count) && is_fine;
    return is_fine;
}

} // namespace nodes
