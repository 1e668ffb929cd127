#include "tests/bench/graph/rows.hpp"

#include "tests/bench/graph/boost_graph.hpp"
#include "tests/bench/graph/generate.hpp"
#include "tests/bench/graph/process.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <sstream>
#include <stdexcept>
#include <unistd.h>

namespace bench {

volatile std::sig_atomic_t stop_asked = 0;

namespace {

using namespace std::chrono_literals;

/// With a cycle a run of tsort that takes longer is cut off, and the row says so; without one it is
/// only a bound.
constexpr auto cycle_patience = 120s;
constexpr auto patience = 600s;

/// Files for the time of the benchmark.
class Folder {
public:
    Folder() {
        auto name = (std::filesystem::temp_directory_path() / "bench-graph-XXXXXX").string();
        if (mkdtemp(name.data()) == nullptr)
            throw std::runtime_error("no temporary folder");
        path_ = name;
    }

    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    std::string file(const std::string& name) const { return path_ / name; }

private:
    std::filesystem::path path_;
};

Run run(const std::vector<std::string>& words, bool keeps_output = false) {
    auto result = bench::run(words, patience, keeps_output);
    if (stop_asked != 0)
        throw std::runtime_error("stopped");
    if (result.is_cut_off)
        throw std::runtime_error(words[0] + " took too long");
    return result;
}

/// Runs a part of this program in a process of its own, so that this one stays small.
Run run_self(std::vector<std::string> words, bool keeps_output) {
    words.insert(words.begin(), own_path());
    return run(words, keeps_output);
}

std::string program() {
    return std::filesystem::path(own_path()).parent_path() / "../../dagmesh";
}

Run check(const std::string& file, int expected_code) {
    const auto result = run({program(), "check", "--edges", file, "-q"});
    if (result.exit_code != expected_code)
        throw std::runtime_error("dagmesh check --edges exited with " +
                                 std::to_string(result.exit_code));
    return result;
}

std::vector<double> numbers_in(const std::string& text) {
    std::istringstream stream(text);
    std::vector<double> numbers;
    for (double one = 0; stream >> one;)
        numbers.push_back(one);
    return numbers;
}

class Bench {
public:
    Bench(bool is_quick, Report& report) : is_quick_(is_quick), report_(report) {}

