// Delivery under random faults and deaths: the product's pure code in virtual time, seed by seed.
// `./dev prove simulator`; docs/simulator.md says what is shown.

#include "mesh/base/quantity.hpp"
#include "tests/prove/simulator/campaign.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <iostream>
#include <limits>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace {

using simulator::Faults;

constexpr std::uint64_t seeds_default = 100'000;
constexpr std::uint64_t planted_seeds = 1'000;
constexpr std::uint64_t seeds_for_all_points = 2'000; // with fewer, some may be missed by chance
constexpr std::size_t trace_lines = 25;

constexpr const char* usage =
    "usage: ./dev prove simulator [--seeds N | --for D] [--plant NAME|all|none]\n"
    "                             [--seed S [--trace]]\n"
    "  --seeds N     so many random runs (100000)\n"
    "  --for D       as many as fit into this time, 30s for example\n"
    "  --plant NAME  break one rule, in 1000 seeds at most; `none` leaves the planted bugs out\n"
    "  --seed S      one run only; --trace prints every step of it\n";

struct Arguments {
    std::uint64_t seeds = seeds_default;
    std::optional<mesh::Duration> duration;
    std::optional<std::uint64_t> seed;
    std::string plant;
    bool has_trace = false;
};

std::optional<std::uint64_t> number_of(std::string_view text) {
    std::uint64_t value = 0;
    const auto* end = text.data() + text.size();
    const auto [at, error] = std::from_chars(text.data(), end, value);
    return error == std::errc{} && at == end && value > 0 ? std::optional(value) : std::nullopt;
}

std::optional<Arguments> read(const std::vector<std::string_view>& words) {
    Arguments made;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const auto value = i + 1 < words.size() ? words[i + 1] : std::string_view();
        if (words[i] == "--trace") {
            made.has_trace = true;
            continue;
        }
        if (words[i] == "--plant" && !value.empty()) {
            made.plant = value;
        } else if (words[i] == "--seeds" && number_of(value)) {
            made.seeds = *number_of(value);
        } else if (words[i] == "--seed" && number_of(value)) {
            made.seed = number_of(value);
        } else if (const auto duration = mesh::parse_duration(value);
                   words[i] == "--for" && duration) {
            made.duration = *duration;
            made.seeds = std::numeric_limits<std::uint64_t>::max() / 2;
        } else {
            return std::nullopt;
        }
        ++i;
    }
    return made;
}

std::vector<Faults> chosen(const std::string& plant) {
    auto faults = simulator::all_faults();
    if (!plant.empty() && plant != "all")
        std::erase_if(faults, [&](const Faults& one) { return one.name != plant; });
    return faults;
}

/// The last steps of a seed, and how to see the others.
void print_violation(std::uint64_t seed, const Faults& faults, const std::string& wrong) {
    std::ostringstream trace;
    simulator::simulate(seed, faults, &trace);
    std::vector<std::string> lines;
    std::istringstream all(trace.str());
    for (std::string line; std::getline(all, line);)
        lines.push_back(line);
    for (auto i = lines.size() - std::min(lines.size(), trace_lines); i < lines.size(); ++i)
        std::printf("    %s\n", lines[i].c_str());
    const auto plant =
        faults.name == "none" ? std::string() : " --plant " + std::string(faults.name);
    std::printf("seed %ju: %s\n    repeat with: ./dev prove simulator --seed %ju%s --trace\n",
                static_cast<std::uintmax_t>(seed), wrong.c_str(), static_cast<std::uintmax_t>(seed),
                plant.c_str());
}

int run_one(const Arguments& arguments, const Faults& faults) {
    const auto seed = *arguments.seed;
    const auto one = simulator::simulate(seed, faults, arguments.has_trace ? &std::cout : nullptr);
    if (!one.violation.empty())
        print_violation(seed, faults, one.violation);
    std::printf("seed=%ju violations=%d steps=%ju published=%ju handled=%ju lost=%ju\n",
                static_cast<std::uintmax_t>(seed), one.violation.empty() ? 0 : 1,
                static_cast<std::uintmax_t>(one.steps), static_cast<std::uintmax_t>(one.published),
                static_cast<std::uintmax_t>(one.dealt), static_cast<std::uintmax_t>(one.lost));
    return one.violation.empty() ? 0 : 1;
}

bool is_caught(const Faults& faults) {
    const auto caught = simulator::first_caught(faults, planted_seeds);
    if (caught)
        std::printf("  %-26s caught by seed %4ju: %s\n", std::string(faults.name).c_str(),
                    static_cast<std::uintmax_t>(caught->first), caught->second.c_str());
    else
        std::printf("  %-26s NOT caught within %ju seeds\n", std::string(faults.name).c_str(),
                    static_cast<std::uintmax_t>(planted_seeds));
    return caught.has_value();
}

void print(const simulator::Campaign& campaign, mesh::Duration took) {
    for (const auto& [seed, wrong] : campaign.first_violations)
        print_violation(seed, {}, wrong);
    std::printf("deaths at labelled points\n");
    for (std::size_t i = 0; i < simulator::crash_point_count; ++i)
        std::printf("  %-34s %10ju\n", std::string(simulator::crash_point_names[i]).c_str(),
                    static_cast<std::uintmax_t>(campaign.crashes[i]));
    std::printf("published=%ju handled=%ju lost=%ju took=%.1fs\n",
                static_cast<std::uintmax_t>(campaign.published),
                static_cast<std::uintmax_t>(campaign.dealt),
                static_cast<std::uintmax_t>(campaign.lost),
                std::chrono::duration<double>(took).count());
}

} // namespace

int main(int argc, char** argv) {
    const auto arguments = read({argv + 1, argv + argc});
    const bool has_plants = arguments && arguments->plant != "none";
    const auto faults = has_plants ? chosen(arguments->plant) : std::vector<Faults>{};
    if (!arguments || (has_plants && faults.empty())) {
        std::fputs(usage, stderr);
        for (const auto& one : simulator::all_faults())
            std::fprintf(stderr, "    %s\n", std::string(one.name).c_str());
        return 2;
    }
    const bool is_planted_only = has_plants && !arguments->plant.empty();
    if (arguments->seed)
        return run_one(*arguments, is_planted_only ? faults.front() : Faults{});
    simulator::Campaign campaign;
    if (!is_planted_only) {
        const auto began = mesh::now();
        const auto until =
            arguments->duration ? std::optional(began + *arguments->duration) : std::nullopt;
        campaign = simulator::play(arguments->seeds, until);
        print(campaign, mesh::now() - began);
    }
    if (!faults.empty())
        std::printf("planted bugs\n");
    const auto caught = static_cast<std::size_t>(
        std::ranges::count_if(faults, [](const auto& one) { return is_caught(one); }));
    const auto points = campaign.points_hit();
    std::printf("seeds=%ju violations=%ju median_steps=%ju crash_points=%zu/%zu planted=%zu/%zu\n",
                static_cast<std::uintmax_t>(campaign.seeds),
                static_cast<std::uintmax_t>(campaign.violations),
                static_cast<std::uintmax_t>(campaign.median_steps), points,
                simulator::crash_point_count, caught, faults.size());
    const bool misses_points =
        campaign.seeds >= seeds_for_all_points && points < simulator::crash_point_count;
    return campaign.violations == 0 && caught == faults.size() && !misses_points ? 0 : 1;
}
