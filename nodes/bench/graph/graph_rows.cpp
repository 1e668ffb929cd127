#include "nodes/bench/graph/graph_rows.hpp"

#include "nodes/bench/graph/graph_contenders.hpp"
#include "nodes/bench/statistics.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <iterator>
#include <string>
#include <vector>

namespace nodes {

namespace {

using namespace std::chrono_literals;

/// With a cycle a run of tsort that takes longer is cut off; without one it is only a bound.
constexpr mesh::Duration cycle_patience = 120s;
constexpr mesh::Duration acyclic_patience = 600s;

BenchValue median_or_nothing(const std::vector<double>& values) {
    return values.empty() ? BenchValue() : median_of(values);
}

class GraphBench {
public:
    GraphBench(StopSignals& signals, const std::string& reference, bool is_quick,
               BenchReport& report)
        : contenders_(signals, reference), is_quick_(is_quick), report_(report) {}

    void run_all() {
        const std::size_t edges_max = is_quick_ ? 1'000'000 : 10'000'000;
        for (std::size_t edges = 10'000; edges <= edges_max; edges *= 10)
            for (const auto shape : {GraphShape::layered, GraphShape::power, GraphShape::chain})
                acyclic(shape, edges);
        for (std::size_t edges = 10'000; edges <= edges_max; edges *= 10)
            for (const auto shape : {GraphShape::layered, GraphShape::power, GraphShape::chain})
                phases(shape, edges);
        for (std::size_t edges = 10'000; edges <= edges_max; edges *= 10)
            for (const auto shape : {GraphShape::layered, GraphShape::power, GraphShape::chain})
                one_cycle(shape, edges);
        for (const auto shape : {GraphShape::layered, GraphShape::power, GraphShape::chain})
            live(shape);
        deep_and_wide();
    }

private:
    std::size_t rounds(std::size_t edges) const {
        if (edges >= 10'000'000)
            return 1; // tsort takes half a minute for each
        if (edges >= 1'000'000)
            return is_quick_ ? 3 : 5;
        return is_quick_ ? 5 : 15;
    }

    void acyclic(GraphShape shape, std::size_t edges) {
        const auto file = contenders_.graph(shape, edges, false);
        std::vector<double> ours_s;
        std::vector<double> tsort_s;
        std::vector<double> wall;
        std::vector<double> cpu;
        std::vector<double> boost;
        double tsort_mib = 0;
        double peak_mib = 0;
        contenders_.check(file, 0); // so that all of them find the file in memory
        for (std::size_t round = 0; round < rounds(edges); ++round) {
            const auto ours = contenders_.check(file, 0);
            ours_s.push_back(ours.wall_s);
            peak_mib = std::max(peak_mib, ours.peak_mib);
            if (!contenders_.has_reference())
                continue;
            const auto slow = contenders_.tsort(file, acyclic_patience);
            wall.push_back(slow.wall_s / ours.wall_s);
            cpu.push_back(slow.cpu_s / ours.cpu_s);
            tsort_s.push_back(slow.wall_s);
            tsort_mib = std::max(tsort_mib, slow.peak_mib);
            if (const auto other = contenders_.boost(file))
                boost.push_back(other->wall_s / ours.wall_s);
        }
        const bool has_tsort = !tsort_s.empty();
        row("Without a cycle: whole processes, text to verdict; best seconds, median ratios",
            {{"shape", name_of(shape)},
             {"edges", static_cast<double>(edges)},
             {"rounds", static_cast<double>(ours_s.size())},
             {"tsort_s", has_tsort ? BenchValue(std::ranges::min(tsort_s)) : BenchValue()},
             {"ours_s", std::ranges::min(ours_s)},
             {"tsort/ours", median_or_nothing(wall)},
             {"tsort/ours_cpu", median_or_nothing(cpu)},
             {"boost/ours", median_or_nothing(boost)},
             {"tsort_mib", has_tsort ? BenchValue(tsort_mib) : BenchValue()},
             {"ours_mib", peak_mib}});
    }

    void phases(GraphShape shape, std::size_t edges) {
        const auto file = contenders_.graph(shape, edges, false);
        std::array<std::vector<double>, 7> times; // of ours, and behind them of Boost.Graph
        for (std::size_t round = 0; round < std::min<std::size_t>(rounds(edges) * 2, 5); ++round) {
            auto numbers = contenders_.part({"phases", file});
            if (contenders_.has_reference())
                std::ranges::copy(contenders_.boost_phases(file), std::back_inserter(numbers));
            for (std::size_t i = 0; i < std::min(numbers.size(), times.size()); ++i)
                times[i].push_back(numbers[i]);
        }
        row("Phases within the process, median milliseconds; Boost.Graph on the same edges",
            {{"shape", name_of(shape)},
             {"edges", static_cast<double>(edges)},
             {"read", median_or_nothing(times[0])},
             {"build", median_or_nothing(times[1])},
             {"peel", median_or_nothing(times[2])},
             {"components", median_or_nothing(times[3])},
             {"boost_build", median_or_nothing(times[4])},
             {"boost_sort", median_or_nothing(times[5])},
             {"boost_components", median_or_nothing(times[6])}});
    }

    void one_cycle(GraphShape shape, std::size_t edges) {
        const auto without = contenders_.graph(shape, edges, false);
        const auto with = contenders_.graph(shape, edges, true);
        std::vector<double> ratios;
        std::vector<double> cpu_ratios;
        std::vector<double> walls;
        for (std::size_t round = 0; round < std::max<std::size_t>(rounds(edges), 3); ++round) {
            const auto before = contenders_.check(without, 0);
            const auto after = contenders_.check(with, 1);
            ratios.push_back(after.wall_s / before.wall_s);
            cpu_ratios.push_back(after.cpu_s / before.cpu_s);
            walls.push_back(after.wall_s);
        }
        BenchValue slow;
        BenchValue ratio;
        // tsort takes hours where it takes minutes for a tenth, and has no bound of its own.
        if (contenders_.has_reference() &&
            (edges <= 100'000 || (edges == 1'000'000 && shape == GraphShape::power))) {
            const auto tsort = contenders_.tsort(with, cycle_patience);
            slow = tsort.wall_s; // at least that, when it was cut off
            ratio = tsort.wall_s / median_of(walls);
        }
        row("With one cycle planted; tsort is cut off after 120 s",
            {{"shape", name_of(shape)},
             {"edges", static_cast<double>(edges)},
             {"ours_s", median_of(walls)},
             {"cycle/acyclic", median_of(ratios)},
             {"cycle/acyclic_cpu", median_of(cpu_ratios)},
             {"tsort_s", slow},
             {"tsort/ours", ratio}});
    }

    void live(GraphShape shape) {
        std::array<std::vector<double>, 5> times;
        for (int round = 0; round < (is_quick_ ? 3 : 7); ++round) {
            const auto numbers = contenders_.part({"live", name_of(shape)});
            for (std::size_t i = 0; i < times.size(); ++i)
                times[i].push_back(numbers.at(i));
        }
        const auto best = [](const std::vector<double>& all) { return std::ranges::min(all); };
        row("Live: one edge into 100,000 names (layered and power: 400,000 edges), "
            "microseconds, best of the rounds",
            {{"shape", name_of(shape)},
             {"insert_mean", best(times[0])},
             {"insert_p99", best(times[1])},
             {"insert_max", best(times[2])},
             {"refuse_mean", best(times[3])},
             {"refuse_p99", best(times[4])}});
    }

    void deep_and_wide() {
        const auto tell = [&](const std::string& what, const ProgramRun& result) {
            row("Deep and wide", {{"graph", what},
                                  {"exit_code", static_cast<double>(result.exit_code)},
                                  {"wall_s", result.wall_s},
                                  {"peak_mib", result.peak_mib}});
        };
        const auto check = [&](GraphShape shape, std::size_t edges, bool has_cycle) {
            return contenders_.check(contenders_.graph(shape, edges, has_cycle), has_cycle ? 1 : 0);
        };
        tell("chain of 1,000,000", check(GraphShape::chain, 1'000'000, false));
        tell("the same, closed", check(GraphShape::chain, 1'000'000, true));
        tell("star of 1,000,000", check(GraphShape::star, 1'000'000, false));
        tell("complete graph of 2,000", check(GraphShape::complete, 1'999'000, false));
        tell("the same and one edge back", check(GraphShape::complete, 1'999'000, true));
        for (const bool is_ring : {false, true}) {
            const auto file = contenders_.file(is_ring ? "ring.mesh.yaml" : "chain.mesh.yaml");
            write_chain_manifest(100'000, is_ring, file);
            tell(std::string("manifest, ") + (is_ring ? "ring" : "chain") + " of 100,000 handlers",
                 contenders_.check_manifest(file));
        }
    }

    void row(const std::string& section, BenchRow fields) {
        fields.insert(fields.begin(), {{"bench", "graph", true}, {"section", section, true}});
        report_.row(section, fields);
    }

    GraphContenders contenders_;
    bool is_quick_;
    BenchReport& report_;
};

} // namespace

void run_graph_rows(StopSignals& signals, const std::string& reference, bool is_quick,
                    BenchReport& report) {
    GraphBench(signals, reference, is_quick, report).run_all();
}

} // namespace nodes
