// No false verdicts: random small graphs, each checked by the product and by brute force, which
// must agree on the verdict, on every witness, on the shortest cycle and on the smallest cut.

#include "tests/prove/graph/proof.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace {

using prove_graph::Plant;

struct Options {
    std::uint64_t seed = 1;
    std::uint64_t graphs = 100'000;
    std::string plant; ///< empty: none
};

/// A planted bug has to show within so many graphs.
constexpr std::uint64_t plant_graphs_max = 20'000;

/// So many violations are told one by one.
constexpr std::uint64_t told_max = 10;

int usage() {
    std::fprintf(stderr,
                 "usage: prove-graph [--graphs N] [--seed S] [--plant NAME|all]\n\nplants:\n");
    for (const auto& plant : prove_graph::plants())
        std::fprintf(stderr, "  %-24s %s\n", plant.name.data(), plant.what.data());
    return 2;
}

bool read_number(std::string_view text, std::uint64_t& into) {
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), into);
    return fault == std::errc{} && end == text.data() + text.size();
}

std::optional<Options> read_options(const std::vector<std::string>& words) {
    Options options;
    for (std::size_t i = 0; i + 1 < words.size(); i += 2) {
        const auto& value = words[i + 1];
        if (words[i] == "--plant")
            options.plant = value;
        else if (!(words[i] == "--seed" && read_number(value, options.seed)) &&
                 !(words[i] == "--graphs" && read_number(value, options.graphs)))
            return std::nullopt;
    }
    return words.size() % 2 == 0 ? std::optional(options) : std::nullopt;
}

void tell(std::uint64_t seed, const std::string& fault, const std::string& plant) {
    std::printf("seed %llu: %s\n  again: ./dev prove graph --seed %llu --graphs 1%s\n",
                static_cast<unsigned long long>(seed), fault.c_str(),
                static_cast<unsigned long long>(seed),
                plant.empty() ? "" : (" --plant " + plant).c_str());
}

int prove(const Options& options) {
    std::uint64_t cyclic = 0;
    std::uint64_t patterned = 0;
    std::uint64_t violations = 0;
    for (auto seed = options.seed; seed - options.seed < options.graphs; ++seed) {
        const auto outcome = prove_graph::prove_one(seed, nullptr);
        cyclic += outcome.is_cyclic ? 1 : 0;
        patterned += outcome.has_patterns ? 1 : 0;
        if (outcome.fault.empty())
            continue;
        if (++violations <= told_max)
            tell(seed, outcome.fault, {});
    }
    std::printf("graphs=%llu cyclic=%llu patterned=%llu violations=%llu\n",
                static_cast<unsigned long long>(options.graphs),
                static_cast<unsigned long long>(cyclic), static_cast<unsigned long long>(patterned),
                static_cast<unsigned long long>(violations));
    return violations == 0 ? 0 : 1;
}

/// Whether the proof sees the planted bug.
bool is_caught(const Plant& plant, const Options& options) {
    for (auto seed = options.seed; seed - options.seed < std::min(options.graphs, plant_graphs_max);
         ++seed) {
        const auto outcome = prove_graph::prove_one(seed, &plant);
        if (outcome.fault.empty())
            continue;
        std::printf("%s: caught after %llu graphs\n", plant.name.data(),
                    static_cast<unsigned long long>(seed - options.seed + 1));
        tell(seed, outcome.fault, std::string(plant.name));
        return true;
    }
    std::printf("%s: NOT CAUGHT\n", plant.name.data());
    return false;
}

int prove_plants(const Options& options) {
    std::size_t planted = 0;
    std::size_t caught = 0;
    for (const auto& plant : prove_graph::plants()) {
        if (options.plant != "all" && options.plant != plant.name)
            continue;
        ++planted;
        caught += is_caught(plant, options) ? 1 : 0;
    }
    if (planted == 0)
        return usage();
    std::printf("planted=%zu caught=%zu\n", planted, caught);
    return caught == planted ? 0 : 1;
}

} // namespace

int main(int argc, char** argv) {
    const auto options = read_options({argv + 1, argv + argc});
    if (!options)
        return usage();
    return options->plant.empty() ? prove(*options) : prove_plants(*options);
}
