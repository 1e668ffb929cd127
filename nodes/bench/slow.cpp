#include "nodes/bench/slow.hpp"

#include "nodes/bench/slow_round.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
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

template <class Value>
Value median(std::vector<Value> values) {
    std::ranges::sort(values);
    return values[values.size() / 2];
}

/// All rounds of one policy as one line. False when something was neither received nor told, or the
/// publisher needed more memory than it may. The rates are for reading: they depend on the machine.
bool run(std::string_view name, Policy policy, std::size_t rounds, std::uint64_t event_count) {
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
            std::printf("slow: policy=%s round %zu did not come to an end\n", name.data(), i + 1);
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
    std::printf(
        "slow: policy=%s healthy/solo median=%.3f (min=%.3f max=%.3f) solo_events_s=%.0f "
        "beside_events_s=%.0f frozen: published=%llu received=%llu told_lost=%llu %s "
        "publisher_private_mib=%.0f (at most %zu + %zu%s)\n",
        name.data(), median(ratios), *std::ranges::min_element(ratios),
        *std::ranges::max_element(ratios), median(solo_rates), median(rates),
        static_cast<unsigned long long>(last.published),
        static_cast<unsigned long long>(last.received), static_cast<unsigned long long>(last.lost),
        is_exact && is_kept ? "exact" : "NOT EXACT", static_cast<double>(memory_kib_max) / 1024.0,
        log_size_mib, beside_log_mib, is_small ? "" : ": TOO MUCH");
    std::fflush(stdout);
    return is_exact && is_kept && is_small;
}

} // namespace

bool run_slow(const std::vector<std::string>& words) {
    const std::string_view only = words.empty() ? "all" : std::string_view(words[0]);
    const std::size_t rounds = words.size() > 1 ? std::strtoul(words[1].c_str(), nullptr, 10) : 5;
    const std::uint64_t event_count =
        words.size() > 2 ? std::strtoull(words[2].c_str(), nullptr, 10) : 3'000'000;
    bool is_fine = true;
    for (const auto& [name, policy] : policies)
        if (only == "all" || only == name)
            is_fine = run(name, policy, rounds, event_count) && is_fine;
    return is_fine;
}

} // namespace nodes
