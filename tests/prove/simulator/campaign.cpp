#include "tests/prove/simulator/campaign.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

namespace simulator {

namespace {

constexpr std::size_t violations_kept_max = 10;

} // namespace

std::size_t Campaign::points_hit() const {
    return static_cast<std::size_t>(
        std::ranges::count_if(crashes, [](std::uint64_t count) { return count > 0; }));
}

Campaign play(std::uint64_t seeds, std::optional<mesh::TimePoint> until) {
    Campaign sum;
    std::vector<std::uint64_t> steps;
    std::mutex mutex;
    std::atomic<std::uint64_t> next{1};
    const auto work = [&] {
        for (auto seed = next++; seed <= seeds; seed = next++) {
            if (until && mesh::now() >= *until)
                return;
            const auto one = simulate(seed, {}, nullptr);
            const std::lock_guard lock(mutex);
            ++sum.seeds;
            steps.push_back(one.steps);
            sum.published += one.published;
            sum.dealt += one.dealt;
            sum.lost += one.lost;
            for (std::size_t i = 0; i < crash_point_count; ++i)
                sum.crashes[i] += one.crashes[i];
            if (one.violation.empty())
                continue;
            if (++sum.violations <= violations_kept_max)
                sum.first_violations.emplace_back(seed, one.violation);
        }
    };
    {
        std::vector<std::jthread> threads;
        for (auto count = std::max(1U, std::thread::hardware_concurrency()); count > 0; --count)
            threads.emplace_back(work);
    }
    std::ranges::sort(steps);
    sum.median_steps = steps.empty() ? 0 : steps[steps.size() / 2];
    return sum;
}

std::optional<std::pair<std::uint64_t, std::string>> first_caught(const Faults& faults,
                                                                  std::uint64_t seeds_max) {
    for (std::uint64_t seed = 1; seed <= seeds_max; ++seed)
        if (auto one = simulate(seed, faults, nullptr); !one.violation.empty())
            return std::pair{seed, std::move(one.violation)};
    return std::nullopt;
}

} // namespace simulator
