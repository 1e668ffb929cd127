// The joining of nodes under random faults, and under every order of messages: the real admission
// code, in virtual time. `./dev prove joining`; docs/joining.md says what is shown.

#include "tests/mesh/peer/joining_exhaustive.hpp"
#include "tests/mesh/peer/joining_simulation.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace {

using joining_test::JoiningSimulation;

constexpr std::uint64_t seeds_default = 100'000;
constexpr std::uint64_t planted_seeds_default = 1'000;
constexpr std::size_t graphs_all = 100;

constexpr const char* usage =
    "usage: ./dev prove joining [--seeds N] [--plant NAME|all|none] [--seed S [--trace]]\n"
    "  --seeds N     random schedules (100000; 1000 for each planted bug at most)\n"
    "  --plant NAME  leave one rule of the protocol out; `none` leaves out the planted bugs\n"
    "  --seed S      one schedule only; --trace prints every step of it\n";

struct Arguments {
    std::optional<std::uint64_t> seeds;
    std::optional<std::uint64_t> seed;
    std::string plant;
    bool has_trace = false;
};

std::optional<Arguments> read(const std::vector<std::string_view>& words) {
    Arguments made;
    const auto number = [&](std::size_t i) -> std::optional<std::uint64_t> {
        std::uint64_t value = 0;
        if (i >= words.size())
            return std::nullopt;
        const auto* end = words[i].data() + words[i].size();
        const auto [at, error] = std::from_chars(words[i].data(), end, value);
        return error == std::errc{} && at == end && value > 0 ? std::optional(value) : std::nullopt;
    };
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (words[i] == "--trace")
            made.has_trace = true;
        else if (words[i] == "--plant" && i + 1 < words.size())
            made.plant = words[++i];
        else if (words[i] == "--seeds" && number(i + 1))
            made.seeds = number(++i);
        else if (words[i] == "--seed" && number(i + 1))
            made.seed = number(++i);
        else
            return std::nullopt;
    }
    return made;
}

std::string_view name_of(mesh::AdmissionFault fault) {
    for (const auto& [name, one] : mesh::admission_faults)
        if (one == fault)
            return name;
    return "none";
}

std::optional<std::string> violation_of(const JoiningSimulation::Options& options,
                                        JoiningSimulation::Happened& happened) {
    JoiningSimulation simulation(options);
    std::optional<std::string> wrong;
    try {
        simulation.run();
    } catch (const joining_test::Violation& violation) {
        wrong = violation.what();
    }
    happened = simulation.happened();
    return wrong;
}

void print_repeat(std::uint64_t seed, mesh::AdmissionFault fault, const std::string& wrong) {
    const auto plant = fault == mesh::AdmissionFault::none
                           ? std::string()
                           : " --plant " + std::string(name_of(fault));
    std::printf("seed %ju: %s\n    repeat with: ./dev prove joining --seed %ju%s --trace\n",
                static_cast<std::uintmax_t>(seed), wrong.c_str(), static_cast<std::uintmax_t>(seed),
                plant.c_str());
}

/// Runs the seeds without a planted bug and prints what happened in them. Returns the violations.
std::uint64_t run_seeds(std::uint64_t count) {
    JoiningSimulation::Happened sum;
    std::vector<std::uint64_t> steps;
    std::uint64_t violations = 0;
    mesh::Duration settling_max{};
    const auto began = mesh::now();
    auto told = began;
    for (std::uint64_t seed = 1; seed <= count; ++seed) {
        JoiningSimulation::Happened one;
        const auto wrong = violation_of({seed, mesh::AdmissionFault::none, nullptr}, one);
        if (wrong && ++violations <= 10)
            print_repeat(seed, mesh::AdmissionFault::none, *wrong);
        steps.push_back(one.steps);
        sum.messages += one.messages;
        sum.lost += one.lost;
        sum.admissions += one.admissions;
        sum.quarantines += one.quarantines;
        sum.readmissions += one.readmissions;
        sum.yields += one.yields;
        sum.refusals += one.refusals;
        sum.given_up += one.given_up;
        sum.starts += one.starts;
        sum.partitions += one.partitions;
        sum.emissions += one.emissions;
        settling_max = std::max(settling_max, one.settling);
        if (const auto now = mesh::now(); now - told > std::chrono::seconds(5)) {
            told = now;
            std::fprintf(stderr, "%ju of %ju seeds\n", static_cast<std::uintmax_t>(seed),
                         static_cast<std::uintmax_t>(count));
        }
    }
    std::ranges::sort(steps);
    const auto print = [](const char* what, std::uint64_t number) {
        std::printf("  %-34s %12ju\n", what, static_cast<std::uintmax_t>(number));
    };
    const auto ms = [](mesh::Duration duration) {
        return static_cast<std::uint64_t>(
            std::chrono::duration_cast<std::chrono::milliseconds>(duration).count());
    };
    std::printf("random schedules\n");
    print("seeds", count);
    print("steps a seed, median", steps[steps.size() / 2]);
    print("steps a seed, most", steps.back());
    print("starts", sum.starts);
    print("cuts of the network", sum.partitions);
    print("messages", sum.messages);
    print("of these lost", sum.lost);
    print("admitted", sum.admissions);
    print("of these again", sum.readmissions);
    print("quarantined on request", sum.quarantines);
    print("quarantined when they met", sum.yields);
    print("refused as a whole", sum.refusals);
    print("peers given up on", sum.given_up);
    print("events handled", sum.emissions);
    print("settled after the last fault, ms", ms(settling_max));
    print("took, ms", ms(mesh::now() - began));
    print("violations", violations);
    return violations;
}