    void run_all() {
        const std::size_t edges_max = is_quick_ ? 1'000'000 : 10'000'000;
        for (std::size_t edges = 10'000; edges <= edges_max; edges *= 10)
            for (const auto shape : {Shape::layered, Shape::power, Shape::chain})
                acyclic(shape, edges);
        for (std::size_t edges = 10'000; edges <= edges_max; edges *= 10)
            for (const auto shape : {Shape::layered, Shape::power, Shape::chain})
                phases(shape, edges);
        for (std::size_t edges = 10'000; edges <= edges_max; edges *= 10)
            for (const auto shape : {Shape::layered, Shape::power, Shape::chain})
                one_cycle(shape, edges);
        for (const auto shape : {Shape::layered, Shape::power, Shape::chain})
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

    /// The file of a graph; written once for all sections.
    std::string graph(Shape shape, std::size_t edges, bool has_cycle) {
        auto file = folder_.file(name_of(shape) + "-" + std::to_string(edges) +
                                 (has_cycle ? "-cycle" : ""));
        if (!std::filesystem::exists(file) &&
            run_self({"--generate", std::to_string(static_cast<int>(shape)), std::to_string(edges),
                      has_cycle ? "1" : "0", file},
                     false)
                    .exit_code != 0)
            throw std::runtime_error("cannot write " + file);
        return file;
    }

    void acyclic(Shape shape, std::size_t edges) {
        const auto file = graph(shape, edges, false);
        std::vector<Run> ours;
        std::vector<double> wall;
        std::vector<double> cpu;
        std::vector<double> boost;
        double tsort_s = 0;
        double tsort_mib = 0;
        double peak_mib = 0;
        check(file, 0); // so that all of them find the file in memory
        for (std::size_t round = 0; round < rounds(edges); ++round) {
            const auto slow = run({"tsort", file});
            const auto quick = check(file, 0);
            wall.push_back(slow.wall_s / quick.wall_s);
            cpu.push_back(slow.cpu_s / quick.cpu_s);
            if (has_boost_graph())
                boost.push_back(run_self({"--boost", file}, false).wall_s / quick.wall_s);
            ours.push_back(quick);
            tsort_s = tsort_s == 0 ? slow.wall_s : std::min(tsort_s, slow.wall_s);
            tsort_mib = std::max(tsort_mib, slow.peak_mib);
            peak_mib = std::max(peak_mib, quick.peak_mib);
        }
        const auto ours_s = std::ranges::min(ours, {}, &Run::wall_s).wall_s;
        report_.row(
            "Without a cycle: whole processes, text to verdict; best seconds, median ratios",
            {{"shape", name_of(shape)},
             {"edges", static_cast<double>(edges)},
             {"rounds", static_cast<double>(ours.size())},
             {"tsort_s", tsort_s},
             {"ours_s", ours_s},
             {"tsort/ours", median(wall)},
             {"tsort/ours_cpu", median(cpu)},
             {"boost/ours", boost.empty() ? Value("-") : median(boost)},
             {"tsort_mib", tsort_mib},
             {"ours_mib", peak_mib},
             {"ours/tsort_mib", peak_mib / tsort_mib}});
    }

    void phases(Shape shape, std::size_t edges) {
        const auto file = graph(shape, edges, false);
        std::array<std::vector<double>, 7> times;
        for (std::size_t round = 0; round < std::min<std::size_t>(rounds(edges) * 2, 5); ++round) {
            const auto numbers = numbers_in(run_self({"--phases", file}, true).output);
            for (std::size_t i = 0; i < times.size(); ++i)
                times[i].push_back(numbers.at(i));
        }
        report_.row("Phases within the process, median milliseconds; Boost.Graph on the same edges",
                    {{"shape", name_of(shape)},
                     {"edges", static_cast<double>(edges)},
                     {"read", median(times[0])},
                     {"build", median(times[1])},
                     {"peel", median(times[2])},
                     {"components", median(times[3])},
                     {"boost_build", median(times[4])},
                     {"boost_sort", median(times[5])},
                     {"boost_components", median(times[6])}});
    }

    void one_cycle(Shape shape, std::size_t edges) {
        const auto without = graph(shape, edges, false);
        const auto with = graph(shape, edges, true);
        std::vector<double> ratios;
        std::vector<double> cpu_ratios;
        std::vector<double> walls;
        for (std::size_t round = 0; round < std::max<std::size_t>(rounds(edges), 3); ++round) {
            const auto before = check(without, 0);
            const auto after = check(with, 1);
            ratios.push_back(after.wall_s / before.wall_s);
            cpu_ratios.push_back(after.cpu_s / before.cpu_s);
            walls.push_back(after.wall_s);
        }
        Value slow = "not run";
        Value ratio = "-";
        // tsort takes hours where it takes minutes for a tenth, and has no bound of its own.
        if (edges <= 100'000 || (edges == 1'000'000 && shape == Shape::power)) {
            const auto tsort = bench::run({"tsort", with}, cycle_patience);
            const auto times = tsort.wall_s / median(walls);
            slow = tsort.is_cut_off ? Value("> 120") : tsort.wall_s;
            ratio = tsort.is_cut_off
                        ? Value(std::string("> ") + std::to_string(static_cast<int>(times)))
                        : times;
        }
        report_.row("With one cycle planted", {{"shape", name_of(shape)},
                                               {"edges", static_cast<double>(edges)},
                                               {"ours_s", median(walls)},
                                               {"cycle/acyclic", median(ratios)},
                                               {"cycle/acyclic_cpu", median(cpu_ratios)},
                                               {"tsort_s", slow},
                                               {"tsort/ours", ratio}});
    }

    void live(Shape shape) {
        std::array<std::vector<double>, 5> times;
        for (int round = 0; round < (is_quick_ ? 3 : 7); ++round) {
            const auto numbers = numbers_in(run_self({"--live", name_of(shape)}, true).output);
            for (std::size_t i = 0; i < times.size(); ++i)
                times[i].push_back(numbers.at(i));
        }
        const auto best = [](const std::vector<double>& all) { return std::ranges::min(all); };
        report_.row("Live: one edge into 100,000 names (layered and power: 400,000 edges), "
                    "microseconds, best of the rounds",
                    {{"shape", name_of(shape)},
                     {"insert_mean", best(times[0])},
                     {"insert_p99", best(times[1])},
                     {"insert_max", best(times[2])},
                     {"refuse_mean", best(times[3])},
                     {"refuse_p99", best(times[4])}});
    }

    void deep_and_wide() {
        const auto row = [&](const std::string& what, const Run& result) {
            report_.row("Deep and wide", {{"graph", what},
                                          {"exit_code", static_cast<double>(result.exit_code)},
                                          {"wall_s", result.wall_s},
                                          {"peak_mib", result.peak_mib}});
        };
        row("chain of 1,000,000", check(graph(Shape::chain, 1'000'000, false), 0));
        row("the same, closed", check(graph(Shape::chain, 1'000'000, true), 1));
        row("star of 1,000,000", check(graph(Shape::star, 1'000'000, false), 0));
        row("complete graph of 2,000", check(graph(Shape::complete, 1'999'000, false), 0));
        row("the same and one edge back", check(graph(Shape::complete, 1'999'000, true), 1));
        for (const bool is_ring : {false, true}) {
            const auto file = folder_.file(is_ring ? "ring.mesh.yaml" : "chain.mesh.yaml");
            write_chain_manifest(100'000, is_ring, file);
            row(std::string("manifest, ") + (is_ring ? "ring" : "chain") + " of 100,000 handlers",
                run({program(), "check", file, "-q"}));
        }
    }

    bool is_quick_;
    Report& report_;
    Folder folder_;
};

} // namespace

void run_rows(bool is_quick, Report& report) {
    Bench(is_quick, report).run_all();
}

} // namespace bench