/// Whether the planted bug shows within so many seeds.
bool is_caught(mesh::AdmissionFault fault, std::uint64_t seeds) {
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        JoiningSimulation::Happened happened;
        if (const auto wrong = violation_of({seed, fault, nullptr}, happened)) {
            std::printf("  %-20s caught by seed %4ju: %s\n", std::string(name_of(fault)).c_str(),
                        static_cast<std::uintmax_t>(seed), wrong->c_str());
            return true;
        }
    }
    std::printf("  %-20s NOT caught within %ju seeds\n", std::string(name_of(fault)).c_str(),
                static_cast<std::uintmax_t>(seeds));
    return false;
}

std::optional<std::vector<mesh::AdmissionFault>> planted(const std::string& plant) {
    std::vector<mesh::AdmissionFault> faults;
    for (const auto& [name, fault] : mesh::admission_faults)
        if (plant.empty() || plant == "all" || plant == name)
            faults.push_back(fault);
    if (faults.empty() && plant != "none")
        return std::nullopt;
    return faults;
}

int run_one(const Arguments& arguments, mesh::AdmissionFault fault) {
    JoiningSimulation::Happened happened;
    const auto wrong = violation_of(
        {*arguments.seed, fault, arguments.has_trace ? &std::cout : nullptr}, happened);
    if (wrong)
        print_repeat(*arguments.seed, fault, *wrong);
    std::printf("seeds=1 violations=%d caught=0/0\n", wrong ? 1 : 0);
    return wrong ? 1 : 0;
}

} // namespace

int main(int argc, char** argv) {
    const auto arguments = read({argv + 1, argv + argc});
    const auto faults = arguments ? planted(arguments->plant) : std::nullopt;
    if (!arguments || !faults) {
        std::fputs(usage, stderr);
        for (const auto& [name, fault] : mesh::admission_faults)
            std::fprintf(stderr, "    %s\n", std::string(name).c_str());
        return 2;
    }
    const bool is_planted_only = !arguments->plant.empty() && arguments->plant != "none";
    if (arguments->seed)
        return run_one(*arguments, is_planted_only ? faults->front() : mesh::AdmissionFault::none);
    std::uint64_t violations = 0;
    const auto seeds = is_planted_only ? 0 : arguments->seeds.value_or(seeds_default);
    if (!is_planted_only) {
        violations += joining_test::try_every_order(std::cout, graphs_all);
        violations += run_seeds(seeds);
    }
    if (!faults->empty())
        std::printf("planted bugs\n");
    std::uint64_t caught = 0;
    const auto planted_seeds =
        is_planted_only ? arguments->seeds.value_or(planted_seeds_default) : planted_seeds_default;
    for (const auto fault : *faults)
        caught += is_caught(fault, planted_seeds) ? 1 : 0;
    std::printf("seeds=%ju violations=%ju caught=%ju/%zu\n", static_cast<std::uintmax_t>(seeds),
                static_cast<std::uintmax_t>(violations), static_cast<std::uintmax_t>(caught),
                faults->size());
    return violations == 0 && caught == faults->size() ? 0 : 1;
}
